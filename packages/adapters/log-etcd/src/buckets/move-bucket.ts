import { hash as hashOf } from 'node:crypto';
import type { EtcdClient, Patience } from '../client.ts';
import { EtcdError } from '../etcd-error.ts';
import { bodyBytes } from '../group-value.ts';
import { sha256 } from '../layout.ts';
import type { KeyValue } from '../wire/answers.ts';
import { type BucketLogOptions, topologyOf } from './bucket-log.ts';
import type { BucketMap } from './bucket-map.ts';
import { ofBucket, type Topology } from './topology.ts';

export interface MoveBucketOptions extends BucketLogOptions {
  readonly bucket: number;
  /** The cluster where it is to be. */
  readonly to: string;
  readonly onProgress: (what: string) => void;
}

/** What a move of a bucket came to. */
export interface MovedBucket {
  readonly bucket: number;
  readonly from: string;
  readonly to: string;
  /** Entries whose content is in it, those that were copied, and their bytes. */
  readonly entries: number;
  readonly copied: number;
  readonly bytes: number;
  /** SHA-256 over the hashes of all its content, in order of the keys, hex: as it is read where the bucket is now. */
  readonly digest: string;
  /** Of the map of the log's buckets. */
  readonly version: number;
}

/** Content that is asked for at once: an entry has 640 KiB at most. */
const READ_MAX = 24;
const KEYS_MAX = 4_096;
/** How long the place is asked for that a move which is taken back was to go to: it may be gone, ms. */
const LEFT_MS = 3_000;
const PUTS_MAX = 100;
const PUT_BYTES_MAX = 960 * 1024;

/** Both ends of a move. */
interface Move {
  readonly topology: Topology;
  readonly bucket: number;
  readonly from: string;
  readonly to: string;
  readonly source: EtcdClient;
  readonly target: EtcdClient;
  readonly patience: Patience;
}

/**
 * Moves a bucket to another cluster while nodes run: copies its content, closes it where it was, copies what came until then, proves that all of it
 * reads as it was written, opens it there, and switches the map. Whoever would put something into it meanwhile waits. Each step may be done again:
 * a move that was interrupted is ended by the same call, or taken back by one to where the bucket came from. Rejects with an EtcdError.
 */
export async function moveBucket(options: MoveBucketOptions): Promise<MovedBucket> {
  const { bucket, to, onProgress, patienceMs = 15_000 } = options;
  const topology = topologyOf(options);
  const patience = { withinMs: patienceMs };
  try {
    await topology.begin(patience);
    if (!topology.names.includes(to))
      throw new EtcdError(
        'topology',
        `the cluster "${to}" is not known here, only ${topology.names.join(', ')}: name it and its members in etcd.clusters`,
      );
    const moving = await begin(topology, bucket, to, patience);
    const from = moving.places[bucket] ?? '';
    const [source, target] = [await topology.clusterAt(from, patience), await topology.clusterAt(to, patience)];
    const move = { topology, bucket, from, to, source, target, patience };
    let copied = from === to ? 0 : await copy(move);
    onProgress(`bucket ${bucket} is copied to "${to}" while it goes on in "${from}"`);
    if (from !== to) {
      await set(move, from, { isOpen: false, turn: moving.version });
      onProgress(`bucket ${bucket} takes nothing any more in "${from}"`);
      copied += await copy(move);
    }
    const proof = await prove(move);
    onProgress(`${proof.entries} entries of bucket ${bucket} read the same in "${to}"`);
    if (from === to) return { bucket, from, to, copied, ...proof, version: moving.version };
    await set(move, to, { isOpen: true, turn: moving.version });
    onProgress(`bucket ${bucket} is open in "${to}"`);
    const version = await finish(move, moving);
    onProgress(`the map says that bucket ${bucket} is in "${to}"`);
    return { bucket, from, to, copied, ...proof, version };
  } finally {
    topology.close();
  }
}

/** The map that says that the bucket is on its way, or open where it is to be. Its version is above all turns that either place had of the bucket. */
async function begin(topology: Topology, bucket: number, to: string, patience: Patience): Promise<BucketMap> {
  for (;;) {
    const map = await topology.refresh(patience);
    const { places, moving } = map;
    const from = places[bucket];
    if (from === undefined)
      throw new EtcdError('topology', `the log has no bucket ${bucket}: its buckets are 0 to ${places.length - 1}`);
    if (moving !== null && (moving.bucket !== bucket || (moving.to !== to && from !== to)))
      throw endFirst(moving, places[moving.bucket] ?? '');
    if (from !== to) await topology.claim(to, patience);
    const [here, there] = [await topology.guard(from, bucket, patience), await topology.guard(to, bucket, patience)];
    const turn = Math.max(here.turn, there.turn);
    if (from === to ? moving === null && here.isOpen : moving !== null && turn <= map.version) return map;
    const next = {
      version: Math.max(map.version, turn) + 1,
      places,
      moving: from === to ? null : { bucket, to },
    };
    if (!(await topology.replace(next, map, patience))) continue;
    if (from === to) await reopen(topology, bucket, { to, left: moving?.to ?? null, turn: next.version }, patience);
    return next;
  }
}

/** Opens a bucket again where the map says that it is, and closes it where it was to go, if that is there. */
async function reopen(
  topology: Topology,
  bucket: number,
  { to, left, turn }: { readonly to: string; readonly left: string | null; readonly turn: number },
  patience: Patience,
): Promise<void> {
  if (left !== null)
    await topology.setGuard(left, bucket, { isOpen: false, turn }, { withinMs: LEFT_MS }).catch(() => false);
  if (!(await topology.setGuard(to, bucket, { isOpen: true, turn }, patience))) throw movedOn(bucket);
}

const endFirst = ({ bucket, to }: NonNullable<BucketMap['moving']>, from: string): EtcdError =>
  new EtcdError(
    'topology',
    `bucket ${bucket} is being moved to "${to}", by somebody or until it was interrupted: end that first: canswarm migrate bucket ${bucket} --to ${to}, or take it back: --to ${from}`,
  );

async function finish({ topology, bucket, to, patience }: Move, moving: BucketMap): Promise<number> {
  const places = moving.places.with(bucket, to);
  const version = moving.version + 1;
  if (await topology.replace({ version, places, moving: null }, moving, patience)) return version;
  const now = await topology.map(patience);
  if (now.places[bucket] === to) return now.version;
  throw movedOn(bucket);
}

async function set(
  { topology, bucket, patience }: Move,
  name: string,
  guard: { isOpen: boolean; turn: number },
): Promise<void> {
  if (await topology.setGuard(name, bucket, guard, patience)) return;
  throw movedOn(bucket);
}

const movedOn = (bucket: number): EtcdError =>
  new EtcdError('topology', `somebody else moved bucket ${bucket} on meanwhile: see where it is: canswarm doctor`);

/** Gives the target what it lacks; how many entries that were. */
async function copy({ topology, bucket, from, source, target, patience }: Move): Promise<number> {
  const { layout } = topology;
  const there = new Set<string>();
  for await (const key of keysOf(target, layout.contentOf(bucket), patience)) there.add(key);
  let copied = 0;
  let batch: KeyValue[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const success = batch.map(({ key, value }) => ({ put: { key, value } }));
    await target.txn({ compare: [], success, failure: [] }, patience);
    copied += batch.length;
    [batch, bytes] = [[], 0];
  };
  const missing: Uint8Array[] = [];
  for await (const key of keysOf(source, layout.contentOf(bucket), patience))
    if (!there.has(key)) missing.push(Buffer.from(key, 'latin1'));
  for await (const kv of valuesOf(source, missing, patience)) {
    if (kv === null || !isWhole(kv)) throw ofBucket(spoilt(bucket, from), bucket, from);
    if (batch.length >= PUTS_MAX || (batch.length > 0 && bytes + bodyBytes(kv.value) > PUT_BYTES_MAX)) await flush();
    batch.push(kv);
    bytes += bodyBytes(kv.value);
  }
  if (batch.length > 0) await flush();
  return copied;
}

/** Reads all that the source has where it was copied to. */
async function prove({
  topology,
  bucket,
  to,
  source,
  target,
  patience,
}: Move): Promise<Pick<MovedBucket, 'entries' | 'bytes' | 'digest'>> {
  const keys: Uint8Array[] = [];
  for await (const key of keysOf(source, topology.layout.contentOf(bucket), patience))
    keys.push(Buffer.from(key, 'latin1'));
  const hashes: Uint8Array[] = [];
  let bytes = 0;
  for await (const kv of valuesOf(target, keys, patience)) {
    if (kv === null || !isWhole(kv)) throw spoilt(bucket, to);
    bytes += kv.value.length;
    hashes.push(kv.key.subarray(-HASH_BYTES));
  }
  return { entries: hashes.length, bytes, digest: hashOf('sha256', Buffer.concat(hashes), 'hex') };
}

const HASH_BYTES = 32;
const isWhole = ({ key, value }: KeyValue): boolean => sha256(value).equals(key.subarray(-HASH_BYTES));

const spoilt = (bucket: number, name: string): EtcdError =>
  new EtcdError(
    'damaged',
    `content of bucket ${bucket} in the cluster "${name}" is not what was written: restore that cluster from a snapshot`,
  );

/** Keys in their order, as latin1. */
async function* keysOf(
  client: EtcdClient,
  { key, end }: { readonly key: Uint8Array; readonly end: Uint8Array },
  patience: Patience,
) {
  for (let from = key; ; ) {
    const { kvs, more } = await client.range({ key: from, end, limit: KEYS_MAX, keysOnly: true }, patience);
    for (const kv of kvs) yield Buffer.from(kv.key).toString('latin1');
    const last = kvs.at(-1);
    if (!more || last === undefined) return;
    from = Buffer.concat([last.key, Buffer.of(0)]);
  }
}

/** Keys with their values, in the order given; null for one that is not there. */
async function* valuesOf(client: EtcdClient, keys: readonly Uint8Array[], patience: Patience) {
  for (let from = 0; from < keys.length; from += READ_MAX) {
    const success = keys.slice(from, from + READ_MAX).map((key) => ({ range: { key } }));
    const { answers } = await client.txn({ compare: [], success, failure: [] }, patience);
    for (const answer of answers) yield 'range' in answer ? (answer.range.kvs[0] ?? null) : null;
  }
}
