import { type PolicyDecision, payloadLength, type VerifiedEntry } from '@canswarm/protocol';
import { type Context, type Effect, type Rejection, reject } from '../context.ts';
import type { State } from '../state.ts';
import { type PolicyQuestion, policyInput } from './policy-input.ts';

/** Reasons that a rejection shows; the entry and the state give all of them again. */
const REASONS_SHOWN = 4;

/** What a policy said about an envelope. */
export interface PolicyAnswer {
  readonly input: Uint8Array;
  readonly decision: PolicyDecision;
}

/** Asks the policy of the present epoch; null where there is none. */
export function askPolicy(state: State, question: PolicyQuestion): PolicyAnswer | null {
  if (state.policy === null) return null;
  const input = policyInput(state, question);
  return { input, decision: state.policy.present.decide(input) };
}

/** What the law asks about an entry. */
export const lawQuestion = ({ envelope }: VerifiedEntry): PolicyQuestion => ({
  payload: envelope.payload,
  bytes: payloadLength(envelope),
  gate: 'law',
});

/**
 * The gate that every entry passes: 11 policy_denied, and only then the rule of its verb. No other way leads to a rule.
 * Source: `spec/03-kernel.md`, common preconditions.
 */
export function judgeGated(
  { state }: Context,
  entry: VerifiedEntry,
  rule: () => Rejection | Effect,
): Rejection | Effect {
  const answer = askPolicy(state, lawQuestion(entry));
  if (answer !== null && !answer.decision.allow) return reject('policy_denied', denialFacts(state, answer.decision));
  return rule();
}

/** What a denial was judged by: the capsule, the first reason, and the first few as JSON text. */
function denialFacts(state: State, { reasons, gasUsed }: PolicyDecision): Rejection['facts'] {
  const [first] = reasons;
  return {
    capsule: state.policy?.present.cid ?? null,
    rule: first?.rule ?? null,
    code: first?.code ?? null,
    reasons: JSON.stringify(reasons.slice(0, REASONS_SHOWN)),
    gasUsed,
  };
}
