import type { NeedBody, NeedId } from '@canswarm/protocol';
import { CREDIT } from 'canswarm';
import { publishQuoteTask, QUOTE_SKILL, type QuoteTask } from './quote-skill.ts';
import type { VirtualWorld } from './virtual-network.ts';

const TEXT = 'The quick brown fox jumps over the lazy dog, and the dog sleeps on.';

/** A need for a quote that pays at most two credits. */
const quoteNeed = (task: QuoteTask, own: Partial<NeedBody> = {}): NeedBody => ({
  skill: QUOTE_SKILL,
  goal: null,
  inputs: [...task.inputs],
  acceptance: task.acceptance,
  priceCap: 2 * CREDIT,
  seatFee: CREDIT / 10,
  scoring: { priceBps: 8_000, etaBps: 2_000 },
  windows: { bidMs: 300, answerMs: 1_000, challengeMs: 2_000, leaseMs: 10_000 },
  deadlineMs: 90_000,
  class: 'quote',
  ...own,
});

/** Publishes a document and posts a need for a quote from it. */
export async function postQuote(
  world: VirtualWorld,
  {
    requester = 'requester',
    text = TEXT,
    body = {},
  }: { requester?: string; text?: string; body?: Partial<NeedBody> } = {},
): Promise<NeedId> {
  const { clock, content, crypto, network } = world;
  const { node, did } = network.person(requester);
  const task = await clock.settled(publishQuoteTask(text, content, crypto.sha256));
  return clock.settled(node.postNeed(did, quoteNeed(task, body)));
}
