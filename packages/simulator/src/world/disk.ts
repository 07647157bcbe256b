import { memoryStore } from '@canswarm/memory';
import { StorageError, type Store, type StoreOperation } from '@canswarm/ports';

/** What a machine loses of what it had not synced when its power goes: the latest batches, from here on. */
type Undo = readonly StoreOperation[];

/** A machine's store over a disk that outlives it. */
export interface Disk {
  /** What it keeps, whether the machine runs or not. */
  readonly kept: Store;
  /** Writes that machines made so far, those at which one died too. */
  readonly writes: number;
  /** The store as the machine has it until it crashes; after that every call fails. */
  mount(): Store;
  /** Crashes the machine at its next write but so many: before it is written, or after. */
  crashAt(writes: number, isWritten: boolean): void;
  /** Power fails: of the batches that were not synced the latest are lost, so many at most. Returns how many were. */
  cut(most: number): number;
  /** No write succeeds until it has room again. */
  fill(isFull: boolean): void;
  /** It has room, and no crash is due. */
  calm(): void;
}

/** `onCrash` is called inside the write at which the machine dies. */
export function simulatedDisk(onCrash: () => void, kept: Store = memoryStore()): Disk {
  return new SimulatedDisk(onCrash, kept);
}

class SimulatedDisk implements Disk {
  readonly kept: Store;
  writes = 0;
  readonly #onCrash: () => void;
  /** How to take back each batch since the last sync, latest last. */
  #unsynced: Undo[] = [];
  #mounted = 0;
  #due: { writes: number; readonly isWritten: boolean } | null = null;
  #isFull = false;

  constructor(onCrash: () => void, kept: Store) {
    this.kept = kept;
    this.#onCrash = onCrash;
  }

  mount(): Store {
    this.#mounted += 1;
    const life = this.#mounted;
    let isClosed = false;
    const assertAlive = (): void => {
      if (isClosed) throw new StorageError('closed', 'the store is closed');
      if (life !== this.#mounted) throw new StorageError('io', 'the machine died');
    };
    return {
      get: (key) => {
        assertAlive();
        return this.kept.get(key);
      },
      batch: (operations, { sync }) => {
        assertAlive();
        this.#write(operations, sync);
        assertAlive();
      },
      scan: (prefix) => {
        assertAlive();
        return this.kept.scan(prefix);
      },
      close() {
        isClosed = true;
      },
    };
  }

  crashAt(writes: number, isWritten: boolean): void {
    this.#due = { writes, isWritten };
  }

  cut(most: number): number {
    this.#mounted += 1;
    this.#due = null;
    const lost = this.#unsynced.splice(Math.max(0, this.#unsynced.length - most)).reverse();
    for (const undo of lost) this.kept.batch(undo, { sync: true });
    this.#unsynced = [];
    return lost.length;
  }

  fill(isFull: boolean): void {
    this.#isFull = isFull;
  }

  calm(): void {
    this.#isFull = false;
    this.#due = null;
  }

  #write(operations: readonly StoreOperation[], isSynced: boolean): void {
    if (this.#isFull) throw new StorageError('full', 'the disk of this machine is full');
    this.writes += 1;
    const due = this.#due;
    if (due !== null && due.writes > 0) due.writes -= 1;
    const dies = due !== null && due.writes === 0;
    if (!dies || due.isWritten) this.#keep(operations, isSynced);
    if (!dies) return;
    this.#due = null;
    this.#mounted += 1;
    this.#onCrash();
  }

  #keep(operations: readonly StoreOperation[], isSynced: boolean): void {
    const keys = isSynced ? [] : [...new Set(operations.map(({ key }) => key))];
    const before = keys.map((key): StoreOperation => ({ key, value: this.kept.get(key) ?? null }));
    this.kept.batch(operations, { sync: isSynced });
    if (isSynced) this.#unsynced = [];
    else this.#unsynced.push(before);
  }
}
