import { type Content, type Desk, type Planted, plantEach, SeededChance } from '@canswarm/agent-testing';
import { deskFor } from './desk.ts';
import { madeTables } from './made-tables.ts';
import { PLANTS } from './wrong-results.ts';

const ROWS = 24;
const TABLES_SHARE = 8;

/**
 * Plants wrong results, as many of each kind, in honest ones: some over the given inputs, the others over tables made by chance. The same
 * seed plants the same.
 */
export async function plantAll(count: number, seed: number, inputs: readonly Content[]): Promise<Planted> {
  const chance = new SeededChance(seed);
  const cases: { readonly desk: Desk; readonly honest: Content }[] = [];
  const falseAlarms: string[] = [];
  const made = Math.max(4, Math.ceil(count / TABLES_SHARE));
  for (const input of [...inputs, ...Array.from({ length: made }, () => madeTables(chance, ROWS))]) {
    const desk = await deskFor(input);
    const honest = await desk.work();
    const { verdict, reasons } = await desk.judge(honest);
    if (verdict !== 'pass') falseAlarms.push(reasons.join('; '));
    cases.push({ desk, honest });
  }
  const found = await plantEach(count, chance, {
    kinds: PLANTS,
    honest: cases,
    plant: ({ honest }, kind) => kind(honest, chance),
    isCaught: async ({ desk }, wrong) => (await desk.judge(wrong)).verdict === 'fail',
  });
  return { ...found, honest: cases.length, falseAlarms };
}
