import { compareText } from '@canswarm/protocol';
import type { StoreHarness } from '../../src/compliance/index.ts';
import { assertStoreBatch, assertStoreKey, StorageError, type Store, type StoreOperation } from '../../src/index.ts';
import { toyWorld } from './toy-world.ts';

export type StoreFault =
  | 'keeps what is removed'
  | 'takes batches backwards'
  | 'stops a batch half way'
  | 'shares its arrays'
  | 'sorts by UTF-16'
  | 'begins scans again'
  | 'works after its close'
  | 'forgets on close';

class ToyStore implements Store {
  readonly #disk: Map<string, Uint8Array>;
  readonly #fault: StoreFault | null;
  #closed = false;

  constructor(disk: Map<string, Uint8Array>, fault: StoreFault | null) {
    this.#disk = disk;
    this.#fault = fault;
  }

  #copy(bytes: Uint8Array): Uint8Array {
    return this.#fault === 'shares its arrays' ? bytes : bytes.slice();
  }

  get(key: string): Uint8Array | undefined {
    this.#assertOpen();
    assertStoreKey(key);
    const value = this.#disk.get(key);
    return value && this.#copy(value);
  }

  batch(operations: readonly StoreOperation[]): void {
    this.#assertOpen();
    if (this.#fault !== 'stops a batch half way') assertStoreBatch(operations);
    for (const operation of this.#fault === 'takes batches backwards' ? operations.toReversed() : operations) {
      assertStoreBatch([operation]);
      const { key, value } = operation;
      if (value !== null) this.#disk.set(key, this.#copy(value));
      else if (this.#fault !== 'keeps what is removed') this.#disk.delete(key);
    }
  }

  *scan(prefix: string): Generator<readonly [string, Uint8Array]> {
    this.#assertOpen();
    const keys = [...this.#disk.keys()].filter((key) => key.startsWith(prefix));
    if (this.#fault === 'sorts by UTF-16') keys.sort();
    else keys.sort(compareText);
    for (const key of this.#fault === 'begins scans again' ? [...keys, ...keys] : keys) {
      const value = this.get(key);
      if (value !== undefined) yield [key, value];
    }
  }

  close(): void {
    this.#closed = this.#fault !== 'works after its close';
    if (this.#fault === 'forgets on close') this.#disk.clear();
  }

  #assertOpen(): void {
    if (this.#closed) throw new StorageError('closed', 'the toy is closed');
  }
}

export function toyStore(fault: StoreFault | null): StoreHarness {
  const disk = new Map<string, Uint8Array>();
  const open = (): Store => new ToyStore(disk, fault);
  return { ...toyWorld(), store: open(), reopen: open };
}
