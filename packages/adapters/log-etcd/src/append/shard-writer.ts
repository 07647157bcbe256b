import { randomBytes } from 'node:crypto';
import { movedMessage } from '@canswarm/ports';
import type { EtcdClient, Patience } from '../client.ts';
import { EtcdError } from '../etcd-error.ts';
import { bodyBytes, inlineValue, partsValue } from '../group-value.ts';
import type { KnownEntries } from '../known-entries.ts';
import { bucketsIn, FORMAT, GROUP_UNIQUE_BYTES, groupName, type Layout, placeIn, type ShardLayout } from '../layout.ts';
import type { KeyValue, TxnAnswer } from '../wire/answers.ts';
import { type Group, groupTxn, maySupposeNew, newGroupTxn } from './group-txn.ts';

/** A page is full after so many revisions of the cluster, or so many bytes of ours: readers take a page at a time. */
const PAGE_REVISIONS = 512;
const PAGE_BYTES = 16 * 1024 * 1024;
/** Body of a request, or of a part. A request has room for 1.5 MiB, and of keys it takes at most a third of that. */
export const BODY_BYTES_MAX = 960 * 1024;
/** Parts whose group never comes go after this time. */
const PART_SECONDS = 600;
/** How often a page may have been closed under a write before something else must be wrong. */
const PAGE_TRIES = 64;

interface Page {
  readonly number: number;
  /** The revision at which it was first seen here, and what was written to it from here. */
  readonly since: number;
  bytes: number;
}

export interface ShardWriterOptions {
  readonly client: EtcdClient;
  readonly layout: Layout;
  readonly shard: ShardLayout;
  readonly known: KnownEntries;
  readonly patience: Patience;
  /** What stands under `format` where this writer may write. */
  readonly format: () => string;
}

/** Writes groups of entries to one shard. Several groups may be under way at once. */
export class ShardWriter {
  readonly #options: ShardWriterOptions;
  #page: Page | null = null;
  #finding: Promise<Page> | null = null;

  constructor(options: ShardWriterOptions) {
    this.#options = options;
  }

  /**
   * Adds entries that are all different, all or none of them. Rejects with an EtcdError; unless it is `no_space`, they may be
   * there all the same.
   */
  async write(entries: readonly Uint8Array[], hashes: readonly Buffer[]): Promise<void> {
    const group = await this.#prepare(entries, hashes);
    let supposeNew = maySupposeNew(group);
    for (let tries = 0; tries < PAGE_TRIES; tries += 1) {
      const page = await this.#lastPage();
      let uncertain = tries > 0;
      const txn = supposeNew ? newGroupTxn : groupTxn;
      const answer = await this.#add(txn, group, page, () => {
        uncertain = true;
      }).catch((error: unknown) => {
        throw uncertain ? notCertain(error) : error;
      });
      if (answer.succeeded || this.#isThere(answer)) {
        for (const hash of hashes) this.#options.known.add(hash);
        page.bytes += group.value.length;
        this.#turnPage(page, answer.revision);
        return;
      }
      // The page was closed, or an entry was there before: what adds what is new of it copes with both.
      supposeNew = false;
      this.#takePage(answer);
    }
    throw new EtcdError(
      'refused',
      `another page was opened before each of ${PAGE_TRIES} writes: is a writer gone mad?`,
    );
  }

  #add(txn: typeof groupTxn, group: Group, page: Page, onRetry: () => void): Promise<TxnAnswer> {
    const { client, layout, shard, patience } = this.#options;
    const format = { key: layout.format, value: Buffer.from(this.#options.format()) };
    return client.txn(txn(shard, format, page.number, group), { ...patience, onRetry });
  }

  /** Whether what was refused is there from a try whose answer was lost. Throws when the log is not of our format. */
  #isThere({ answers }: TxnAnswer): boolean {
    const [format, , own] = answers.map((answer) => ('range' in answer ? answer.range.kvs[0] : undefined));
    if (format === undefined)
      throw new EtcdError('lost', 'etcd has no log under this prefix any more: restore the cluster from a snapshot');
    assertFormat(format.value, this.#options.format());
    return own !== undefined;
  }

  async #prepare(entries: readonly Uint8Array[], hashes: readonly Buffer[]): Promise<Group> {
    const parts = inParts(entries);
    const unique = randomBytes(GROUP_UNIQUE_BYTES);
    if (parts.length === 1) {
      const value = inlineValue(entries);
      return { name: groupName(value.length, entries.length, unique), value, hashes, parts: 0 };
    }
    const value = partsValue(parts.length);
    const name = groupName(value.length, entries.length, unique);
    const { client, shard, patience } = this.#options;
    const lease = await client.grant(PART_SECONDS, patience);
    for (const [part, own] of parts.entries()) {
      await client.put({ key: shard.part(name, part), value: inlineValue(own), lease }, patience);
    }
    return { name, value, hashes, parts: parts.length };
  }

  async #lastPage(): Promise<Page> {
    if (this.#page !== null) return this.#page;
    this.#finding ??= this.#findPage().finally(() => {
      this.#finding = null;
    });
    const found = await this.#finding;
    this.#page ??= found;
    return this.#page;
  }

  async #findPage(): Promise<Page> {
    const { client, shard, patience } = this.#options;
    const { kvs, revision } = await client.range(
      { ...shard.pages, limit: 1, descending: true, keysOnly: true },
      patience,
    );
    return this.#pageAt(kvs[0], revision);
  }

  #pageAt(last: KeyValue | undefined, revision: number): Page {
    if (last === undefined) return { number: 0, since: revision, bytes: 0 };
    return { number: this.#options.shard.pageOf(last.key), since: last.createRevision, bytes: 0 };
  }

  /** Goes on to the page that the answer names, unless somebody here has gone on already. */
  #takePage({ answers, revision }: TxnAnswer): void {
    const [, pages] = answers;
    this.#goTo(this.#pageAt(pages !== undefined && 'range' in pages ? pages.range.kvs[0] : undefined, revision));
  }

  #goTo(next: Page): void {
    if (this.#page === null || next.number > this.#page.number) this.#page = next;
  }

  /** Opens the next page when this one is full. Whoever comes second finds it open, and it does not matter if nobody does. */
  #turnPage(page: Page, revision: number): void {
    const isFull = revision - page.since >= PAGE_REVISIONS || page.bytes >= PAGE_BYTES;
    if (!isFull) return;
    const { client, shard, patience } = this.#options;
    const key = shard.page(page.number + 1);
    page.bytes = 0;
    const opened = client.txn({ compare: [{ absent: key }], success: [{ put: { key } }], failure: [] }, patience);
    void opened.then(
      (answer) => this.#goTo({ number: page.number + 1, since: answer.revision, bytes: 0 }),
      () => {},
    );
  }
}

/** Throws an EtcdError: `moved` where the log was moved, `format` where it is of no format of ours; unless `due` stands there. */
export function assertFormat(value: Uint8Array, due: string): void {
  const found = Buffer.from(value).toString();
  if (found === due) return;
  const place = placeIn(found);
  if (place !== null) throw new EtcdError('moved', movedMessage('the decision log in etcd', place));
  const [buckets, ours] = [bucketsIn(found), bucketsIn(due)];
  if (buckets !== null && buckets !== ours) {
    const what = `the log in etcd has ${buckets} buckets, and this network's genesis says ${ours}`;
    throw new EtcdError('topology', `${what}: is it another network's, or the genesis of another?`);
  }
  if (buckets !== null) {
    const what = 'the log in etcd is kept there by now: somebody else ended the move that was under way';
    throw new EtcdError('refused', `${what}: do the same again`);
  }
  throw new EtcdError(
    'format',
    `the log in etcd is written as "${found.slice(0, 80)}", and this version of canswarm writes "${FORMAT}": use the version that wrote it, or a newer one`,
  );
}

/** Whatever it says was not written may have been written by an earlier try. */
function notCertain(error: unknown): unknown {
  if (!(error instanceof EtcdError) || error.code !== 'full') return error;
  return new EtcdError('refused', `${error.message}; whether an earlier try came through is not known`, {
    cause: error,
  });
}

/** Entries in pieces that fit a request. */
function inParts(entries: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const parts: Uint8Array[][] = [[]];
  let size = 0;
  for (const entry of entries) {
    size += bodyBytes(entry);
    if (size > BODY_BYTES_MAX && parts.at(-1)?.length !== 0) {
      parts.push([]);
      size = bodyBytes(entry);
    }
    parts.at(-1)?.push(entry);
  }
  return parts;
}
