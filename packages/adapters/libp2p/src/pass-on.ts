import { type GossipSub, TopicValidatorResult } from '@libp2p/gossipsub';

/** Longest wait before an accepted message is passed on, ms. */
const WAIT_MS_MAX = 8;

/**
 * Has a gossipsub with `asyncValidation` pass accepted messages on, each after a short wait drawn at random. Peers that get one from its
 * sender would otherwise all send it to each other at the same moment; so who waits longest has heard it from the others, and sends
 * nothing. Throws when this gossipsub does not let messages be passed on later.
 */
export function passOnLater(gossip: GossipSub): void {
  const passing = gossip as unknown as {
    reportMessageValidationResult?(id: string, from: string, verdict: TopicValidatorResult): void;
  };
  const report = passing.reportMessageValidationResult?.bind(gossip);
  if (report === undefined) throw new Error('this version of gossipsub does not pass messages on later');
  gossip.addEventListener('gossipsub:message', ({ detail: { msgId, propagationSource } }) => {
    const pass = (): void => report(msgId, propagationSource.toString(), TopicValidatorResult.Accept);
    setTimeout(pass, Math.random() * WAIT_MS_MAX).unref();
  });
}
