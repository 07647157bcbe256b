import type { EtcdClient, Patience } from '../client.ts';
import { EtcdError, etcdError } from '../etcd-error.ts';
import { sha256 } from '../layout.ts';
import { HOME } from './bucket-map.ts';
import type { OrderRecord } from './order-record.ts';
import { ofBucket, type Topology } from './topology.ts';

/** Entries that are asked for at once, and their bytes. */
const VALUES_MAX = 100;
const VALUES_BYTES = 4 * 1024 * 1024;
/** A cluster that did not answer is asked last for so long, ms. */
const AVOID_MS = 5_000;
/** Between tries: doubled from the first figure to the second, ms. */
const PAUSE_MS = 20;
const PAUSE_MS_MAX = 1_000;
/** Trouble is told when something could not be read for so long, ms. */
const TROUBLE_MS = 3_000;

export interface ContentReaderOptions {
  readonly topology: Topology;
  readonly shard: string;
  readonly patience: Patience;
  /** Told why nothing can be read for now, and null when it can again. */
  readonly onTrouble: (trouble: EtcdError | null) => void;
}

/** A place in the order, and where it stands. */
export interface Placed {
  readonly cursor: number;
  readonly order: OrderRecord;
}

/**
 * Reads the content of what stands in the order. Nothing is passed over: while the cluster of a bucket does not answer or is not known here, what the home
 * cluster still has of the last minutes is taken, and beyond that the order stands still there until it answers.
 */
export class ContentReader {
  readonly #options: ContentReaderOptions;
  readonly #avoided = new Map<string, number>();

  constructor(options: ContentReaderOptions) {
    this.#options = options;
  }

  /** The bytes of each, in order; null where it was told to stop. Rejects with an EtcdError `damaged` for what is nowhere, or not as it was written. */
  async read(placed: readonly Placed[], isOver: () => boolean): Promise<readonly Uint8Array[] | null> {
    const { onTrouble, topology, patience } = this.#options;
    const found = new Map<OrderRecord, Uint8Array>();
    const since = performance.now();
    let [isTold, isFresh] = [false, false];
    for (let tries = 0; ; tries += 1) {
      const missing = placed.filter(({ order }) => !found.has(order));
      const failure = await this.#readSome(missing, found, isFresh);
      if (isOver()) return null;
      if (placed.every(({ order }) => found.has(order))) {
        if (isTold) onTrouble(null);
        return placed.map(({ order }) => found.get(order) ?? new Uint8Array(0));
      }
      if (!isTold && failure !== null && performance.now() - since > TROUBLE_MS) {
        isTold = true;
        onTrouble(failure);
      }
      const boundMs = Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** Math.min(tries, 8));
      await new Promise((resolve) => setTimeout(resolve, boundMs * (0.5 + Math.random() / 2)));
      isFresh = await topology.refresh(patience).then(
        () => true,
        () => false,
      );
    }
  }

  /** Why some could not be read; null where every cluster answered. Throws `damaged` where all that could have it said that they have not. */
  async #readSome(
    placed: readonly Placed[],
    found: Map<OrderRecord, Uint8Array>,
    isSure: boolean,
  ): Promise<EtcdError | null> {
    const { topology, patience } = this.#options;
    let failure: EtcdError | null = null;
    try {
      const { places, moving } = await topology.map(patience);
      for (const [name, own] of byPlace(placed, places)) {
        const left = (): readonly Placed[] => own.filter(({ order }) => !found.has(order));
        const isAvoided = (this.#avoided.get(name) ?? 0) > performance.now();
        if (name !== HOME && isAvoided) await this.#take(topology.home, left(), found, false);
        const bucket = left()[0]?.order.bucket ?? 0;
        const error = await this.#takeFrom(name, left(), found).catch((thrown: unknown) => etcdError(thrown));
        if (error !== null) {
          failure = etcdError(ofBucket(error, bucket, name));
          if (isFinal(failure)) throw failure;
          this.#avoided.set(name, performance.now() + AVOID_MS);
        }
        if (name !== HOME) await this.#take(topology.home, left(), found, false);
        const [gone] = left();
        if (gone !== undefined && error === null && isSure && moving?.bucket !== gone.order.bucket)
          throw gonePast(gone, name);
      }
    } catch (error) {
      failure = etcdError(error);
      if (isFinal(failure)) throw failure;
    }
    return failure;
  }

  async #takeFrom(name: string, placed: readonly Placed[], found: Map<OrderRecord, Uint8Array>): Promise<null> {
    if (placed.length === 0) return null;
    const client = await this.#options.topology.clusterAt(name, this.#options.patience);
    await this.#take(client, placed, found, true);
    this.#avoided.delete(name);
    return null;
  }

  /** Takes what a cluster has, from the bucket or of what is recent. */
  async #take(
    client: EtcdClient,
    placed: readonly Placed[],
    found: Map<OrderRecord, Uint8Array>,
    isBucket: boolean,
  ): Promise<void> {
    const { topology, shard, patience } = this.#options;
    const { layout } = topology;
    for (let from = 0; from < placed.length; ) {
      let [to, bytes] = [from, 0];
      for (; to < placed.length && to - from < VALUES_MAX; to += 1) {
        bytes += placed[to]?.order.bytes ?? 0;
        if (to > from && bytes > VALUES_BYTES) break;
      }
      const wanted = placed.slice(from, to);
      const success = wanted.map(({ order: { bucket, hash } }) => ({
        range: { key: isBucket ? layout.content(bucket, shard, hash) : layout.recent(shard, hash) },
      }));
      const { answers } = await client.txn({ compare: [], success, failure: [] }, patience);
      for (const [i, { order, cursor }] of wanted.entries()) {
        const answer = answers[i];
        const kv = answer !== undefined && 'range' in answer ? answer.range.kvs[0] : undefined;
        if (kv === undefined) continue;
        const isWhole = sha256(kv.value).equals(order.hash);
        if (!isWhole && isBucket) throw damaged(cursor, 'is not what was written');
        if (isWhole) found.set(order, Uint8Array.from(kv.value));
      }
      from = to;
    }
  }
}

/** No later try, and no other cluster, makes it good. */
const isFinal = ({ code }: EtcdError): boolean => code === 'corrupt' || code === 'newer';

function byPlace(placed: readonly Placed[], places: readonly string[]): ReadonlyMap<string, readonly Placed[]> {
  const groups = new Map<string, Placed[]>();
  for (const one of placed) {
    const name = places[one.order.bucket] ?? HOME;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return groups;
}

const damaged = (cursor: number, what: string): EtcdError =>
  new EtcdError(
    'damaged',
    `the content of the log at ${cursor} ${what}: restore the cluster that keeps it from a snapshot`,
  );

const gonePast = ({ cursor, order }: Placed, name: string): EtcdError =>
  damaged(
    cursor,
    `is gone: it belongs to bucket ${order.bucket}, which is in the cluster "${name}", and that has it not`,
  );
