import type { Skill } from '@canswarm/ports';
import { utf8Length } from '@canswarm/protocol';
import type { Claim } from '../brief/claim.ts';
import { type Answer, executeBrief } from './execute-brief.ts';

/*
 * Dishonest engines, for showing that dishonesty does not pay. They do real work except where they cheat.
 */

/** A worker that answers honestly but for one quote, whose words it alters. */
export function liar(name: string, honest: Answer): Skill {
  const answer: Answer = async (task) => {
    const [first, ...rest] = await honest(task);
    return first === undefined ? [] : [altered(first), ...rest];
  };
  return { execute: (task, context) => executeBrief(name, answer, task, context) };
}

const WORD = /[A-Za-z]{4,}/;

/** The claim with one word exchanged, consistent in itself: only the document shows that it is false. */
function altered(claim: Claim): Claim {
  const word = WORD.exec(claim.quote)?.[0];
  const other = word?.toLowerCase() === 'never' ? 'always' : 'never';
  const quote = word === undefined ? `never ${claim.quote}` : claim.quote.replace(word, other);
  return { ...claim, quote, byteEnd: claim.byteStart + utf8Length(quote) };
}

/** A seat that passes whatever it is shown, without reading it. */
export const lazy: Skill = {
  evaluate: async () => ({ verdict: 'pass', reasons: [] }),
};

/** A worker that wins and does nothing until it is told to stop. */
export const stall: Skill = {
  execute: (_task, { signal }) =>
    new Promise((_, reject) => {
      const stop = (): void => reject(signal.reason);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    }),
};
