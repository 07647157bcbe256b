import type { State } from '@canswarm/kernel';
import type { Clock, ContentStore } from '@canswarm/ports';
import {
  type Cid,
  conformDigest,
  equalBytes,
  POLICY_ENGINE_BYTES_MAX,
  type PolicyDecision,
  parseVector,
  policyDigest,
  type Sha256,
  type VectorCase,
  vectorPieces,
} from '@canswarm/protocol';
import type { Identity } from './identity.ts';
import type { Outbox } from './outbox.ts';

/** How long a vector is waited for, and how long until one that could not be had is asked for again, ms. */
const FETCH_MS = 10_000;
const AGAIN_MS = 60_000;

/**
 * What came of deciding the conformance vector of the policy that holds: `passed`, `failed` with the case that differs first, `away` where the
 * vector could not be had or is none, `checking` meanwhile; `none` where the network has no policy.
 */
export type EngineCheck =
  | { readonly status: 'none' }
  | { readonly status: 'checking'; readonly capsule: Cid }
  | { readonly status: 'passed'; readonly capsule: Cid; readonly cases: number }
  | {
      readonly status: 'failed';
      readonly capsule: Cid;
      readonly cases: number;
      readonly different: number;
      readonly first: { readonly name: string; readonly due: PolicyDecision; readonly decided: PolicyDecision };
    }
  | { readonly status: 'away'; readonly capsule: Cid; readonly vector: Cid; readonly why: string };

/** How a check ended. */
export type CheckedEngine = Exclude<EngineCheck, { readonly status: 'none' | 'checking' }>;

export interface SelfCheckOptions {
  readonly state: State;
  readonly content: Pick<ContentStore, 'get'>;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly outbox: Pick<Outbox, 'say'>;
  readonly onChecked: (check: CheckedEngine) => void;
}

/** A vector, and what this node's engine decided of it. */
interface Decided {
  readonly vector: Uint8Array;
  readonly decisions: readonly Pick<VectorCase, 'input' | 'decision'>[];
}

/**
 * Decides the conformance vector of the policy that holds, when the node starts and whenever another begins to. A node whose engine decides otherwise
 * does not vote; one that passes answers for its keys that are suspended. Source: `spec/13-policy.md`, votes.
 */
export class SelfCheck {
  readonly #options: SelfCheckOptions;
  #check: EngineCheck = { status: 'none' };
  #decided: Decided | null = null;
  #againAt = Number.POSITIVE_INFINITY;

  constructor(options: SelfCheckOptions) {
    this.#options = options;
  }

  get check(): EngineCheck {
    return this.#check;
  }

  /** Whether the engine is known to decide otherwise: then nothing that it says of others counts. */
  get hasFailed(): boolean {
    return this.#check.status === 'failed';
  }

  /** Begins to check where the policy that holds was not, or its vector may be had by now. */
  keepUp(): void {
    const { state, clock } = this.#options;
    const present = state.policy?.present ?? null;
    if (present === null) return;
    const isKnown = this.#check.status !== 'none' && this.#check.capsule === present.cid;
    if (isKnown && !(this.#check.status === 'away' && clock.now() >= this.#againAt)) return;
    this.#check = { status: 'checking', capsule: present.cid };
    this.#decided = null;
    void this.#run(present.cid, present.conformance, present.decide);
  }

  /** Says CONFORM for a suspended key of this node; not before the engine passed. */
  conform({ signer }: Pick<Identity, 'signer'>): void {
    const { state, sha256, outbox } = this.#options;
    const capsule = state.policy?.present.cid ?? null;
    const isDue = capsule === null || (this.#check.status === 'passed' && this.#check.capsule === capsule);
    const taken = this.#decided === null ? null : vectorPieces(this.#decided.vector, sha256);
    if (!isDue || (capsule !== null && taken === null)) return;
    const { pieces, blocks } = (capsule === null ? null : taken) ?? { pieces: [], blocks: [] };
    const digest = conformDigest({ did: signer.did, capsule, decisions: this.#decided?.decisions ?? [] }, sha256);
    outbox.say({
      signer,
      said: { verb: 'CONFORM', body: { capsule, pieces, digest } },
      thread: null,
      refs: [],
      evidence: blocks.length === 0 ? null : { envelopes: [], blocks },
      guard: null,
    });
  }

  async #run(capsule: Cid, name: Cid, decide: (input: Uint8Array) => PolicyDecision): Promise<void> {
    const { clock, onChecked } = this.#options;
    const check = await this.#decide(capsule, name, decide).catch((error: unknown): CheckedEngine => {
      const why = error instanceof Error ? error.message : String(error);
      return { status: 'away', capsule, vector: name, why };
    });
    // Another policy holds by now: that is checked.
    if (this.#check.status !== 'checking' || this.#check.capsule !== capsule) return;
    if (check.status === 'away') this.#againAt = clock.now() + AGAIN_MS;
    this.#check = check;
    onChecked(check);
  }

  /** Lets whatever else the node has to do go first: a vector has up to 1 024 cases, and each may take all gas. */
  #yield(): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.schedule(0, resolve));
  }

  async #decide(capsule: Cid, name: Cid, decide: (input: Uint8Array) => PolicyDecision): Promise<CheckedEngine> {
    const { content, sha256 } = this.#options;
    const vector = await content.get(name, { deadlineMs: FETCH_MS, maxBytes: POLICY_ENGINE_BYTES_MAX });
    const cases = parseVector(vector);
    if (cases === null) return { status: 'away', capsule, vector: name, why: 'it is no conformance vector' };
    const decisions: { readonly input: Uint8Array; readonly decision: PolicyDecision }[] = [];
    for (const { input } of cases) {
      decisions.push({ input, decision: decide(input) });
      await this.#yield();
    }
    const digest = (input: Uint8Array, decision: PolicyDecision): Uint8Array =>
      policyDigest(sha256, capsule, input, decision);
    const different = cases.flatMap(({ name: called, input, decision: due }, at) => {
      const decided = decisions[at]?.decision ?? due;
      return equalBytes(digest(input, due), digest(input, decided)) ? [] : [{ name: called, due, decided }];
    });
    const [first] = different;
    if (first !== undefined)
      return { status: 'failed', capsule, cases: cases.length, different: different.length, first };
    this.#decided = { vector, decisions };
    return { status: 'passed', capsule, cases: cases.length };
  }
}
