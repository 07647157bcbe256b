import { type Planted, plantEach, SeededChance, type Worked } from '@canswarm/agent-testing';
import { others, type Page, questions } from '../support/pages.ts';
import { reasonsAgainst, work } from '../support/work.ts';
import { type Draft, draftOf, outputOf } from './draft.ts';
import { PLANTS, plant } from './plants.ts';

interface Honest {
  readonly worked: Worked;
  readonly draft: Draft;
}

/** Which columns a request asks for as numbers. */
export function numbersOf(value: Page['value']): readonly boolean[] {
  const { fields = [] } = value as { readonly fields?: readonly { readonly type?: string }[] };
  return fields.map(({ type }) => type === 'integer' || type === 'decimal');
}

const honest = (): Promise<readonly Honest[]> =>
  Promise.all(
    questions().map(async ({ value, files }) => {
      const worked = await work(value, files);
      return { worked, draft: await draftOf(worked.output, numbersOf(value)) };
    }),
  );

/** Plants at least `count` wrong results, as many of each kind, at places drawn by the seed. */
export async function measure(count: number, seed: number): Promise<Pick<Planted, 'tallies' | 'missed'>> {
  const chance = new SeededChance(seed);
  return plantEach(count, chance, {
    kinds: PLANTS,
    honest: await honest(),
    plant: ({ draft }, kind) => plant(draft, kind, (below) => chance.below(below)),
    isCaught: async ({ worked }, wrong) => (await reasonsAgainst(worked.input, wrong)).length > 0,
  });
}

/** Judges honest results, and the same taken apart and written again: each reason is a false alarm. */
export async function judgeHonest(): Promise<Pick<Planted, 'honest' | 'falseAlarms'>> {
  const reasons: string[] = [];
  let judged = 0;
  for (const { worked, draft } of await honest())
    for (const output of [worked.output, outputOf(draft)]) {
      reasons.push(...(await reasonsAgainst(worked.input, output)));
      judged += 1;
    }
  for (const { value, files } of others()) {
    const { input, output } = await work(value, files);
    reasons.push(...(await reasonsAgainst(input, output)));
    judged += 1;
  }
  return { honest: judged, falseAlarms: reasons };
}
