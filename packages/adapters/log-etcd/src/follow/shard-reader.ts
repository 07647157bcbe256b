import { LOG_FOLLOW_MAX, type LogRecord } from '@canswarm/ports';
import type { EtcdClient, Patience } from '../client.ts';
import { EtcdError, etcdError } from '../etcd-error.ts';
import { damaged, readValue } from '../group-value.ts';
import type { Duplex } from '../grpc/connection.ts';
import type { KnownEntries } from '../known-entries.ts';
import { cursorOf, type ShardLayout, sha256 } from '../layout.ts';
import { type KeyValue, watchAnswer } from '../wire/answers.ts';
import { watchBytes } from '../wire/requests.ts';
import { knownRevision, type ListedGroup, lost, PageReader } from './page-reader.ts';

/** Bytes that are read ahead of the handler, at most but for one group, and where reading goes on. */
const AHEAD_BYTES = 8 * 1024 * 1024;
const AHEAD_BYTES_LOW = 4 * 1024 * 1024;
/** Bytes after which a batch is full. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** Between tries when the cluster does not answer: doubled from the first figure to the second, ms. */
const PAUSE_MS = 20;
const PAUSE_MS_MAX = 1_000;
/** Trouble is told when nothing could be read for so long, ms: a new leader takes less. */
const TROUBLE_MS = 3_000;

export interface ShardReaderOptions {
  readonly client: EtcdClient;
  readonly shard: ShardLayout;
  readonly after: number;
  readonly known: KnownEntries;
  readonly patience: Patience;
  /** There are records to take, or a failure to be told of. */
  readonly onMore: () => void;
  /** Told why nothing can be read for now, and null when it can again. */
  readonly onTrouble: (trouble: EtcdError | null) => void;
}

/**
 * Reads a shard ahead of its handler: what there is by its pages, what comes by a watch, and by the pages again whenever the
 * watch breaks or the history that it would need was compacted. A handler that is slow holds up the reading, and that the
 * server's sending.
 *
 * Invariants: every record with a cursor up to that of the last one put into `#ahead` was put there, once, in order; every
 * group up to `#revision` was read.
 */
export class ShardReader {
  readonly #options: ShardReaderOptions;
  readonly #pages: PageReader;
  readonly #ahead: LogRecord[] = [];
  #aheadBytes = 0;
  #cursor: number;
  #revision: number;
  /** The revision of the cursor that is begun after, until its group was found; null then, and for a beginning from nothing. */
  #begin: number | null;
  #failure: { readonly error: unknown } | null = null;
  #room: PromiseWithResolvers<void> | null = null;
  #stream: Duplex | null = null;
  #stopped = false;

  constructor(options: ShardReaderOptions) {
    this.#options = options;
    this.#pages = new PageReader(options.client, options.shard, options.patience);
    this.#cursor = options.after;
    this.#begin = options.after === 0 ? null : knownRevision(options.after);
    // The group that the cursor is in may have more entries after it.
    this.#revision = Math.max(0, knownRevision(options.after) - 1);
    void this.#run();
  }

  /** Whether `take` has anything. Throws what ended the reading, once all records before it are taken. */
  get hasMore(): boolean {
    if (this.#ahead.length > 0) return true;
    if (this.#failure !== null) throw this.#failure.error;
    return false;
  }

  /** The next records, a batch at most. */
  take(): readonly LogRecord[] {
    let [count, bytes] = [0, 0];
    for (const record of this.#ahead) {
      if (count >= LOG_FOLLOW_MAX || bytes >= BATCH_BYTES) break;
      count += 1;
      bytes += record.bytes.length;
    }
    this.#aheadBytes -= bytes;
    if (this.#aheadBytes <= AHEAD_BYTES_LOW) this.#room?.resolve();
    return this.#ahead.splice(0, count);
  }

  stop(): void {
    this.#stopped = true;
    this.#stream?.close();
    this.#room?.resolve();
  }

  async #run(): Promise<void> {
    const { onTrouble, onMore } = this.#options;
    let [failed, since, isTold] = [0, 0, false];
    while (!this.#stopped) {
      try {
        await this.#readPages();
        if (isTold) onTrouble(null);
        [failed, isTold] = [0, false];
        await this.#watch();
      } catch (error) {
        if (this.#stopped) return;
        const failure = etcdError(error);
        if (failure.code === 'corrupt' || failure.code === 'newer') {
          this.#failure = { error: failure };
          onMore();
          return;
        }
        if (failed === 0) since = performance.now();
        failed += 1;
        if (!isTold && performance.now() - since > TROUBLE_MS) {
          isTold = true;
          onTrouble(failure);
        }
        const pauseMs = Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** Math.min(failed, 8));
        await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random() / 2)));
      }
    }
  }

  async #readPages(): Promise<void> {
    const { pages, upTo } = await this.#pages.pagesAfter(this.#revision, knownRevision(this.#cursor));
    for (const { number } of pages) {
      const after = this.#revision;
      const groups = (await this.#pages.groupsOf(number)).filter(({ revision }) => revision > after);
      const [first] = groups;
      if (first !== undefined) this.#assertBegin(first.revision);
      for await (const [group, value] of this.#pages.valuesOf(groups)) {
        await this.#add(group, value);
        if (this.#stopped) return;
      }
    }
    this.#assertBegin(null);
    this.#revision = Math.max(this.#revision, upTo);
  }

  /** What was read last, perhaps in an earlier life, must still stand there: else this is another log. */
  #assertBegin(revision: number | null): void {
    const begin = this.#begin;
    this.#begin = null;
    if (begin === null || begin === revision) return;
    throw lost(
      `nothing was added at revision ${begin}, where an entry was read before: it is not the log that was read`,
    );
  }

  /** Follows what comes until the watch has no history to begin with. Throws when it breaks. */
  async #watch(): Promise<void> {
    const { client, shard } = this.#options;
    const { stream, leave } = await client.open('Watch/Watch');
    this.#stream = stream;
    try {
      if (this.#stopped) return;
      stream.send(watchBytes({ ...shard.groups, startRevision: this.#revision + 1 }));
      let puts: KeyValue[] = [];
      for await (const message of stream.messages) {
        const answer = watchAnswer(message);
        if (answer.canceled) {
          if (answer.compactRevision > 0) return;
          throw new EtcdError('no_quorum', `the watch was ended: ${answer.cancelReason}`);
        }
        puts = await this.#addRevisions([...puts, ...answer.puts], answer.fragment);
        if (this.#stopped) return;
      }
      throw new EtcdError('unreachable', 'the watch ended');
    } catch (error) {
      leave();
      throw error;
    } finally {
      stream.close();
      this.#stream = null;
    }
  }

  /** Adds the groups of each revision that is there as a whole, and gives back what is not. */
  async #addRevisions(puts: readonly KeyValue[], isPiece: boolean): Promise<KeyValue[]> {
    const last = puts.at(-1)?.modRevision;
    const isOpen = (kv: KeyValue): boolean => isPiece && kv.modRevision === last;
    const marks = new Map<string, Set<number>>();
    const groups: (readonly [Omit<ListedGroup, 'marks'>, Uint8Array])[] = [];
    for (const kv of puts) {
      const told = isOpen(kv) ? null : this.#options.shard.readGroupKey(kv.key);
      if (told === null) continue;
      const { group: name, valueBytes, count, mark } = told;
      if (mark !== null) marks.set(name, (marks.get(name) ?? new Set()).add(mark));
      else groups.push([{ key: kv.key, name, revision: kv.modRevision, valueBytes, count }, kv.value]);
    }
    for (const [group, value] of groups)
      await this.#add({ ...group, marks: marks.get(group.name) ?? new Set() }, value);
    return puts.filter(isOpen);
  }

  /** Puts a group's records ahead of the handler, when there is room. */
  async #add(group: ListedGroup, value: Uint8Array): Promise<void> {
    const read = readValue(value, group.name);
    if (typeof read !== 'number') this.#push(group, read, 0, true);
    else {
      let index = 0;
      for (let part = 0; part < read; part += 1) {
        const entries = readValue(await this.#pages.part(group.name, part), group.name);
        if (typeof entries === 'number') throw damaged(group.name, 'a part of it is no part');
        this.#push(group, entries, index, part === read - 1);
        index += entries.length;
        await this.#roomAhead();
        if (this.#stopped) return;
      }
    }
    this.#revision = group.revision;
    await this.#roomAhead();
  }

  #push(group: ListedGroup, entries: readonly Uint8Array[], from: number, isLast: boolean): void {
    const end = from + entries.length;
    if (end > group.count || (isLast && end !== group.count)) {
      throw damaged(group.name, `it has ${end} entries where its key says ${group.count}`);
    }
    for (const [i, bytes] of entries.entries()) {
      const cursor = cursorOf(group.revision, from + i);
      this.#options.known.add(sha256(bytes));
      if (cursor <= this.#cursor || group.marks.has(from + i)) continue;
      this.#ahead.push({ cursor, bytes });
      this.#aheadBytes += bytes.length;
      this.#cursor = cursor;
    }
    if (this.#ahead.length > 0) this.#options.onMore();
  }

  async #roomAhead(): Promise<void> {
    if (this.#aheadBytes < AHEAD_BYTES || this.#stopped) return;
    this.#room = Promise.withResolvers();
    await this.#room.promise;
    this.#room = null;
  }
}
