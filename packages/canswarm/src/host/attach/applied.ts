import type { AppliedEntry, Node } from '@canswarm/node';
import type { Did } from '@canswarm/protocol';
import { REJECTION_SENTENCES } from '../../audit/rejection-sentences.ts';
import { HostError } from '../host-error.ts';

type Said = Parameters<Node['command']>[1];

/** How long the log may take to have an entry, ms. */
const APPLIED_MS = 30_000;

/**
 * Says a verb that goes to the log and waits until this node has it from there. Rejects with a HostError `refused` that says by which
 * rule it was not accepted, or that the log does not take it for now.
 */
export async function sayApplied(node: Node, did: Did, said: Said): Promise<void> {
  const outcomes = new Map<string, AppliedEntry['outcome']>();
  let look = (): void => undefined;
  const stop = node.listen({
    onApplied({ entry, outcome }) {
      if (entry.envelope.payload.from !== did) return;
      outcomes.set(entry.envelope.id, outcome);
      look();
    },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const id = await node.command(did, said);
    const outcome = await new Promise<AppliedEntry['outcome'] | null>((resolve) => {
      timer = setTimeout(() => resolve(null), APPLIED_MS);
      look = () => {
        const known = outcomes.get(id);
        if (known !== undefined) resolve(known);
      };
      look();
    });
    if (outcome?.accepted === true) return;
    if (outcome !== null)
      throw new HostError('refused', `${said.verb} is refused: ${REJECTION_SENTENCES[outcome.code]}`, '');
    const hint = 'It may still come. See: canswarm doctor; then attach again.';
    throw new HostError('refused', `the log has not taken ${said.verb} within ${APPLIED_MS / 1_000} s`, hint);
  } finally {
    clearTimeout(timer);
    stop();
  }
}
