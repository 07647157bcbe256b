import type { Rule } from './rule.ts';
import { judgeRuling } from './ruling.ts';

/** DISMISS: an instance dismisses a challenge. Spec: `spec/07-challenges.md`, rulings. */
export const judgeDismiss: Rule<'DISMISS'> = (context, { entry, payload }) =>
  judgeRuling(context, entry, payload.body, 'dismiss');
