import { assertStoreBatch, assertStoreKey, StorageError, type Store } from '@canswarm/ports';
import { compareText } from '@canswarm/protocol';

export interface MemoryStoreOptions {
  /** It keeps and gives the very bytes that it is given, which nobody writes; by default copies. */
  readonly areBytesShared?: boolean;
}

/** A store that lives in memory; `sync` makes no difference to it. */
export function memoryStore({ areBytesShared = false }: MemoryStoreOptions = {}): Store {
  const own = (bytes: Uint8Array): Uint8Array => (areBytesShared ? bytes : bytes.slice());
  const values = new Map<string, Uint8Array>();
  let closed = false;

  const assertOpen = (): void => {
    if (closed) throw new StorageError('closed', 'the store is closed');
  };

  return {
    get(key) {
      assertOpen();
      assertStoreKey(key);
      const value = values.get(key);
      return value === undefined ? undefined : own(value);
    },
    batch(operations) {
      assertOpen();
      assertStoreBatch(operations);
      for (const { key, value } of operations) {
        if (value === null) values.delete(key);
        else values.set(key, own(value));
      }
    },
    *scan(prefix) {
      assertOpen();
      const keys = [...values.keys()].filter((key) => key.startsWith(prefix)).sort(compareText);
      for (const key of keys) {
        const value = values.get(key);
        if (value !== undefined) yield [key, own(value)];
      }
    },
    close() {
      closed = true;
      values.clear();
    },
  };
}
