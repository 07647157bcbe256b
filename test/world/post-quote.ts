import type { Micro, NeedBody, NeedId } from '@canswarm/protocol';
import { publishQuoteTask, quoteNeed, type World } from '@canswarm/simulator';

const TEXT = 'The quick brown fox jumps over the lazy dog, and the dog sleeps on.';

/** Publishes a document and posts a need for a quote from it. */
export async function postQuote(
  world: World,
  {
    requester = 'requester',
    text = TEXT,
    body = {},
    mostPaid = null,
  }: { requester?: string; text?: string; body?: Partial<NeedBody>; mostPaid?: Micro | null } = {},
): Promise<NeedId> {
  const { clock, content, crypto, network } = world;
  const { node, did } = network.person(requester);
  const task = await clock.settled(publishQuoteTask(text, content, crypto.sha256, body.tier));
  return clock.settled(node.postNeed(did, quoteNeed(task, body), null, mostPaid));
}
