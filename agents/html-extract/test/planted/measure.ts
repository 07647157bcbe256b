import { type Planted, seeded, type Tally, type Worked } from '@canswarm/agent-testing';
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

/** Plants `total` wrong results, as many of each kind, at places drawn by the seed, and counts those that the check catches. */
export async function measure(total: number, seed: number): Promise<readonly Tally[]> {
  const all = await honest();
  const draw = seeded(seed);
  const kinds = Object.entries(PLANTS);
  const each = Math.ceil(total / kinds.length);
  const table: Tally[] = [];
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
