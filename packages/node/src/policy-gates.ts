import { askPolicy, type PolicyQuestion, type State, type Stated } from '@canswarm/kernel';
import type { Meter } from '@canswarm/ports';
import {
  type Did,
  encodePayload,
  isLogVerb,
  type Payload,
  payloadLength,
  type VerifiedEnvelope,
} from '@canswarm/protocol';
import type { BidMemory } from './bid-memory.ts';
import { PolicyDeniedError } from './policy-denied-error.ts';

/** Senders of gossip that are counted in one window; of more the oldest are forgotten. */
const SENDERS_MAX = 65_536;

/**
 * The gates of a node: it signs nothing and takes no gossip that the policy of the network denies. What it counts of gossip is its own;
 * the law counts what is in the log. Asks nothing where there is no policy. Source: `spec/13-policy.md`, the policy of a network.
 */
export class PolicyGates {
  readonly #meter: Meter;
  readonly #bids: Pick<BidMemory, 'noteRefused'>;
  readonly #said = new Map<Did, { readonly messages: number; readonly bytes: number }>();
  #window = -1;

  constructor(meter: Meter, bids: Pick<BidMemory, 'noteRefused'>) {
    this.#meter = meter;
    this.#bids = bids;
  }

  /**
   * Why a payload is not to be signed, or null. `stated` is what the result of a COMMIT states, null where nobody knows: it is asked about
   * besides, since the law asks without it.
   */
  preflight(state: State, payload: Payload, stated: Stated | null = null): PolicyDeniedError | null {
    if (state.policy === null) return null;
    const { from: did, verb } = payload;
    const bytes = encodePayload(payload).length;
    const question = this.#question(state, payload, bytes, 'preflight');
    const answers = [question, ...(stated === null ? [] : [{ ...question, stated }])].map((one) =>
      askPolicy(state, one),
    );
    const denial = answers.find((answer) => answer?.decision.allow === false);
    if (denial == null) return null;
    this.#meter.add('policy.denied.preflight', 1);
    this.#bids.noteRefused(payload, state, 'policy_denied');
    return new PolicyDeniedError({
      did,
      verb,
      whose: 'network',
      capsule: denial.capsule,
      reasons: denial.decision.reasons,
    });
  }

  /** Whether gossip that came is denied. What is asked about counts, whatever the answer. */
  denies(state: State, envelope: VerifiedEnvelope): boolean {
    if (state.policy === null) return false;
    const { payload } = envelope;
    const bytes = payloadLength(envelope);
    const answer = askPolicy(state, this.#question(state, payload, bytes, 'ingress'));
    this.#count(payload.from, bytes);
    if (answer === null || answer.decision.allow) return false;
    this.#meter.add('policy.denied.ingress', 1);
    return true;
  }

  #question(state: State, payload: Payload, bytes: number, gate: PolicyQuestion['gate']): PolicyQuestion {
    if (isLogVerb(payload.verb)) return { payload, bytes, gate };
    const window = Math.floor((state.position + 1) / state.params.headWindow);
    if (window !== this.#window) this.#said.clear();
    this.#window = window;
    return { payload, bytes, gate, said: this.#said.get(payload.from) ?? { messages: 0, bytes: 0 } };
  }

  #count(sender: Did, size: number): void {
    const { messages, bytes } = this.#said.get(sender) ?? { messages: 0, bytes: 0 };
    this.#said.delete(sender);
    this.#said.set(sender, { messages: messages + 1, bytes: bytes + size });
    const [oldest] = this.#said.keys();
    if (this.#said.size > SENDERS_MAX && oldest !== undefined) this.#said.delete(oldest);
  }
}
