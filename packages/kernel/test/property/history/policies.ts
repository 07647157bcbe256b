import type { ToyRules } from '../../support/toy-policy.ts';

/** Policies that networks of histories have: most lives get through most of them. */
export const TOY_RULES: readonly [ToyRules, ...ToyRules[]] = [
  { name: 'open' },
  { name: 'citing', citing: true, tokens: 5 },
  { name: 'no gifts', deny: ['TRANSFER', 'YIELD', 'RENEW'] },
  { name: 'quiet', messages: 9 },
  { name: 'terse', bytes: 9_000 },
  { name: 'short', ofNeed: 7 },
  { name: 'closed', verifiersOnly: ['CHALLENGE', 'STAKE', 'CANCEL', 'CLAIM'] },
  { name: 'strict', citing: true, messages: 14, ofNeed: 12, deny: ['ESCROW'] },
];
