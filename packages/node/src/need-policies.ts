import { type Clock, type ContentStore, type LoadedPolicy, type PolicyEngine, policyProgram } from '@canswarm/ports';
import {
  BLOCK_BYTES_MAX,
  type Cid,
  NEED_POLICY_GAS_MAX,
  POLICY_ENGINE_BYTES_MAX,
  type PolicyDecision,
  parseCapsule,
} from '@canswarm/protocol';

/** Policies kept loaded; the one that was asked longest ago gives way. */
const KEPT_MAX = 8;

/** What a policy decided, or why it could not be asked. */
export type NeedAnswer =
  | { readonly ok: true; readonly decision: PolicyDecision }
  | { readonly ok: false; readonly why: string };

export interface NeedPoliciesOptions {
  readonly content: Pick<ContentStore, 'get'>;
  /** Evaluates policies of anybody; null: this node asks none. */
  readonly engine: PolicyEngine | null;
  readonly clock: Clock;
}

/** The policies that needs name: had from the content store, evaluated where no policy of a stranger stalls the node. */
export class NeedPolicies {
  readonly #options: NeedPoliciesOptions;
  readonly #loaded = new Map<Cid, Promise<LoadedPolicy>>();

  constructor(options: NeedPoliciesOptions) {
    this.#options = options;
  }

  /** Asks a policy about an input; answers by local time `endsAt` (ms) whatever happens. Never rejects. */
  ask(cid: Cid, input: Uint8Array, endsAt: number): Promise<NeedAnswer> {
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const tell = (answer: NeedAnswer): void => {
        cancel();
        resolve(answer);
      };
      const leftMs = Math.max(1, endsAt - clock.now());
      const cancel = clock.schedule(leftMs, () => tell({ ok: false, why: 'it did not answer in time' }));
      this.#decide(cid, input, endsAt).then(
        (decision) => tell({ ok: true, decision }),
        (error: unknown) => tell({ ok: false, why: error instanceof Error ? error.message : String(error) }),
      );
    });
  }

  /** Ends what is loaded. */
  close(): void {
    for (const cid of this.#loaded.keys()) this.#unload(cid);
  }

  async #decide(cid: Cid, input: Uint8Array, endsAt: number): Promise<PolicyDecision> {
    const policy = this.#loaded.get(cid) ?? this.#load(cid, endsAt);
    this.#loaded.delete(cid);
    this.#loaded.set(cid, policy);
    const [oldest] = this.#loaded.keys();
    if (this.#loaded.size > KEPT_MAX && oldest !== undefined) this.#unload(oldest);
    try {
      return await (await policy).evaluate(input);
    } catch (error) {
      // What failed may be had another time.
      if (this.#loaded.get(cid) === policy) this.#unload(cid);
      throw error;
    }
  }

  #unload(cid: Cid): void {
    const policy = this.#loaded.get(cid);
    this.#loaded.delete(cid);
    policy?.then((loaded) => loaded.close()).catch(() => undefined);
  }

  async #load(cid: Cid, endsAt: number): Promise<LoadedPolicy> {
    const { content, engine, clock } = this.#options;
    if (engine === null) throw new Error('nothing here evaluates policies of needs');
    const block = (wanted: Cid, maxBytes: number): Promise<Uint8Array> =>
      content.get(wanted, { deadlineMs: Math.max(1, endsAt - clock.now()), maxBytes });
    const parsed = parseCapsule(await block(cid, BLOCK_BYTES_MAX));
    if (!parsed.ok) throw new Error(`${cid} is no capsule: ${parsed.code}`);
    const { capsule } = parsed;
    if (capsule.gas > NEED_POLICY_GAS_MAX)
      throw new Error(`the policy of a need has ${NEED_POLICY_GAS_MAX} gas at most, and this has ${capsule.gas}`);
    return engine.load(policyProgram(capsule, await block(capsule.engine, POLICY_ENGINE_BYTES_MAX)));
  }
}
