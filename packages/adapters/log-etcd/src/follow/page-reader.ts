import type { EtcdClient, Patience } from '../client.ts';
import { EtcdError } from '../etcd-error.ts';
import { damaged } from '../group-value.ts';
import { revisionOf, type ShardLayout } from '../layout.ts';
import type { KeyValue } from '../wire/answers.ts';

/** Keys that are asked for at once. */
const KEYS_MAX = 4_096;
const PAGES_MAX = 256;
/** Groups whose values are asked for at once, and their bytes. */
const VALUES_MAX = 100;
const VALUES_BYTES = 4 * 1024 * 1024;

export interface ListedPage {
  readonly number: number;
  /** The revision that opened it; its groups have later ones. */
  readonly since: number;
}

/** A group of a page, before its value is read. */
export interface ListedGroup {
  readonly key: Uint8Array;
  readonly name: string;
  readonly revision: number;
  readonly valueBytes: number;
  readonly count: number;
  /** Indices of entries that do not count. */
  readonly marks: ReadonlySet<number>;
}

/** Reads a shard by its pages, whatever of etcd's history is still there. Rejects with an EtcdError. */
export class PageReader {
  readonly #client: EtcdClient;
  readonly #shard: ShardLayout;
  readonly #patience: Patience;

  constructor(client: EtcdClient, shard: ShardLayout, patience: Patience) {
    this.#client = client;
    this.#shard = shard;
    this.#patience = patience;
  }

  /**
   * The pages that may have groups after a revision, in order, and a revision up to which no other page has any. Throws
   * `lost` when the cluster has not come as far as `known`, a revision that was read from it.
   */
  async pagesAfter(
    after: number,
    known: number,
  ): Promise<{ readonly pages: readonly ListedPage[]; readonly upTo: number }> {
    const pages: ListedPage[] = [];
    let upTo: number | null = null;
    for (let end = this.#shard.pages.end; ; ) {
      const range = { key: this.#shard.pages.key, end, limit: PAGES_MAX, descending: true, keysOnly: true };
      const { kvs, more, revision } = await this.#client.range(range, this.#patience);
      upTo ??= revision;
      assertNotLost(revision, known);
      for (const { key, createRevision } of kvs) {
        pages.push({ number: this.#shard.pageOf(key), since: createRevision });
        if (createRevision <= after) return { pages: pages.toReversed(), upTo };
      }
      const last = kvs.at(-1);
      if (!more || last === undefined) break;
      end = last.key;
    }
    return { pages: [{ number: 0, since: 0 }, ...pages.toReversed()], upTo };
  }

  /** The groups of a page as of some moment in the call, in their order. */
  async groupsOf(page: number): Promise<readonly ListedGroup[]> {
    const { key, end } = this.#shard.groupsOf(page);
    const groups = new Map<string, { kv: KeyValue; valueBytes: number; count: number }>();
    const marks = new Map<string, Set<number>>();
    let asOf: number | null = null;
    for (let from = key; ; ) {
      const range = { key: from, end, limit: KEYS_MAX, keysOnly: true };
      const { kvs, more, revision } = await this.#client.range(range, this.#patience);
      asOf ??= revision;
      for (const kv of kvs) {
        const told = this.#shard.readGroupKey(kv.key);
        // What came after the first answer may be here in part.
        if (told === null || kv.createRevision > asOf) continue;
        if (told.mark === null) groups.set(told.group, { kv, valueBytes: told.valueBytes, count: told.count });
        else marks.set(told.group, (marks.get(told.group) ?? new Set()).add(told.mark));
      }
      const last = kvs.at(-1);
      if (!more || last === undefined) break;
      // The least key that comes after the last.
      from = Buffer.concat([last.key, Buffer.of(0)]);
    }
    return [...groups]
      .map(([name, { kv, valueBytes, count }]) => {
        return {
          key: kv.key,
          name,
          revision: kv.createRevision,
          valueBytes,
          count,
          marks: marks.get(name) ?? new Set(),
        };
      })
      .sort((one, other) => one.revision - other.revision);
  }

  /** Each group with its value, in the order given, read some at a time. */
  async *valuesOf(groups: readonly ListedGroup[]): AsyncGenerator<readonly [ListedGroup, Uint8Array], void, undefined> {
    for (let from = 0; from < groups.length; ) {
      let [to, bytes] = [from, 0];
      for (; to < groups.length && to - from < VALUES_MAX; to += 1) {
        bytes += groups[to]?.valueBytes ?? 0;
        if (to > from && bytes > VALUES_BYTES) break;
      }
      const wanted = groups.slice(from, to);
      const success = wanted.map(({ key }) => ({ range: { key } }));
      const { answers } = await this.#client.txn({ compare: [], success, failure: [] }, this.#patience);
      for (const [i, group] of wanted.entries()) {
        const answer = answers[i];
        const kv = answer !== undefined && 'range' in answer ? answer.range.kvs[0] : undefined;
        if (kv === undefined) throw damaged(group.name, 'it is gone');
        yield [group, kv.value];
      }
      from = to;
    }
  }

  /** A piece of a large group. */
  async part(group: string, part: number): Promise<Uint8Array> {
    const { kvs } = await this.#client.range({ key: this.#shard.part(group, part) }, this.#patience);
    const [kv] = kvs;
    if (kv === undefined) throw damaged(group, `its part ${part} is gone`);
    return kv.value;
  }
}

function assertNotLost(revision: number, known: number): void {
  if (revision >= known) return;
  throw lost(`the cluster is at revision ${revision}, and ${known} was read from it before`);
}

/** The cluster does not have what it had. */
export const lost = (what: string): EtcdError =>
  new EtcdError(
    'lost',
    `${what}: the cluster lost entries, was restored from an old snapshot, or is another one; name the right one, restore a newer snapshot, or give every node of this network a new place to read from`,
  );

/** The revision that a cursor is of. */
export const knownRevision = (cursor: number): number => (cursor === 0 ? 0 : revisionOf(cursor));
