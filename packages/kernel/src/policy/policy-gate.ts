import { payloadLength, type VerifiedEntry } from '@canswarm/protocol';
import { type Context, type Rejection, reject } from '../context.ts';
import type { State } from '../state.ts';
import type { PolicyAnswer } from './network-policy.ts';
import { type PolicyQuestion, policyInput } from './policy-input.ts';

/** Reasons that a rejection shows; the entry and the state give all of them again. */
const REASONS_SHOWN = 4;

/** Asks the policy of the present epoch; null where there is none. */
export function askPolicy(state: State, question: PolicyQuestion): PolicyAnswer | null {
  if (state.policy === null) return null;
  const { cid: capsule, decide } = state.policy.present;
  const input = policyInput(state, question);
  return { capsule, input, decision: decide(input) };
}

/** What the law asks about an entry. */
export const lawQuestion = ({ envelope }: VerifiedEntry): PolicyQuestion => ({
  payload: envelope.payload,
  bytes: payloadLength(envelope),
  gate: 'law',
  id: envelope.id,
});

/**
 * The gate that every entry passes which all else lets through: 12 policy_denied. It is the last, since an evaluation costs more than any
 * rule: nobody has all nodes do one for what they refuse anyway, for nothing. Source: `spec/03-kernel.md`, common preconditions.
 */
export function judgeGate(context: Context, entry: VerifiedEntry): Rejection | null {
  const answer = askPolicy(context.state, lawQuestion(entry));
  if (answer === null) return null;
  context.answer = answer;
  return answer.decision.allow ? null : reject('policy_denied', denialFacts(answer));
}

/** What a denial was judged by: the capsule, the first reason, and the first few as JSON text. */
function denialFacts({ capsule, decision: { reasons, gasUsed } }: PolicyAnswer): Rejection['facts'] {
  const [first] = reasons;
  return {
    capsule,
    rule: first?.rule ?? null,
    code: first?.code ?? null,
    reasons: JSON.stringify(reasons.slice(0, REASONS_SHOWN)),
    gasUsed,
  };
}
