import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fencesOf, type Plan, planOf } from './blocks.ts';
import { ROOT } from './world.ts';

export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly plan: Plan;
}

export const TUTORIAL = 'docs/tutorial.md';

/** Pages of which every sample is run, beside the tutorial. */
export const pages = (): readonly Page[] => [
  ...['packages/agent/README.md', 'packages/canswarm/README.md'].map(pageAt),
  ...readdirSync(join(ROOT, 'docs/how-to'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => pageAt(`docs/how-to/${name}`)),
];

export const pageAt = (path: string): Page => ({
  path,
  plan: planOf(fencesOf(readFileSync(join(ROOT, path), 'utf8'))),
});
