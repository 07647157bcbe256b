import type { NeedDraft } from '@canswarm/node';
import { CREDIT } from 'canswarm';
import { QUOTE_SKILL, type QuoteTask } from './quote-skill.ts';

/** A need for a quote that pays at most two credits. */
export const quoteNeed = (task: QuoteTask, own: Partial<NeedDraft> = {}): NeedDraft => ({
  skill: QUOTE_SKILL,
  goal: null,
  inputs: [...task.inputs],
  acceptance: task.acceptance,
  trial: null,
  priceCap: 2 * CREDIT,
  tier: task.tier,
  seatFee: CREDIT / 10,
  scoring: { priceBps: 8_000, etaBps: 2_000, reputationBps: 0 },
  windows: { bidMs: 300, answerMs: 1_000, challengeMs: 2_000, leaseMs: 10_000 },
  deadlineMs: 90_000,
  class: 'quote',
  plan: null,
  auction: 'open',
  capSeal: null,
  ...own,
});
