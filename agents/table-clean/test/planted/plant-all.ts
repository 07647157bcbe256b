import { type Content, type Desk, type Planted, SeededChance } from '@canswarm/agent-testing';
import { deskFor, tableInput } from './desk.ts';
import { messyTable } from './messy-tables.ts';
import { PLANTS } from './wrong-results.ts';

const ROWS = 24;
const TABLES_SHARE = 8;
/** A kind that finds no place in so many tables has none anywhere. */
const TRIES_PER_PLANT = 40;

/**
 * Plants wrong results, the kinds in turn, in honest ones: some over the given tables, the others over messy tables made by chance.
 * The same seed plants the same.
 */
export async function plantAll(count: number, seed: number, tables: readonly Uint8Array[]): Promise<Planted> {
  const chance = new SeededChance(seed);
  const tallies = Object.keys(PLANTS).map((kind) => ({ kind, planted: 0, caught: 0 }));
  const cases: { readonly desk: Desk; readonly honest: Content }[] = [];
  const falseAlarms: string[] = [];
  const made = Math.max(4, Math.ceil(count / TABLES_SHARE));
  for (const table of [...tables, ...Array.from({ length: made }, () => messyTable(chance, chance.below(ROWS)))]) {
    const desk = await deskFor(tableInput(table));
    const honest = await desk.work();
    const { verdict, reasons } = await desk.judge(honest);
    if (verdict !== 'pass') falseAlarms.push(reasons.join('; '));
    cases.push({ desk, honest });
  }
  const missed: string[] = [];
  for (let planted = 0, tries = 0; planted < count && tries < count * TRIES_PER_PLANT; tries++) {
    const tally = tallies[tries % tallies.length];
    const { desk, honest } = chance.of(cases);
    const wrong = tally === undefined ? undefined : PLANTS[tally.kind]?.(honest, chance);
    if (tally === undefined || wrong === undefined || wrong === null) continue;
    planted += 1;
    tally.planted += 1;
    const { verdict } = await desk.judge(wrong);
    if (verdict === 'fail') tally.caught += 1;
    else missed.push(`${tally.kind}: ${JSON.stringify(wrong.value)}`);
  }
  return { tallies, honest: cases.length, falseAlarms, missed };
}
