import { type Prefix, prefixOf } from '../layout.ts';

/**
 * Where the content of a log with several buckets lies, beside its order ([layout.ts](../layout.ts)). Under the prefix of the log:
 *
 *     map                             in which cluster each bucket is; in the home cluster alone
 *     cluster                         what this cluster is called
 *     bucket/<bucket>                 "open <n>" where the bucket is, "closed <n>" where it was: whoever writes content compares it
 *     content/<bucket>/<shard>/<hash> the bytes of an entry, under their SHA-256
 *     recent/<shard>/<hash>           the same for some minutes, in the home cluster, of what lies elsewhere
 *
 * Invariants: content stands in its bucket before its place in the order does; content is never changed or removed; at most one cluster has a
 * bucket open; n only grows.
 */
export interface BucketLayout {
  readonly map: Uint8Array;
  readonly cluster: Uint8Array;
  guard(bucket: number): Uint8Array;
  content(bucket: number, shard: string, hash: Uint8Array): Uint8Array;
  /** All content of a bucket. */
  contentOf(bucket: number): Prefix;
  recent(shard: string, hash: Uint8Array): Uint8Array;
}

const hex = (bucket: number): string => bucket.toString(16).padStart(2, '0');

export function bucketLayoutOf(prefix: string): BucketLayout {
  const text = (key: string): Buffer => Buffer.from(`${prefix}/${key}`);
  return {
    map: text('map'),
    cluster: text('cluster'),
    guard: (bucket) => text(`bucket/${hex(bucket)}`),
    content: (bucket, shard, hash) => Buffer.concat([text(`content/${hex(bucket)}/${shard}/`), hash]),
    contentOf: (bucket) => prefixOf(text(`content/${hex(bucket)}/`)),
    recent: (shard, hash) => Buffer.concat([text(`recent/${shard}/`), hash]),
  };
}

/** What stands under `bucket/`. */
export interface Guard {
  readonly isOpen: boolean;
  readonly turn: number;
}

export const guardText = ({ isOpen, turn }: Guard): string => `${isOpen ? 'open' : 'closed'} ${turn}`;

/** A guard that is not there is closed since ever. */
export function readGuard(value: Uint8Array | undefined): Guard {
  const [, word, turn] = /^(open|closed) (\d+)$/.exec(Buffer.from(value ?? []).toString()) ?? [];
  return { isOpen: word === 'open', turn: Number(turn ?? 0) };
}
