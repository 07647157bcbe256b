import { assertStoreBatch, assertStoreKey, StorageError, type Store } from '@canswarm/ports';
import { compareText } from '@canswarm/protocol';

/** A store that lives in memory; `sync` makes no difference to it. */
export function memoryStore(): Store {
  const values = new Map<string, Uint8Array>();
  let closed = false;

  const assertOpen = (): void => {
    if (closed) throw new StorageError('closed', 'the store is closed');
  };

  return {
    get(key) {
      assertOpen();
      assertStoreKey(key);
      return values.get(key)?.slice();
    },
    batch(operations) {
      assertOpen();
      assertStoreBatch(operations);
      for (const { key, value } of operations) {
        if (value === null) values.delete(key);
        else values.set(key, value.slice());
      }
    },
    *scan(prefix) {
      assertOpen();
      const keys = [...values.keys()].filter((key) => key.startsWith(prefix)).sort(compareText);
      for (const key of keys) {
        const value = values.get(key);
        if (value !== undefined) yield [key, value.slice()];
      }
    },
    close() {
      closed = true;
      values.clear();
    },
  };
}
