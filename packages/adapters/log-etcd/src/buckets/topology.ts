import { type ClientOptions, EtcdClient, type Patience } from '../client.ts';
import { EtcdError } from '../etcd-error.ts';
import type { Compare } from '../wire/requests.ts';
import { type BucketLayout, type Guard, guardText, readGuard } from './bucket-layout.ts';
import { type BucketMap, dealt, HOME, readMap, textOfMap } from './bucket-map.ts';

export interface TopologyOptions {
  readonly home: ClientOptions;
  /** The other clusters, by name. */
  readonly clusters: Readonly<Record<string, ClientOptions>>;
  readonly layout: BucketLayout;
  readonly buckets: number;
}

/** The clusters of a log with several buckets, and the map that says in which of them each bucket is. Rejects with an EtcdError. */
export class Topology {
  readonly layout: BucketLayout;
  readonly home: EtcdClient;
  readonly #buckets: number;
  readonly #clients: ReadonlyMap<string, EtcdClient>;
  readonly #verified = new Map<string, Promise<void>>();
  #map: BucketMap | null = null;

  constructor({ home, clusters, layout, buckets }: TopologyOptions) {
    this.layout = layout;
    this.home = new EtcdClient(home);
    this.#buckets = buckets;
    const others = Object.entries(clusters).map(([name, access]) => [name, new EtcdClient(access)] as const);
    this.#clients = new Map([...others, [HOME, this.home]]);
  }

  /** Names of the clusters that are known here, home first. */
  get names(): readonly string[] {
    return [HOME, ...[...this.#clients.keys()].filter((name) => name !== HOME)];
  }

  /** Reads the map, or makes it: buckets are dealt over all clusters. Every cluster that it names must be known here. */
  async begin(patience: Patience): Promise<void> {
    if ((await this.#read(patience)) === null) await this.#make(patience);
    const { places, moving } = await this.map(patience);
    const missing = [...new Set([...places, ...(moving === null ? [] : [moving.to])])].find(
      (name) => !this.#clients.has(name),
    );
    if (missing === undefined) return;
    const own = places.flatMap((name, bucket) => (name === missing ? [bucket] : []));
    throw new EtcdError(
      'topology',
      `buckets ${own.slice(0, 8).join(', ')} of the log are in the cluster "${missing}", which is not known here: name it and its members in etcd.clusters`,
    );
  }

  /** As it was read last. */
  async map(patience: Patience): Promise<BucketMap> {
    this.#map ??= await this.#read(patience);
    if (this.#map === null)
      throw new EtcdError(
        'lost',
        'etcd has no map of this log’s buckets any more: restore the cluster from a snapshot',
      );
    return this.#map;
  }

  async refresh(patience: Patience): Promise<BucketMap> {
    const map = await this.#read(patience);
    if (map !== null) this.#map = map;
    return this.map(patience);
  }

  /** Puts a map in the place of another; false where that is not the present one. */
  async replace(map: BucketMap, was: BucketMap, patience: Patience): Promise<boolean> {
    const key = this.layout.map;
    const compare = [{ key, value: Buffer.from(textOfMap(was)) }];
    const success = [{ put: { key, value: Buffer.from(textOfMap(map)) } }];
    const { succeeded } = await this.home.txn({ compare, success, failure: [] }, patience);
    const now = await this.refresh(patience);
    return succeeded || textOfMap(now) === textOfMap(map);
  }

  /** The cluster of a name, once it is sure that it is the one. */
  async clusterAt(name: string, patience: Patience): Promise<EtcdClient> {
    const client = this.#clients.get(name);
    if (client === undefined)
      throw new EtcdError(
        'topology',
        `the cluster "${name}" is not known here: name it and its members in etcd.clusters`,
      );
    let verified = this.#verified.get(name);
    if (verified === undefined) {
      verified = this.#verify(name, client, patience);
      this.#verified.set(name, verified);
    }
    try {
      await verified;
    } catch (error) {
      this.#verified.delete(name);
      throw error;
    }
    return client;
  }

  /** Has a cluster be called so by this log from now on. */
  async claim(name: string, patience: Patience): Promise<void> {
    const client = this.#clients.get(name);
    if (client === undefined) return void (await this.clusterAt(name, patience));
    const key = this.layout.cluster;
    const put = { compare: [{ absent: key }], success: [{ put: { key, value: Buffer.from(name) } }], failure: [] };
    await client.txn(put, patience);
    await this.#verify(name, client, patience);
  }

  async guard(name: string, bucket: number, patience: Patience): Promise<Guard> {
    const client = await this.clusterAt(name, patience);
    const { kvs } = await client.range({ key: this.layout.guard(bucket) }, patience);
    return readGuard(kvs[0]?.value);
  }

  /** Sets a guard unless it is another by now, or of a later turn. */
  async setGuard(name: string, bucket: number, guard: Guard, patience: Patience): Promise<boolean> {
    const client = await this.clusterAt(name, patience);
    const key = this.layout.guard(bucket);
    const was = await this.guard(name, bucket, patience);
    if (was.turn >= guard.turn) return guardText(was) === guardText(guard);
    const before: Compare = was.turn === 0 ? { absent: key } : { key, value: Buffer.from(guardText(was)) };
    const success = [{ put: { key, value: Buffer.from(guardText(guard)) } }];
    const { succeeded } = await client.txn({ compare: [before], success, failure: [] }, patience);
    return succeeded || guardText(await this.guard(name, bucket, patience)) === guardText(guard);
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  async #verify(name: string, client: EtcdClient, patience: Patience): Promise<void> {
    const { kvs } = await client.range({ key: this.layout.cluster }, patience);
    const found = kvs[0] === undefined ? null : Buffer.from(kvs[0].value).toString();
    if (found === name) return;
    const where = `etcd at ${client.endpoints.join(', ')}`;
    const what =
      found === null ? `${where} keeps nothing of this log` : `${where} is the cluster "${found}" of this log`;
    throw new EtcdError(
      'topology',
      `${what}, and the settings call it "${name}": correct etcd.clusters and etcd.endpoints`,
    );
  }

  async #read(patience: Patience): Promise<BucketMap | null> {
    const { kvs } = await this.home.range({ key: this.layout.map }, patience);
    const [kv] = kvs;
    return kv === undefined ? null : readMap(Buffer.from(kv.value).toString(), this.#buckets);
  }

  async #make(patience: Patience): Promise<void> {
    const map = dealt(this.#buckets, this.names);
    for (const name of this.names) await this.claim(name, patience);
    for (const [bucket, name] of map.places.entries())
      await this.setGuard(name, bucket, { isOpen: true, turn: map.version }, patience);
    const key = this.layout.map;
    const success = [{ put: { key, value: Buffer.from(textOfMap(map)) } }];
    await this.home.txn({ compare: [{ absent: key }], success, failure: [] }, patience);
  }
}

/** An error of a bucket's cluster, which says what stands still: a part of the log, unless that is the home cluster. */
export function ofBucket(error: unknown, bucket: number, name: string): unknown {
  if (!(error instanceof EtcdError)) return error;
  const what = `bucket ${bucket} of the log, in the cluster "${name}", stands still, and with it the needs whose entries lie there`;
  return new EtcdError(error.fault, `${what}: ${error.message}`, { cause: error, isPart: name !== HOME });
}
