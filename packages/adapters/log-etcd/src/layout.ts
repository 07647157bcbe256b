import { hash } from 'node:crypto';
import type { LogMark } from '@canswarm/ports';

/**
 * Where the log lies in etcd, and in which bytes. Under the prefix of a log and the name of a shard:
 *
 *     format                          what wrote this log, and where it was moved to, under the prefix alone
 *     turn                            in which move that was said, in decimal, under the prefix alone; not there before the first
 *     ~nodes/<id>                     what a node that has the log open says of itself, under a lease; under the prefix alone, and no shard is called so
 *     SHARD/h/<hash>                  an entry is in the shard; the 32 bytes of its SHA-256
 *     SHARD/p/<page>                  the page was opened; page 0 needs no opening
 *     SHARD/g/<page>/<group>          a group of entries that were added in one transaction
 *     SHARD/g/<page>/<group>/<index>  that entry of the group was in the shard before: it does not count
 *     SHARD/b/<group>/<part>          a piece of a group that is too large for one request
 *
 * Invariants: of the log, keys but `format` and `turn` are made once and never changed, so an entry's place is the revision that made its group, and its index
 * there. A group is made only while its page is the last one, so all groups of a page stand before those of the next. A
 * group's marks are made with it, at the same revision, as are the keys of the hashes that it adds.
 */

/** What writes this layout; a log of another format is not touched. */
export const FORMAT = 'canswarm decision log 1';

/** The mark that both keys say. A log that was moved before turns were counted is in its first. */
export function markIn(format: string, turn: string | null): LogMark {
  const place = placeIn(format);
  return { place, turn: turn === null ? (place === null ? 0 : 1) : Number(turn) };
}

const FORM = /^canswarm decision log 1(?:, (\d+) buckets)?(?:, moved to (.*))?$/s;
/** The place in what stands under `format`; null where it is kept here. */
export const placeIn = (format: string): string | null => FORM.exec(format)?.[2] ?? null;
/** In how many buckets its content is; null for no format of ours. */
export const bucketsIn = (format: string): number | null => {
  const read = FORM.exec(format);
  return read === null ? null : Number(read[1] ?? 1);
};

/** Entries of a group, and so of a transaction: the cursor counts them below the revision. */
const GROUP_ENTRIES_MAX = 1024;

/** A revision and an index within it as one number: exact up to 2^43 revisions. */
export const cursorOf = (revision: number, index: number): number => revision * GROUP_ENTRIES_MAX + index;
export const revisionOf = (cursor: number): number => Math.floor(cursor / GROUP_ENTRIES_MAX);

/** Shortest name of a group that nobody else gives: what it is called beyond its size. */
const GROUP_ID = /^([0-9a-f]{6})([0-9a-f]{3})[0-9a-f]{20}$/;

/** The name of a group says how long its value is and how many entries it has, so that readers can plan. */
export function groupName(valueBytes: number, count: number, unique: Uint8Array): string {
  const random = Buffer.from(unique).toString('hex');
  return `${valueBytes.toString(16).padStart(6, '0')}${(count - 1).toString(16).padStart(3, '0')}${random}`;
}

/** Random bytes in a group's name. */
export const GROUP_UNIQUE_BYTES = 10;

/** What a key below `g/<page>/` says; null for one that is not of this layout. */
export interface GroupKey {
  readonly group: string;
  readonly valueBytes: number;
  readonly count: number;
  /** The entry that does not count; null for the group itself. */
  readonly mark: number | null;
}

export interface Layout {
  readonly format: Uint8Array;
  /** What stands there where the log was moved to a place, or was not (null): every writer compares it in its transaction. */
  formatOf(place: string | null): string;
  readonly turn: Uint8Array;
  readonly nodes: Prefix;
  node(id: string): Uint8Array;
  shard(name: string): ShardLayout;
}

/** All keys that begin with `key`. */
export interface Prefix {
  readonly key: Uint8Array;
  readonly end: Uint8Array;
}

export interface ShardLayout {
  hash(entryHash: Uint8Array): Uint8Array;
  page(page: number): Uint8Array;
  readonly pages: Prefix;
  pageOf(key: Uint8Array): number;
  group(page: number, group: string): Uint8Array;
  mark(page: number, group: string, index: number): Uint8Array;
  groupsOf(page: number): Prefix;
  readonly groups: Prefix;
  /** A key below `g/`, page and all. */
  readGroupKey(key: Uint8Array): GroupKey | null;
  part(group: string, part: number): Uint8Array;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const PAGE_DIGITS = 8;
const INDEX_DIGITS = 3;

/** `buckets`: in how many its content is spread; of one, entries stand in the groups themselves. */
export function layoutOf(prefix: string, buckets = 1): Layout {
  const form = buckets === 1 ? FORMAT : `${FORMAT}, ${buckets} buckets`;
  const text = (key: string): Uint8Array => Buffer.from(`${prefix}/${key}`);
  return {
    format: text('format'),
    formatOf: (place) => (place === null ? form : `${form}, moved to ${place}`),
    turn: text('turn'),
    nodes: prefixOf(text('~nodes/')),
    node: (id) => text(`~nodes/${id}`),
    shard: (name) => shardLayout(`${prefix}/${name}`),
  };
}

function shardLayout(base: string): ShardLayout {
  const hashes = Buffer.from(`${base}/h/`);
  const groups = `${base}/g/`;
  const text = (key: string): Uint8Array => Buffer.from(`${base}/${key}`);
  const groupText = (page: number, group: string): string => `g/${hex(page, PAGE_DIGITS)}/${group}`;
  return {
    hash: (entryHash) => Buffer.concat([hashes, entryHash]),
    page: (page) => text(`p/${hex(page, PAGE_DIGITS)}`),
    pages: prefixOf(text('p/')),
    pageOf: (key) => Number.parseInt(Buffer.from(key).subarray(-PAGE_DIGITS).toString(), 16),
    group: (page, group) => text(groupText(page, group)),
    mark: (page, group, index) => text(`${groupText(page, group)}/${hex(index, INDEX_DIGITS)}`),
    groupsOf: (page) => prefixOf(text(`g/${hex(page, PAGE_DIGITS)}/`)),
    groups: prefixOf(Buffer.from(groups)),
    readGroupKey(key) {
      const [group = '', mark] = Buffer.from(key)
        .subarray(groups.length + PAGE_DIGITS + 1)
        .toString()
        .split('/');
      const [, bytes, count] = GROUP_ID.exec(group) ?? [];
      if (bytes === undefined || count === undefined) return null;
      const index = mark === undefined ? null : Number.parseInt(mark, 16);
      return { group, valueBytes: Number.parseInt(bytes, 16), count: Number.parseInt(count, 16) + 1, mark: index };
    },
    part: (group, part) => text(`b/${group}/${hex(part, INDEX_DIGITS)}`),
  };
}

export function prefixOf(key: Uint8Array): Prefix {
  const end = Buffer.from(key);
  // Keys here end in a printable character, so the last byte is never the highest.
  end[end.length - 1] = (end.at(-1) ?? 0) + 1;
  return { key, end };
}

export const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');
