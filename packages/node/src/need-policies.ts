import {
  type Clock,
  type ContentStore,
  type LoadedPolicy,
  type PolicyEngine,
  type PolicyProgram,
  policyProgram,
} from '@canswarm/ports';
import {
  BLOCK_BYTES_MAX,
  type Cid,
  NEED_POLICY_GAS_MAX,
  NEED_POLICY_MEMORY_BYTES_MAX,
  POLICY_ENGINE_BYTES_MAX,
  type PolicyDecision,
  parseCapsule,
} from '@canswarm/protocol';

/** Policies kept loaded beside those that are being asked; the one that was asked longest ago gives way. */
const KEPT_MAX = 8;
/** Questions that the engine has at a time: so what nobody waits for any more never reaches it. */
const AT_ONCE = 2;

const LATE = 'it did not answer in time';

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

interface Kept {
  /** Null until it is first asked, and after it failed. */
  loaded: Promise<LoadedPolicy> | null;
  /** How many ask it, or wait to. */
  asking: number;
}

/** The policies that needs name: had from the content store, evaluated where no policy of a stranger stalls the node. */
export class NeedPolicies {
  readonly #options: NeedPoliciesOptions;
  /** In the order in which they were last asked. */
  readonly #kept = new Map<Cid, Kept>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

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
      const cancel = clock.schedule(leftMs, () => tell({ ok: false, why: LATE }));
      this.#decide(cid, input, endsAt).then(
        (decision) => tell({ ok: true, decision }),
        (error: unknown) => tell({ ok: false, why: error instanceof Error ? error.message : String(error) }),
      );
    });
  }

  /** Ends what is loaded. */
  close(): void {
    for (const kept of this.#kept.values()) unload(kept);
    this.#kept.clear();
  }

  async #decide(cid: Cid, input: Uint8Array, endsAt: number): Promise<PolicyDecision> {
    const kept = this.#kept.get(cid) ?? { loaded: null, asking: 0 };
    this.#kept.delete(cid);
    this.#kept.set(cid, kept);
    kept.asking += 1;
    try {
      // By the deadline of who asks, not of who asked first; before it is its turn, so that nobody holds that up who withholds a block.
      const program = kept.loaded === null ? await this.#program(cid, endsAt) : null;
      return await this.#inTurn(() => this.#evaluate(kept, program, input, endsAt));
    } finally {
      kept.asking -= 1;
      this.#makeRoom();
    }
  }

  async #evaluate(
    kept: Kept,
    program: PolicyProgram | null,
    input: Uint8Array,
    endsAt: number,
  ): Promise<PolicyDecision> {
    const { clock, engine } = this.#options;
    if (clock.now() >= endsAt) throw new Error(LATE);
    if (program !== null && engine !== null) kept.loaded ??= engine.load(program);
    const policy = kept.loaded;
    if (policy === null) throw new Error('it failed others who asked it');
    try {
      return await (await policy).evaluate(input);
    } catch (error) {
      // What failed may be had another time.
      if (kept.loaded === policy) unload(kept);
      throw error;
    }
  }

  /** Does something when fewer than `AT_ONCE` others are being done, in the order in which it was asked for. */
  async #inTurn<T>(action: () => Promise<T>): Promise<T> {
    if (this.#busy < AT_ONCE) this.#busy += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await action();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy -= 1;
      else next();
    }
  }

  /** Unloads what was asked longest ago; nothing that somebody asks. */
  #makeRoom(): void {
    const idle = [...this.#kept].filter(([, { asking }]) => asking === 0);
    let spare = idle.filter(([, { loaded }]) => loaded !== null).length - KEPT_MAX;
    for (const [cid, kept] of idle) {
      if (kept.loaded !== null && spare <= 0) continue;
      if (kept.loaded !== null) spare -= 1;
      unload(kept);
      this.#kept.delete(cid);
    }
  }

  /** What an engine loads for a capsule. */
  async #program(cid: Cid, endsAt: number): Promise<PolicyProgram> {
    const { content, engine, clock } = this.#options;
    if (engine === null) throw new Error('nothing here evaluates policies of needs');
    const block = (wanted: Cid, maxBytes: number): Promise<Uint8Array> =>
      content.get(wanted, { deadlineMs: Math.max(1, endsAt - clock.now()), maxBytes });
    const parsed = parseCapsule(await block(cid, BLOCK_BYTES_MAX));
    if (!parsed.ok) throw new Error(`${cid} is no capsule: ${parsed.code}`);
    const { capsule } = parsed;
    const { gas, memoryBytes } = capsule;
    for (const [what, has, most] of [
      ['gas', gas, NEED_POLICY_GAS_MAX],
      ['bytes of memory', memoryBytes, NEED_POLICY_MEMORY_BYTES_MAX],
    ] as const)
      if (has > most) throw new Error(`the policy of a need has ${most} ${what} at most, and this has ${has}`);
    return policyProgram(capsule, await block(capsule.engine, POLICY_ENGINE_BYTES_MAX));
  }
}

function unload(kept: Kept): void {
  kept.loaded?.then((loaded) => loaded.close()).catch(() => undefined);
  kept.loaded = null;
}
