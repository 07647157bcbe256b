import { dirname, resolve } from 'node:path';
import { readGiven, usage } from './given-files.ts';

/** A plan file as it is written, and the folder that its paths are taken from. Fails as a usage error for what is no JSON. */
export function givenPlan(path: string): { readonly value: never; readonly folder: string } {
  const text = readGiven(path).toString('utf8');
  try {
    // Judged by the library, which says what a plan may be.
    return { value: JSON.parse(text) as never, folder: dirname(resolve(path)) };
  } catch (error) {
    const [at = ''] = /line \d+ column \d+/.exec(error instanceof Error ? error.message : '') ?? [];
    throw usage(
      `the plan in ${path} is no JSON${at === '' ? '' : ` (${at})`}`,
      'Write such as {"tasks": 3, "parts": [{"skill": "total-half"}]}.',
    );
  }
}
