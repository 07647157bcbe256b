import type { Skill } from '@canswarm/ports';
import { claimsOf } from '../brief/claim.ts';
import type { Extract } from '../extract.ts';
import { type Answer, executeBrief } from './execute-brief.ts';

/** Answers by what an extractor picks. */
export function answerBy(extract: Extract): Answer {
  return async ({ params, corpus, documents }) => {
    const { statements } = await extract({ ...params, documents });
    return await claimsOf(statements, (path) => corpus.document(path));
  };
}

/** A worker's engine that runs an extractor. */
export function extractor(name: string, extract: Extract): Skill {
  return { execute: (task, context) => executeBrief(name, answerBy(extract), task, context) };
}
