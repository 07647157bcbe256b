import { installedPart, motley } from '../support/projects.ts';
import { seeded } from '../support/seeded.ts';
import { reasonsAgainst, type Worked, work } from '../support/work.ts';
import { PLANTS, plant } from './plants.ts';

/** What became of the wrong results of one kind. */
export interface Measured {
  readonly kind: string;
  readonly planted: number;
  readonly caught: number;
}

/** Honest audits to make wrong: one that has everything, and parts of what is installed here. */
async function honest(): Promise<readonly Worked[]> {
  const projects = [
    motley(),
    { ...motley(), value: { deny: ['Apache-2.0'], production: true } },
    await installedPart({ allow: ['MIT', 'ISC'] }, (path) => /\/(vi|ty|h|f|@libp2p\/i)[^/]*$/.test(path)),
    await installedPart({ deny: ['BSD-2-Clause', 'nothing'] }, (path) => /\/(e|n|p|s)[^/]*$/.test(path)),
  ];
  return Promise.all(projects.map(({ value, files }) => work(value, files)));
}

/** Plants `total` wrong results, as many of each kind, at places drawn by the seed, and counts those that the check catches. */
export async function measure(total: number, seed: number): Promise<readonly Measured[]> {
  const audits = await honest();
  const draw = seeded(seed);
  const kinds = Object.entries(PLANTS);
  const each = Math.ceil(total / kinds.length);
  const table: Measured[] = [];
  for (const [kind, lie] of kinds) {
    let planted = 0;
    let caught = 0;
    for (let tries = 0; planted < each && tries < each * 8; tries += 1) {
      const audit = audits[draw(audits.length)];
      const wrong = audit === undefined ? undefined : plant(audit.output, lie, draw);
      if (audit === undefined || wrong === undefined) continue;
      planted += 1;
      if ((await reasonsAgainst(audit.input, wrong)).length > 0) caught += 1;
    }
    table.push({ kind, planted, caught });
  }
  return table;
}

/** Reasons against honest results, and against the same taken apart and written again: each is a false alarm. */
export async function falseAlarms(): Promise<readonly string[]> {
  const reasons: string[] = [];
  for (const { input, output } of await honest())
    for (const same of [output, plant(output, () => true, seeded(1)) ?? output])
      reasons.push(...(await reasonsAgainst(input, same)));
  return reasons;
}
