import { apply, createState, type KernelEvent, type State } from '@canswarm/kernel';
import { openBucketLog, openEtcdLog } from '@canswarm/log-etcd';
import type { DecisionLog, LogRecord } from '@canswarm/ports';
import { createMemo, fromHex, type Genesis, toHex, type VerifiedEntry, verifyEntry } from '@canswarm/protocol';
import { CallWatch, judgeCalls } from '@canswarm/simulator';
import { localCrypto, networkPolicies, SHARD } from 'canswarm';
import { until } from '../processes/cluster.ts';
import type { Traced, Traces } from './inside/trace.ts';

export interface WitnessOptions {
  readonly endpoints: readonly string[];
  readonly prefix: string;
  /** Clusters beside that of the endpoints, by name. */
  readonly clusters: Readonly<Record<string, { readonly endpoints: readonly string[] }>>;
  readonly genesis: Genesis;
  readonly nodes: readonly string[];
  readonly traces: Traces;
}

/** What the witness says of all that happened so far. */
export interface Testimony {
  /** Entries that the log acknowledged to a node. */
  readonly acknowledged: number;
  /** Of those, how many it does not have; and cursors that a node took up and the log does not have. */
  readonly lost: number;
  readonly doubles: number;
  /** Needs that were decided twice in one round. */
  readonly decidedTwice: readonly string[];
  /** Objects whose history no order explains, or whose search was given up. */
  readonly unexplained: readonly string[];
  readonly operations: number;
}

const CATCH_UP_MS = 60_000;
const CRYPTO = localCrypto();
const { sha256 } = CRYPTO;

/** One who applies the log by itself, as far as it was read. */
class Replica {
  readonly state: State;
  /** Records looked at. */
  next = 0;

  constructor(genesis: Genesis) {
    this.state = createState(genesis, sha256, networkPolicies);
  }
}

interface Read extends LogRecord {
  readonly hash: string;
  /** Null for a record that is no entry. */
  readonly entry: VerifiedEntry | null;
}

/**
 * Reads the log beside the nodes and applies it again for each of them, as far as that node's trace says it has come: so each need,
 * lease and account has the history of calls and answers that the processes saw, which the linearizability checker of the simulator judges.
 */
export class Witness {
  readonly #options: WitnessOptions;
  readonly #log: DecisionLog;
  readonly #records: Read[] = [];
  readonly #hashes = new Set<string>();
  readonly #acknowledged = new Set<string>();
  readonly #decided = new Map<string, number>();
  readonly #watch: CallWatch;
  readonly #replicas: ReadonlyMap<string, Replica>;
  /** Goes ahead of those of the nodes. */
  readonly #truth: Replica;
  #doubles = 0;
  #missing = 0;
  #seen: Traced[] = [];

  private constructor(options: WitnessOptions, log: DecisionLog) {
    const { genesis, nodes } = options;
    this.#options = options;
    this.#log = log;
    this.#watch = new CallWatch(genesis);
    this.#replicas = new Map(nodes.map((name) => [name, new Replica(genesis)]));
    this.#truth = new Replica(genesis);
    const memo = createMemo();
    log.follow(SHARD, 0, (records) => {
      for (const { cursor, bytes } of records) {
        const verdict = verifyEntry(bytes, CRYPTO, memo);
        const hash = toHex(sha256(bytes));
        if (this.#hashes.has(hash)) this.#doubles += 1;
        this.#hashes.add(hash);
        this.#records.push({ cursor, bytes, hash, entry: verdict.ok ? verdict.entry : null });
      }
    });
  }

  static async start(options: WitnessOptions): Promise<Witness> {
    const { endpoints, prefix, genesis, clusters } = options;
    const { buckets = 1 } = genesis;
    const log =
      buckets === 1
        ? await openEtcdLog({ endpoints, prefix })
        : // It appends nothing, so no key of an entry is asked for.
          await openBucketLog({ endpoints, prefix, buckets, clusters, keyOf: () => null });
    return new Witness(options, log);
  }

  /** The digest that the law gives after so many entries. */
  async digestAt(position: number): Promise<string> {
    await until(CATCH_UP_MS, `the witness is at ${position}`, async () => {
      this.#advance(this.#truth, Number.POSITIVE_INFINITY, position, ({ events }) => this.#count(events));
      return this.#truth.state.position >= position;
    });
    return toHex(this.#truth.state.digest);
  }

  /** The log's end, as a majority of its members has it. */
  head(): Promise<number> {
    return this.#log.head(SHARD);
  }

  /** Whoever took up records after a cursor before a moment of the machine's monotonic clock, once for each batch. */
  tookUp(after: number, before: bigint): readonly string[] {
    this.#look();
    const within = this.#seen.filter(({ time }) => time < before);
    return within.flatMap(({ node, trace }) => (trace.what === 'came' && trace.cursor > after ? [node] : []));
  }

  async judge(): Promise<Testimony> {
    const head = await this.#log.head(SHARD);
    await until(CATCH_UP_MS, 'the witness has read the log', async () => (this.#records.at(-1)?.cursor ?? 0) >= head);
    this.#advance(this.#truth, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, ({ events }) => this.#count(events));
    this.#look();
    for (const one of this.#seen) this.#hear(one);
    this.#seen = [];
    const unexplained: string[] = [];
    const { linearizable, unknown } = judgeCalls(this.#watch, (_, what) => unexplained.push(what), false);
    const operations = Object.values(linearizable).reduce((sum, verdict) => sum + verdict.operations, 0);
    return {
      acknowledged: this.#acknowledged.size,
      lost: this.#missing + [...this.#acknowledged].filter((hash) => !this.#hashes.has(hash)).length,
      doubles: this.#doubles,
      decidedTwice: [...this.#decided].filter(([, times]) => times > 1).map(([slot]) => slot),
      unexplained: [...unexplained, ...[...unknown].map((property) => `${property}: the search was given up`)],
      operations,
    };
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  #look(): void {
    this.#seen.push(...this.#options.traces.next());
  }

  #hear({ node, trace }: Traced): void {
    if (trace.what === 'came') this.#follow(node, trace.cursor);
    else if (trace.what === 'taken') for (const hash of trace.hashes) this.#acknowledged.add(hash);
    else for (const hash of trace.hashes) this.#watch.onAppend(node, fromHex(hash));
  }

  #follow(node: string, cursor: number): void {
    const replica = this.#replicas.get(node);
    if (replica === undefined) return;
    this.#advance(replica, cursor, Number.POSITIVE_INFINITY, (applied) =>
      this.#watch.onApplied(node, applied, replica.state),
    );
    if (this.#records[replica.next - 1]?.cursor !== cursor) this.#missing += 1;
  }

  #advance(
    replica: Replica,
    cursor: number,
    position: number,
    onApplied: (applied: Parameters<CallWatch['onApplied']>[1]) => void,
  ): void {
    for (; replica.state.position < position; replica.next += 1) {
      const record = this.#records[replica.next];
      if (record === undefined || record.cursor > cursor) return;
      const { entry } = record;
      if (entry !== null) onApplied({ ...apply(replica.state, entry, sha256, networkPolicies), entry });
    }
  }

  #count(events: readonly KernelEvent[]): void {
    for (const event of events) {
      if (event.type !== 'need_decided') continue;
      const slot = `${event.need} in round ${event.round}`;
      this.#decided.set(slot, (this.#decided.get(slot) ?? 0) + 1);
    }
  }
}
