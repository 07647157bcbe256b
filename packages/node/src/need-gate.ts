import { type Need, needPolicyInput, type State, type Stated } from '@canswarm/kernel';
import { POLICY_ENGINE_RULE } from '@canswarm/ports';
import type { Cid, Did, NeedId } from '@canswarm/protocol';
import type { BidMemory } from './bid-memory.ts';
import { draftPayload } from './draft-payload.ts';
import { type NeedAnswer, NeedPolicies, type NeedPoliciesOptions } from './need-policies.ts';
import type { Said } from './outbox.ts';
import { PolicyDeniedError } from './policy-denied-error.ts';

/** How long whoever posts a need waits for its policy, ms. */
const POST_MS = 10_000;

/** How soon a worker asks again about a result, ms, where the policy that it bid under cannot be asked. */
const AGAIN_MS = 250;

/** What a key would say of a need. */
export interface Saying {
  readonly said: Said;
  /** Of a COMMIT: what its result states, null where nobody knows. */
  readonly stated?: Stated | null;
}

export interface NeedGateOptions extends NeedPoliciesOptions {
  readonly state: State;
  readonly bids: Pick<BidMemory, 'noteRefused'>;
  readonly onDenied: (error: PolicyDeniedError) => void;
}

/**
 * A node says nothing of a need that the need's own policy denies, or that this cannot be asked about: who bids knows that seats will have it,
 * and what it says. Source: `spec/13-policy.md`, the policy of a need.
 */
export class NeedGate {
  readonly #options: NeedGateOptions;
  readonly #policies: NeedPolicies;
  readonly #asking = new Set<string>();

  constructor(options: NeedGateOptions) {
    this.#options = options;
    this.#policies = new NeedPolicies(options);
  }

  /** As a seat: what the policy of a need decides about its work, until local time `endsAt` (ms). */
  ask(capsule: Cid, input: Uint8Array, endsAt: number): Promise<NeedAnswer> {
    return this.#policies.ask(capsule, input, endsAt);
  }

  close(): void {
    this.#policies.close();
  }

  /**
   * Calls `say` where the need's policy lets a key say that: at once where it has none, else when it has answered; `refused` where it does not.
   * What is being asked is not asked again meanwhile. Nothing is called once the need is in another round, attempt or phase.
   */
  pass(
    did: Did,
    { id, body, round, attempt, phase }: Need,
    saying: Saying,
    say: () => void,
    refused: (error: PolicyDeniedError) => void = () => undefined,
  ): void {
    if (body.policy === undefined) return say();
    const { said } = saying;
    const { state, clock, bids, onDenied } = this.#options;
    const key = `${said.verb}/${id}/${did}`;
    if (this.#asking.has(key)) return;
    this.#asking.add(key);
    // Who holds the task has a sign of life to give by then.
    const { heartbeatMs, misses } = state.params;
    const waitMs = said.verb === 'COMMIT' ? heartbeatMs * misses : Math.ceil(body.windows.bidMs / 2);
    const endsAt = clock.now() + waitMs;
    void this.#denial(did, id, body.policy, saying, endsAt).then((denied) => {
      this.#asking.delete(key);
      const now = state.needs.get(id);
      if (now?.round !== round || now.attempt !== attempt || now.phase !== phase) return;
      if (denied === null) return say();
      bids.noteRefused(draftPayload(state, did, said, id), state, 'need_policy_denied');
      onDenied(denied);
      refused(denied);
    });
  }

  /** Rejects with a PolicyDeniedError where a need's policy denies the need itself. */
  async require(did: Did, policy: Cid, said: Said): Promise<void> {
    const denied = await this.#denial(did, null, policy, { said }, this.#options.clock.now() + POST_MS);
    if (denied !== null) throw denied;
  }

  async #denial(
    did: Did,
    need: NeedId | null,
    capsule: Cid,
    { said, stated = null }: Saying,
    endsAt: number,
  ): Promise<PolicyDeniedError | null> {
    const { state } = this.#options;
    const input = needPolicyInput(state, draftPayload(state, did, said, need), stated);
    const answer = await this.#answer(capsule, input, endsAt, said.verb === 'COMMIT');
    if (answer.ok && answer.decision.allow) return null;
    const reasons = answer.ok
      ? answer.decision.reasons
      : [{ rule: POLICY_ENGINE_RULE, code: 'not_asked', facts: { why: answer.why } }];
    return new PolicyDeniedError({ did, verb: said.verb, whose: 'need', capsule, reasons });
  }

  /** Asks; again and again, if that is wanted, where it cannot be asked and there is time: half of a bond hangs on it. */
  async #answer(capsule: Cid, input: Uint8Array, endsAt: number, isAgain: boolean): Promise<NeedAnswer> {
    const { clock } = this.#options;
    for (;;) {
      const answer = await this.#policies.ask(capsule, input, endsAt);
      if (answer.ok || !isAgain || clock.now() + AGAIN_MS >= endsAt) return answer;
      await new Promise<void>((resolve) => clock.schedule(AGAIN_MS, resolve));
    }
  }
}
