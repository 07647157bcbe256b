import { expect } from 'vitest';
import { StorageError } from '../storage-error.ts';
import { STORE_BATCH_MAX, STORE_KEY_BYTES_MAX, STORE_VALUE_BYTES_MAX, type Store } from '../store.ts';
import { expectCode, hex, thrownBy, utf8 } from './fixtures.ts';
import { type Check, registerSuite, type World } from './suite.ts';

export interface StoreHarness extends World {
  readonly store: Store;
  /** Opens what `store` left behind after its close; null for a store that lives in memory. */
  readonly reopen: (() => Store) | null;
}

const SYNC = { sync: true } as const;
const LAZY = { sync: false } as const;

function put(store: Store, key: string, value: string): void {
  store.batch([{ key, value: utf8(value) }], LAZY);
}

function keys(store: Store, prefix: string): readonly string[] {
  return Array.from(store.scan(prefix), ([key]) => key);
}

const valueChecks: readonly Check<StoreHarness>[] = [
  {
    name: 'keeps, replaces and removes values',
    run: async ({ store }) => {
      expect(store.get('a')).toBeUndefined();
      store.batch([{ key: 'a', value: Uint8Array.of(1) }], SYNC);
      store.batch([{ key: 'empty', value: new Uint8Array(0) }], LAZY);
      expect(store.get('a')).toEqual(Uint8Array.of(1));
      expect(store.get('empty')).toEqual(new Uint8Array(0));
      store.batch([{ key: 'a', value: Uint8Array.of(2) }], LAZY);
      expect(store.get('a')).toEqual(Uint8Array.of(2));
      store.batch(
        [
          { key: 'a', value: null },
          { key: 'never there', value: null },
        ],
        SYNC,
      );
      expect(store.get('a')).toBeUndefined();
      expect(keys(store, '')).toEqual(['empty']);
      store.batch([], SYNC);
    },
  },
  {
    name: 'performs a batch in order, the last operation on a key winning',
    run: async ({ store }) => {
      store.batch(
        [
          { key: 'a', value: utf8('1') },
          { key: 'b', value: utf8('1') },
          { key: 'a', value: null },
          { key: 'b', value: utf8('2') },
          { key: 'c', value: null },
          { key: 'c', value: utf8('3') },
        ],
        LAZY,
      );
      expect(Array.from(store.scan(''), ([key, value]) => `${key}=${hex(value)}`)).toEqual(['b=32', 'c=33']);
    },
  },
  {
    name: 'performs all of a batch or nothing, and says why it refuses',
    run: async ({ store }) => {
      const value = utf8('x');
      const refused: readonly (readonly [string, Uint8Array, string])[] = [
        ['', value, 'invalid'],
        ['\ud800', value, 'invalid'],
        ['k'.repeat(STORE_KEY_BYTES_MAX + 1), value, 'too_large'],
        ['é'.repeat(STORE_KEY_BYTES_MAX / 2 + 1), value, 'too_large'],
        ['k', new Uint8Array(STORE_VALUE_BYTES_MAX + 1), 'too_large'],
      ];
      for (const [key, bytes, code] of refused) {
        const operations = [
          { key: 'first', value },
          { key, value: bytes },
        ];
        expectCode(
          thrownBy(() => store.batch(operations, SYNC)),
          StorageError,
          code,
        );
      }
      const tooMany = Array.from({ length: STORE_BATCH_MAX + 1 }, (_, i) => ({ key: `${i}`, value }));
      expectCode(
        thrownBy(() => store.batch(tooMany, LAZY)),
        StorageError,
        'too_large',
      );
      expect(keys(store, '')).toEqual([]);
      put(store, 'é'.repeat(STORE_KEY_BYTES_MAX / 2), 'fits');
      expect(keys(store, 'é')).toHaveLength(1);
    },
  },
  {
    name: 'takes the bytes at the call and gives the caller its own',
    run: async ({ store }) => {
      const mine = Uint8Array.of(1, 2);
      store.batch([{ key: 'a', value: mine }], LAZY);
      mine.fill(9);
      const got = store.get('a');
      expect(got).toEqual(Uint8Array.of(1, 2));
      got?.fill(8);
      for (const [, value] of store.scan('a')) value.fill(7);
      expect(store.get('a')).toEqual(Uint8Array.of(1, 2));
    },
  },
];

const scanChecks: readonly Check<StoreHarness>[] = [
  {
    name: 'scans by the UTF-8 bytes of the key, within the prefix',
    run: async ({ store }) => {
      const ordered = ['a', 'a/', 'a/\u0000', 'a/1', 'a/10', 'a/2', 'a/z', 'a/é', 'a/\uff5e', 'a/\u{1f600}', 'a0', 'b'];
      for (const key of ordered.toReversed()) put(store, key, key);
      expect(keys(store, '')).toEqual(ordered);
      expect(keys(store, 'a/')).toEqual(ordered.slice(1, 10));
      expect(keys(store, 'a/\u{1f600}')).toEqual(['a/\u{1f600}']);
      expect(keys(store, 'c')).toEqual([]);
      for (const [key, value] of store.scan('')) expect(new TextDecoder().decode(value)).toBe(key);
    },
  },
  {
    name: 'scans many keys, each once, while they are written',
    run: async ({ store }) => {
      const all = Array.from({ length: 2500 }, (_, i) => `k/${String(i).padStart(5, '0')}`);
      store.batch(
        all.map((key) => ({ key, value: utf8(key) })),
        LAZY,
      );
      const seen: string[] = [];
      for (const [key] of store.scan('k/')) {
        seen.push(key);
        if (!key.endsWith('+')) put(store, `${key}+`, 'new');
        put(store, key, 'changed');
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.filter((key) => !key.endsWith('+'))).toEqual(all);
      expect(seen.toSorted()).toEqual(seen);
    },
  },
];

const lifeChecks: readonly Check<StoreHarness>[] = [
  {
    name: 'refuses everything after close, which may be repeated',
    run: async ({ store }) => {
      put(store, 'a', '1');
      store.close();
      store.close();
      const uses = [() => store.get('a'), () => put(store, 'a', '2'), () => [...store.scan('')]];
      for (const use of uses) expectCode(thrownBy(use), StorageError, 'closed');
    },
  },
  {
    name: 'keeps everything across a close',
    lacks: ({ reopen }) => (reopen === null ? 'this store lives in memory' : null),
    run: async ({ store, reopen }) => {
      store.batch([{ key: 'a', value: utf8('1') }], LAZY);
      store.batch([{ key: 'b', value: utf8('2') }], SYNC);
      store.batch([{ key: 'c', value: utf8('3') }], LAZY);
      store.close();
      const again = reopen?.() ?? store;
      expect(keys(again, '')).toEqual(['a', 'b', 'c']);
      again.close();
    },
  },
];

export const storeChecks: readonly Check<StoreHarness>[] = [...valueChecks, ...scanChecks, ...lifeChecks];

/** What every `Store` must do. */
export function storeCompliance(name: string, make: () => StoreHarness | Promise<StoreHarness>): void {
  registerSuite(`${name} is a Store`, storeChecks, make);
}
