import { HireError } from '@canswarm/agent';
import type { AppliedEntry, Node } from '@canswarm/node';
import type { Did, NeedBody, NeedId } from '@canswarm/protocol';
import { REJECTION_SENTENCES } from '../audit/rejection-sentences.ts';

/** How long the log may take to have a need, ms. */
const APPLIED_MS = 30_000;

/**
 * Posts a need and waits until this node has it from the log: resolves with its id once it is accepted. Rejects with a HireError
 * `refused` that says by which rule and numbers it was not, or that the log does not take it for now.
 */
export async function postNeed(node: Node, requester: Did, body: NeedBody): Promise<NeedId> {
  const outcomes = new Map<string, HireError | null>();
  let look = (): void => undefined;
  const stop = node.listen({
    onApplied({ entry, outcome }) {
      const { envelope } = entry;
      if (envelope.payload.verb !== 'NEED' || envelope.payload.from !== requester) return;
      outcomes.set(envelope.id, outcome.accepted ? null : refused(outcome));
      look();
    },
  });
  try {
    const id = await node.postNeed(requester, body);
    const applied = new Promise<HireError | null>((resolve) => {
      look = () => {
        const outcome = outcomes.get(id);
        if (outcome !== undefined) resolve(outcome);
      };
      look();
    });
    const late = Promise.withResolvers<HireError>();
    const timer = setTimeout(() => late.resolve(unheard()), APPLIED_MS);
    const failed = await Promise.race([applied, late.promise]).finally(() => clearTimeout(timer));
    if (failed !== null) throw failed;
    return id;
  } finally {
    stop();
  }
}

function refused({ code, facts }: Extract<AppliedEntry['outcome'], { accepted: false }>): HireError {
  const numbers = Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`);
  return new HireError(
    'refused',
    `${REJECTION_SENTENCES[code]} (${code}: ${numbers.join(', ')})`,
    'Nothing was spent.',
  );
}

const unheard = (): HireError =>
  new HireError(
    'gone',
    `the log has not taken the need within ${APPLIED_MS / 1000} s`,
    'It may still come: look before you post again (canswarm need list), and at canswarm doctor.',
  );
