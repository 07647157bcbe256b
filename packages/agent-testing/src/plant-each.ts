import type { JsonValue } from '@canswarm/ports';
import { SeededChance } from './chance.ts';
import type { Planted, Tally } from './tell-planted.ts';
import type { Content, Desk } from './workshop.ts';

/** A kind that finds no place in so many results has none anywhere. */
const TRIES_PER_PLANT = 40;

/** Ways to make honest results wrong, and who is to notice it. */
export interface Planting<Honest, Wrong extends { readonly value: JsonValue }, Kind> {
  /** By name. */
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly honest: readonly Honest[];
  /** An honest result made wrong in one way; nothing where it offers no place for that. */
  plant(honest: Honest, kind: Kind): Wrong | null | undefined;
  isCaught(honest: Honest, wrong: Wrong): Promise<boolean>;
}

/** Plants at least `count` wrong results, as many of each kind, in honest ones drawn by chance. The same chance plants the same. */
export async function plantEach<Honest, Wrong extends { readonly value: JsonValue }, Kind>(
  count: number,
  chance: SeededChance,
  { kinds, honest, plant, isCaught }: Planting<Honest, Wrong, Kind>,
): Promise<Pick<Planted, 'tallies' | 'missed'>> {
  const each = Math.ceil(count / Object.keys(kinds).length);
  const tallies: Tally[] = [];
  const missed: string[] = [];
  for (const [name, kind] of Object.entries(kinds)) {
    let [planted, caught] = [0, 0];
    for (let tries = 0; planted < each && tries < each * TRIES_PER_PLANT; tries += 1) {
      const one = chance.of(honest);
      const wrong = plant(one, kind) ?? null;
      if (wrong === null) continue;
      planted += 1;
      if (await isCaught(one, wrong)) caught += 1;
      else missed.push(`${name}: ${JSON.stringify(wrong.value)}`);
    }
    tallies.push({ kind: name, planted, caught });
  }
  return { tallies, missed };
}

/** At least so many inputs are made by chance, and one for so many wrong results. */
const MADE_MIN = 4;
const MADE_SHARE = 8;

/** What wrong results are planted over, and how. */
export interface DeskPlanting {
  /** Inputs that are there. */
  readonly given: readonly Content[];
  /** One more, made by chance. */
  make(chance: SeededChance): Content;
  deskFor(input: Content): Promise<Desk>;
  readonly kinds: Readonly<Record<string, (honest: Content, chance: SeededChance) => Content | null>>;
}

/** Judges the honest results of inputs that are given and of inputs made by chance, and plants in all of them. The same seed plants the same. */
export async function plantOnDesks(
  count: number,
  seed: number,
  { given, make, deskFor, kinds }: DeskPlanting,
): Promise<Planted> {
  const chance = new SeededChance(seed);
  const cases: { readonly desk: Desk; readonly honest: Content }[] = [];
  const falseAlarms: string[] = [];
  const made = Array.from({ length: Math.max(MADE_MIN, Math.ceil(count / MADE_SHARE)) }, () => make(chance));
  for (const input of [...given, ...made]) {
    const desk = await deskFor(input);
    const honest = await desk.work();
    const { verdict, reasons } = await desk.judge(honest);
    if (verdict !== 'pass') falseAlarms.push(reasons.join('; '));
    cases.push({ desk, honest });
  }
  const found = await plantEach(count, chance, {
    kinds,
    honest: cases,
    plant: ({ honest }, kind) => kind(honest, chance),
    isCaught: async ({ desk }, wrong) => (await desk.judge(wrong)).verdict === 'fail',
  });
  return { ...found, honest: cases.length, falseAlarms };
}
