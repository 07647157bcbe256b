import { type Page, questions } from '../support/pages.ts';
import { seeded } from '../support/seeded.ts';
import { reasonsAgainst, type Worked, work } from '../support/work.ts';
import { type Draft, draftOf, outputOf } from './draft.ts';
import { PLANTS, plant } from './plants.ts';

/** What became of the wrong results of one kind. */
export interface Measured {
  readonly kind: string;
  readonly planted: number;
  readonly caught: number;
}

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

/** Plants `total` wrong results, as many of each kind, at places drawn by the seed, and counts those that the check catches. */
export async function measure(total: number, seed: number): Promise<readonly Measured[]> {
  const all = await honest();
  const draw = seeded(seed);
  const kinds = Object.entries(PLANTS);
  const each = Math.ceil(total / kinds.length);
  const table: Measured[] = [];
  for (const [kind, lie] of kinds) {
    let planted = 0;
    let caught = 0;
    for (let tries = 0; planted < each && tries < each * 16; tries += 1) {
      const one = all[draw(all.length)];
      const wrong = one === undefined ? undefined : plant(one.draft, lie, draw);
      if (one === undefined || wrong === undefined) continue;
      planted += 1;
      if ((await reasonsAgainst(one.worked.input, wrong)).length > 0) caught += 1;
    }
    table.push({ kind, planted, caught });
  }
  return table;
}

/** Reasons against honest results, and against the same taken apart and written again: each is a false alarm. */
export async function falseAlarms(): Promise<readonly string[]> {
  const reasons: string[] = [];
  for (const { worked, draft } of await honest())
    for (const output of [worked.output, outputOf(draft)])
      reasons.push(...(await reasonsAgainst(worked.input, output)));
  return reasons;
}
