import type { NeedDraft } from '@canswarm/node';
import type { Micro } from '@canswarm/protocol';
import { CREDIT } from 'canswarm';
import type { NeedKind } from '../plan.ts';
import { QUOTE_SKILL, type QuoteTask } from './quote-skill.ts';

const TASKS = 3;
/** The most that is paid where the cap is sealed. */
const SEALED_CAP = (5 * CREDIT) / 4;

/** The tier of a kind: votes are sealed where different implementations judge. */
export const tierOf = (kind: NeedKind): number => (kind === 'sealed votes' ? 4 : 2);

/** What of a need makes it one of a kind, and the cap that it seals. */
export function needOfKind(
  kind: NeedKind,
  { acceptance, tier }: QuoteTask,
): { readonly body: Partial<NeedDraft>; readonly mostPaid: Micro | null } {
  switch (kind) {
    case 'plain':
    case 'sealed votes':
      return { body: {}, mostPaid: null };
    case 'sealed bids':
      return { body: { auction: 'sealed' }, mostPaid: SEALED_CAP };
    case 'divided':
      return { body: { plan: { tasks: TASKS, parts: [{ skill: QUOTE_SKILL, acceptance, tier }] } }, mostPaid: null };
  }
}

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
