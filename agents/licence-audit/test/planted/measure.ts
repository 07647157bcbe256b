import { type Planted, plantEach, SeededChance, seeded, type Worked } from '@canswarm/agent-testing';
import { hiddenLockfile, installed, installedPart, motley } from '../support/projects.ts';
import { reasonsAgainst, work } from '../support/work.ts';
import { PLANTS, plant } from './plants.ts';

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

/** Plants at least `count` wrong results, as many of each kind, at places drawn by the seed. */
export async function measure(count: number, seed: number): Promise<Pick<Planted, 'tallies' | 'missed'>> {
  const chance = new SeededChance(seed);
  return plantEach(count, chance, {
    kinds: PLANTS,
    honest: await honest(),
    plant: ({ output }, kind) => plant(output, kind, (below) => chance.below(below)),
    isCaught: async ({ input }, wrong) => (await reasonsAgainst(input, wrong)).length > 0,
  });
}

/** Judges honest results, and the same taken apart and written again: each reason is a false alarm. */
export async function judgeHonest(): Promise<Pick<Planted, 'honest' | 'falseAlarms'>> {
  const reasons: string[] = [];
  let judged = 0;
  const deny = { deny: ['GPL-3.0-only'] };
  const found = [
    await installed(deny),
    await hiddenLockfile(deny, ''),
    await hiddenLockfile(deny, 'node_modules/node'),
  ];
  const whole = await Promise.all(found.map(({ value, files }) => work(value, files)));
  for (const { input, output } of [...(await honest()), ...whole])
    for (const same of [output, plant(output, () => true, seeded(1)) ?? output]) {
      reasons.push(...(await reasonsAgainst(input, same)));
      judged += 1;
    }
  return { honest: judged, falseAlarms: reasons };
}
