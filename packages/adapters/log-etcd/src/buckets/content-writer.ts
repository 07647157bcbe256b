import type { EtcdClient, Patience } from '../client.ts';
import { EtcdError, etcdError } from '../etcd-error.ts';
import { bodyBytes } from '../group-value.ts';
import type { KnownEntries } from '../known-entries.ts';
import { guardText } from './bucket-layout.ts';
import { HOME } from './bucket-map.ts';
import { ofBucket, type Topology } from './topology.ts';

/** Entries of one transaction, and their bytes: etcd takes 128 operations and 1.5 MiB. */
const PUTS_MAX = 100;
const PUT_BYTES_MAX = 960 * 1024;
/** Between looks at a bucket that takes nothing while it is moved, ms. */
const LOOK_MS = 100;
/** What the last look is given, so that it tells why the bucket takes nothing, and not that time was over, ms. */
const CALL_MS = 1_000;
/** How long content that lies elsewhere is also kept in the home cluster, at least half of it, s. */
const RECENT_SECONDS = 600;
/** What etcd says of a lease that it has not. */
const LEASE_GONE = /lease not found/;

export interface ContentWriterOptions {
  readonly topology: Topology;
  readonly shard: string;
  readonly bucket: number;
  readonly known: KnownEntries;
  readonly recent: RecentLease;
  readonly patience: Patience;
}

/** A lease for content that is kept for some minutes; a new one begins when half of its time is over. */
export class RecentLease {
  readonly #home: EtcdClient;
  #lease: { readonly id: Promise<string>; readonly until: number } | null = null;

  constructor(home: EtcdClient) {
    this.#home = home;
  }

  async id(patience: Patience): Promise<string> {
    const now = performance.now();
    if (this.#lease === null || now > this.#lease.until)
      this.#lease = { id: this.#home.grant(RECENT_SECONDS, patience), until: now + RECENT_SECONDS * 500 };
    const { id } = this.#lease;
    return id.catch((error: unknown) => {
      if (this.#lease?.id === id) this.#lease = null;
      throw error;
    });
  }

  /** The next id is of another lease: a cluster that was restored, or a machine that slept, may have lost this one. */
  forget(): void {
    this.#lease = null;
  }
}

/** Puts the content of one bucket where the map says that it is. What was put may be there without ever getting a place in the order. */
export class ContentWriter {
  readonly #options: ContentWriterOptions;
  #guard: string | null = null;

  constructor(options: ContentWriterOptions) {
    this.#options = options;
  }

  /** Resolves when all of it is durable. Rejects with an EtcdError; `busy` where the bucket takes nothing since it is being moved. */
  async write(entries: readonly Uint8Array[], hashes: readonly Buffer[]): Promise<void> {
    const { topology, bucket, patience, known } = this.#options;
    const until = performance.now() + patience.withinMs;
    for (const [from, to] of slices(entries)) {
      for (;;) {
        const left = { withinMs: Math.max(CALL_MS, until - performance.now()) };
        if (await this.#putWhereItIs(entries.slice(from, to), hashes.slice(from, to), left)) break;
        const { places, moving } = await topology.refresh(left);
        if (performance.now() >= until) throw stands(bucket, places[bucket] ?? HOME, moving?.to ?? null);
        if (this.#guard === null) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    }
    for (const hash of hashes) known.add(hash);
  }

  /** A cluster that does not answer may be one that the bucket is not in any more. */
  async #putWhereItIs(entries: readonly Uint8Array[], hashes: readonly Buffer[], patience: Patience): Promise<boolean> {
    const { topology, bucket } = this.#options;
    const before = (await topology.map(patience)).places[bucket];
    try {
      return await this.#put(entries, hashes, patience);
    } catch (error) {
      this.#guard = null;
      const now = await topology.refresh({ withinMs: CALL_MS }).catch(() => null);
      if (now === null || now.places[bucket] === before) throw error;
      return this.#put(entries, hashes, { withinMs: CALL_MS });
    }
  }

  /** False where the bucket is not open there, or not any more. */
  async #put(entries: readonly Uint8Array[], hashes: readonly Buffer[], patience: Patience): Promise<boolean> {
    const { topology, bucket } = this.#options;
    // A place that the map does not name any more may still be open.
    const map = await (this.#guard === null ? topology.refresh(patience) : topology.map(patience));
    const name = map.places[bucket] ?? HOME;
    const ofPlace = (error: unknown): never => {
      throw ofBucket(error, bucket, name);
    };
    const guard = await this.#openGuard(name, patience).catch(ofPlace);
    if (guard === null) return false;
    const [isPut] = await Promise.all([
      this.#putIn(name, guard, entries, hashes, patience).catch(ofPlace),
      name === HOME ? null : this.#keepRecent(entries, hashes, patience),
    ]);
    if (!isPut) this.#guard = null;
    return isPut;
  }

  /** What the guard says while the bucket is open there; null: it is not. */
  async #openGuard(name: string, patience: Patience): Promise<string | null> {
    if (this.#guard !== null) return this.#guard;
    const { topology, bucket } = this.#options;
    const guard = await topology.guard(name, bucket, patience);
    if (guard.isOpen) this.#guard = guardText(guard);
    return this.#guard;
  }

  async #putIn(
    name: string,
    guard: string,
    entries: readonly Uint8Array[],
    hashes: readonly Buffer[],
    patience: Patience,
  ): Promise<boolean> {
    const { topology, shard, bucket } = this.#options;
    const { layout } = topology;
    const client = await topology.clusterAt(name, patience);
    const compare = [{ key: layout.guard(bucket), value: Buffer.from(guard) }];
    const success = hashes.map((hash, i) => ({
      put: { key: layout.content(bucket, shard, hash), ...withValue(entries[i]) },
    }));
    const { succeeded } = await client.txn({ compare, success, failure: [] }, patience);
    return succeeded;
  }

  /** So that who has read up to here goes on when the bucket's cluster is away. */
  async #keepRecent(entries: readonly Uint8Array[], hashes: readonly Buffer[], patience: Patience): Promise<void> {
    const { topology, shard, recent } = this.#options;
    const keep = async (): Promise<unknown> => {
      const lease = await recent.id(patience);
      const success = hashes.map((hash, i) => ({
        put: { key: topology.layout.recent(shard, hash), ...withValue(entries[i]), lease },
      }));
      return topology.home.txn({ compare: [], success, failure: [] }, patience);
    };
    await keep().catch((error: unknown) => {
      if (!LEASE_GONE.test(etcdError(error).message)) throw error;
      recent.forget();
      return keep();
    });
  }
}

const withValue = (value: Uint8Array | undefined): { readonly value?: Uint8Array } =>
  value === undefined ? {} : { value };

function slices(entries: readonly Uint8Array[]): readonly (readonly [from: number, to: number])[] {
  const found: [number, number][] = [];
  let bytes = 0;
  for (const [i, entry] of entries.entries()) {
    const last = found.at(-1);
    bytes += bodyBytes(entry);
    if (last === undefined || i - last[0] >= PUTS_MAX || bytes > PUT_BYTES_MAX) {
      found.push([i, i + 1]);
      bytes = bodyBytes(entry);
    } else last[1] = i + 1;
  }
  return found;
}

function stands(bucket: number, place: string, to: string | null): EtcdError {
  const what = `bucket ${bucket} of the log takes nothing in the cluster "${place}"`;
  const command = `canswarm migrate bucket ${bucket} --to`;
  if (to === null)
    return new EtcdError('busy', `${what}: append again; where nobody moves it: ${command} ${place}`, { isPart: true });
  return new EtcdError(
    'busy',
    `${what} while it is moved to "${to}": append again; a move that was interrupted is ended by: ${command} ${to}; or taken back by: ${command} ${place}`,
    { isPart: true },
  );
}
