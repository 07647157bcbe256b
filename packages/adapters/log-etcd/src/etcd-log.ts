import {
  assertAppend,
  assertCursor,
  assertShard,
  type LogFollower,
  type LogMark,
  logFollower,
  type MovableLog,
  type RecordsHandler,
  StorageError,
  type Subscription,
} from '@canswarm/ports';
import { GroupCommit } from './append/group-commit.ts';
import { assertFormat, ShardWriter } from './append/shard-writer.ts';
import { type ClientOptions, EtcdClient, type EtcdTls, type EtcdUser, type Patience } from './client.ts';
import { EtcdError } from './etcd-error.ts';
import { isTooOld, LEAST_VERSION } from './examine.ts';
import { PageReader } from './follow/page-reader.ts';
import { ShardReader } from './follow/shard-reader.ts';
import { KnownEntries } from './known-entries.ts';
import { cursorOf, type Layout, layoutOf, placeIn, type ShardLayout } from './layout.ts';
import { readMark, setMark } from './log-mark.ts';
import { assertSaid, Presence, type PresenceOptions } from './presence.ts';
import type { KeyValue } from './wire/answers.ts';

export interface EtcdLogOptions {
  /** `http://host:port` or https, of members of one cluster; more than one, so that any may fail. */
  readonly endpoints: readonly string[];
  /** What the keys of this log begin with: printable, no `/` at its end. Another network's log has another. */
  readonly prefix: string;
  readonly tls?: EtcdTls;
  readonly user?: EtcdUser;
  /** How long an append, or opening, is tried while the cluster does not answer, ms. Default 15 000. */
  readonly patienceMs?: number;
  /** Bytes of appends that may wait; beyond, an append is refused as `locked`. Default 64 MiB. */
  readonly waitingBytesMax?: number;
  /** In how many buckets its content is, where it is spread: this log then keeps the order alone. Default 1. */
  readonly buckets?: number;
  /** To read and extend it although it was moved: for who moves it. Default false. */
  readonly toMove?: boolean;
  /** Has whoever looks who is at the log see that somebody is, until it is closed. */
  readonly presence?: PresenceOptions;
  /** Told when followers have read nothing for a while, with the reason, and null when they can again. */
  readonly onTrouble?: (trouble: EtcdError | null) => void;
}

const STATUS_MS = 2_000;
const READ_MS = 5_000;
/** A follower goes on by itself: it only wants to know soon. */
const FOLLOW_MS = 1_000;
const WAITING_BYTES = 64 * 1024 * 1024;
const PREFIX = /^[A-Za-z0-9._/-]{0,199}[A-Za-z0-9._-]$/;

/**
 * Opens the decision log that an etcd cluster keeps under a prefix; begins it when it is not there. Rejects with an EtcdError
 * when the cluster does not answer, is too old, does not let us in, or has a log of another format.
 */
export async function openEtcdLog(options: EtcdLogOptions): Promise<MovableLog> {
  if (!PREFIX.test(options.prefix))
    throw new StorageError('invalid', `"${options.prefix}" is no prefix of a log in etcd`);
  if (options.presence !== undefined) assertSaid(options.presence);
  if (options.endpoints.length === 0) throw new StorageError('invalid', 'no endpoint of etcd is named');
  const client = new EtcdClient(options);
  const patience = { withinMs: options.patienceMs ?? 15_000 };
  const layout = layoutOf(options.prefix, options.buckets);
  try {
    const moved = await begin(client, layout, { patience, toMove: options.toMove ?? false });
    return new EtcdLog(client, layout, { ...options, patience, moved });
  } catch (error) {
    client.close();
    throw error;
  }
}

/** Whether the cluster keeps a log under a prefix. Rejects with an EtcdError when it does not answer within the time, or not to us. */
export async function hasEtcdLog(access: ClientOptions, prefix: string, withinMs: number): Promise<boolean> {
  const client = new EtcdClient(access);
  try {
    const { kvs } = await client.range({ key: layoutOf(prefix).format }, { withinMs });
    return kvs.length > 0;
  } finally {
    client.close();
  }
}

/** Reads our format, or writes it where there is none; where the log was moved to, or null. Nothing is written to a cluster that is none to work with. */
async function begin(
  client: EtcdClient,
  { format, formatOf }: Layout,
  { patience, toMove }: { readonly patience: Patience; readonly toMove: boolean },
): Promise<string | null> {
  const { kvs } = await client.range({ key: format }, patience);
  await assertCluster(client);
  const [kv] = kvs.length > 0 ? kvs : await makeFormat(client, format, formatOf(null), patience);
  const place = kv === undefined ? null : placeIn(Buffer.from(kv.value).toString());
  if (kv !== undefined) assertFormat(kv.value, formatOf(toMove ? place : null));
  return place;
}

/** What somebody else has written meanwhile, if anybody has. */
async function makeFormat(
  client: EtcdClient,
  format: Uint8Array,
  ours: string,
  patience: Patience,
): Promise<readonly KeyValue[]> {
  const { answers } = await client.txn(
    {
      compare: [{ absent: format }],
      success: [{ put: { key: format, value: Buffer.from(ours) } }],
      failure: [{ range: { key: format } }],
    },
    patience,
  );
  const [answer] = answers;
  return answer !== undefined && 'range' in answer ? answer.range.kvs : [];
}

/** Throws when a member that answers is too old, or of another cluster than the others. */
async function assertCluster(client: EtcdClient): Promise<void> {
  const statuses = await client.statuses(STATUS_MS);
  const clusters = new Map<string, string>();
  for (const [i, status] of statuses.entries()) {
    if (status instanceof EtcdError) continue;
    const endpoint = client.endpoints[i] ?? '';
    if (isTooOld(status.version)) {
      const what = `etcd at ${endpoint} is version ${status.version}, and ${LEAST_VERSION} or newer is needed`;
      throw new EtcdError('version', `${what}: upgrade it, one member after another`);
    }
    clusters.set(status.clusterId, endpoint);
  }
  if (clusters.size > 1) {
    const what = `the endpoints ${[...clusters.values()].join(' and ')} are of different clusters`;
    throw new EtcdError('cluster', `${what}: each would have a log of its own; name members of one cluster`);
  }
}

interface Settings extends EtcdLogOptions {
  readonly patience: Patience;
  /** Where it was moved to when it was opened, or null. */
  readonly moved: string | null;
}

/** What a shard has open. */
interface Shard {
  readonly layout: ShardLayout;
  readonly known: KnownEntries;
  readonly commits: GroupCommit;
}

class EtcdLog implements MovableLog {
  readonly #client: EtcdClient;
  readonly #layout: Layout;
  readonly #settings: Settings;
  readonly #shards = new Map<string, Shard>();
  readonly #followers = new Set<LogFollower>();
  readonly #presence: Presence | null;
  /** Where it was moved to, as far as this one may work all the same. */
  #moved: string | null;
  /** Why no follower goes on. */
  #failure: EtcdError | null = null;
  #closed = false;

  constructor(client: EtcdClient, layout: Layout, settings: Settings) {
    this.#client = client;
    this.#layout = layout;
    this.#settings = settings;
    this.#moved = settings.moved;
    this.#presence = settings.presence === undefined ? null : new Presence(client, layout, settings.presence);
  }

  async append(shard: string, entries: readonly Uint8Array[]): Promise<void> {
    this.#assertOpen();
    assertAppend(shard, entries);
    await this.#noticing(this.#shard(shard).commits.append(entries));
  }

  follow(name: string, after: number, onRecords: RecordsHandler): Subscription {
    this.#assertOpen();
    assertShard(name);
    assertCursor(after);
    const { layout, known } = this.#shard(name);
    const { onTrouble = () => {} } = this.#settings;
    const patience = { withinMs: FOLLOW_MS };
    const onMore = (): void => follower.wake();
    const reader = new ShardReader({ client: this.#client, shard: layout, after, known, patience, onMore, onTrouble });
    const follower = logFollower({
      after,
      onRecords,
      hasMore: () => {
        if (this.#failure !== null) throw this.#failure;
        return reader.hasMore;
      },
      read: () => reader.take(),
      schedule: (task) => {
        const immediate = setImmediate(task);
        return () => clearImmediate(immediate);
      },
      onOver: () => {
        this.#followers.delete(follower);
        reader.stop();
      },
    });
    this.#followers.add(follower);
    return follower.subscription;
  }

  /** Asks the majority: an entry whose append has resolved anywhere is counted. */
  async head(name: string): Promise<number> {
    this.#assertOpen();
    assertShard(name);
    await this.#noticing(this.#assertHere());
    const pages = new PageReader(this.#client, this.#shard(name).layout, { withinMs: READ_MS });
    const { pages: listed } = await pages.pagesAfter(0, 0);
    for (const { number } of listed.toReversed()) {
      for (const { revision, count, marks } of (await pages.groupsOf(number)).toReversed()) {
        for (let index = count - 1; index >= 0; index -= 1) if (!marks.has(index)) return cursorOf(revision, index);
      }
    }
    return 0;
  }

  async mark(): Promise<LogMark> {
    this.#assertOpen();
    const { mark } = await readMark(this.#client, this.#layout, { withinMs: READ_MS });
    return mark;
  }

  async setMark(mark: LogMark, was: LogMark): Promise<boolean> {
    this.#assertOpen();
    const { patience, toMove = false } = this.#settings;
    const isSet = await setMark(this.#client, this.#layout, { mark, was }, patience);
    if (isSet && toMove) this.#moved = mark.place;
    return isSet;
  }

  async #assertHere(): Promise<void> {
    const { kvs } = await this.#client.range({ key: this.#layout.format }, { withinMs: READ_MS });
    const { formatOf } = this.#layout;
    assertFormat(kvs[0]?.value ?? Buffer.from(formatOf(null)), formatOf(this.#moved));
  }

  /** Ends all followers where it comes out that the log was moved. */
  async #noticing<T>(done: Promise<T>): Promise<T> {
    try {
      return await done;
    } catch (error) {
      if (!(error instanceof EtcdError) || error.fault !== 'moved') throw error;
      this.#failure = error;
      for (const follower of [...this.#followers]) follower.wake();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#shards.values()].map(({ commits }) => commits.idle()));
    await Promise.all([...this.#followers].map(({ subscription }) => subscription.close()));
    await this.#presence?.close();
    this.#client.close();
  }

  #shard(name: string): Shard {
    let shard = this.#shards.get(name);
    if (shard === undefined) {
      shard = this.#openShard(name);
      this.#shards.set(name, shard);
    }
    return shard;
  }

  #openShard(name: string): Shard {
    const [layout, known] = [this.#layout.shard(name), new KnownEntries()];
    const { patience, waitingBytesMax = WAITING_BYTES } = this.#settings;
    const writer = new ShardWriter({
      client: this.#client,
      layout: this.#layout,
      shard: layout,
      known,
      patience,
      format: () => this.#layout.formatOf(this.#moved),
    });
    const write = (entries: readonly Uint8Array[], hashes: readonly Buffer[]): Promise<void> =>
      writer.write(entries, hashes);
    return { layout, known, commits: new GroupCommit({ write, known, waitingBytesMax }) };
  }

  #assertOpen(): void {
    if (this.#closed) throw new StorageError('closed', 'the decision log in etcd is closed');
  }
}
