import type { AppliedEntry, Node } from '@canswarm/node';
import { type Did, type EnvelopeId, type NeedId, ProtocolError, type Verb } from '@canswarm/protocol';
import { REJECTION_SENTENCES } from '../audit/rejection-sentences.ts';
import { paidFor } from './fee-lacking.ts';
import { HostError } from './host-error.ts';
import { factsText } from './refusal-text.ts';

type Said = Parameters<Node['command']>[1];

/** How long the log may take to have an entry, ms. */
const APPLIED_MS = 30_000;

/**
 * Says a verb that goes to the log and waits until this node has it from there; gives what it was applied as. Rejects with a HostError
 * `refused` that says by which rule it was not accepted, or that the log does not take it for now.
 */
export const sayApplied = (node: Node, did: Did, said: Said, thread: NeedId | null = null): Promise<AppliedEntry> =>
  appliedAs(node, did, said.verb, () => node.command(did, said, thread));

/** As `sayApplied`, of what `say` has a key of the node say. */
export async function appliedAs(
  node: Node,
  did: Did,
  verb: Verb,
  say: () => Promise<EnvelopeId>,
): Promise<AppliedEntry> {
  const came = new Map<string, AppliedEntry>();
  let look = (): void => undefined;
  const stop = node.listen({
    onApplied(applied) {
      const { payload, id } = applied.entry.envelope;
      if (payload.from !== did) return;
      came.set(id, applied);
      look();
    },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const id = await signed(verb, say);
    const applied = await new Promise<AppliedEntry | null>((resolve) => {
      timer = setTimeout(() => resolve(null), APPLIED_MS);
      look = () => {
        const known = came.get(id);
        if (known !== undefined) resolve(known);
      };
      look();
    });
    if (applied !== null) {
      const { outcome } = applied;
      if (outcome.accepted) return applied;
      const facts = factsText(outcome.code, outcome.facts);
      const next =
        outcome.code === 'funds_lacking' || outcome.code === 'fee_lacking'
          ? `. Send it some first: canswarm pay send KEY ${did}`
          : '';
      const what = `${verb} is refused: ${REJECTION_SENTENCES[outcome.code]}`;
      throw new HostError('refused', what, `${facts}${next}`);
    }
    const hint = `${id} may still come, and what is said again takes effect again. Look for it first: canswarm explain ${id}; canswarm doctor`;
    throw new HostError('refused', `the log has not taken ${verb} within ${APPLIED_MS / 1_000} s`, hint);
  } finally {
    clearTimeout(timer);
    stop();
  }
}

/** The id under which it is on its way. What has not the form of its verb is refused here: no peer would take it. */
export async function signed<T extends EnvelopeId | null>(verb: Verb, say: () => Promise<T>): Promise<T> {
  try {
    return await paidFor(say());
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const hint = 'Is every key and id in it spelled as it was shown?';
    throw new HostError('refused', `${verb} cannot be said: ${error.message}`, hint, { cause: error });
  }
}
