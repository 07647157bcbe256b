import type { Rule } from './rule.ts';
import { judgeRuling } from './ruling.ts';

/** INVALIDATE: an instance upholds a challenge. Spec: `spec/07-challenges.md`, rulings. */
export const judgeInvalidate: Rule<'INVALIDATE'> = (context, { entry, payload }) =>
  judgeRuling(context, entry, payload.body, 'uphold');
