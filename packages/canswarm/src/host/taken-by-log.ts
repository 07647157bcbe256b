import type { AppliedEntry, Keep, Node } from '@canswarm/node';
import type { Micro, NeedId } from '@canswarm/protocol';
import { REJECTION_SENTENCES } from '../audit/rejection-sentences.ts';
import { paidFor } from './fee-lacking.ts';
import { HostError } from './host-error.ts';
import { creditsText, factsText } from './refusal-text.ts';

/** How long the log may take to hold a need, ms. */
const LOG_MS = 15_000;

/** Makes of what a post is answered with what is durable before the need leaves. */
export type KeepAs<T> = (answerOf: (need: NeedId) => T) => Keep;

/**
 * Says a need and waits until this node has applied it. Rejects with a HostError `refused` when the law does not accept it, or
 * the log has not taken it in time.
 */
export async function takenByLog(node: Node, say: () => NeedId | Promise<NeedId>): Promise<NeedId> {
  const outcomes = new Map<string, AppliedEntry['outcome']>();
  const came = { check: (): void => undefined };
  const stop = node.listen({
    onApplied({ entry, outcome }) {
      if (entry.envelope.payload.verb !== 'NEED') return;
      outcomes.set(entry.envelope.id, outcome);
      came.check();
    },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const id = await paidFor(say());
    const outcome = await new Promise<AppliedEntry['outcome']>((resolve, reject) => {
      timer = setTimeout(() => {
        const hint = 'It may still come. See: canswarm need list, canswarm doctor';
        reject(new HostError('refused', `the log has not taken the need ${id} within ${LOG_MS} ms`, hint));
      }, LOG_MS);
      came.check = () => {
        const known = outcomes.get(id);
        if (known !== undefined) resolve(known);
      };
      came.check();
    });
    if (outcome.accepted) return id;
    const { free, priceCap, seatFees, logFees } = outcome.facts;
    if (
      outcome.code === 'funds_lacking' &&
      [free, priceCap, seatFees, logFees].every((fact) => typeof fact === 'number')
    )
      throw fundsLacking(Number(free), Number(priceCap) + Number(seatFees) + Number(logFees));
    const what = `the need is not accepted, ${outcome.code}: ${REJECTION_SENTENCES[outcome.code]}`;
    throw new HostError(
      'refused',
      `${what} (${factsText(outcome.code, outcome.facts)})`,
      'Nothing was taken into escrow.',
    );
  } finally {
    clearTimeout(timer);
    stop();
  }
}

function fundsLacking(free: Micro, escrow: Micro): HostError {
  const what = `${creditsText(escrow)} would go into escrow, and the requester has ${creditsText(free)} free`;
  const todo = 'Nothing was taken. Ask for less (--budget), or get credits: canswarm status says who has what.';
  return new HostError('refused', what, todo);
}
