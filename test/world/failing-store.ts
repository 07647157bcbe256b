import { StorageError, type Store } from '@canswarm/ports';

/** When a machine dies: before or after the write that is its `at`-th, from 1, since it was armed. */
export interface Crash {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** A store of a machine that dies at one write. What it keeps outlives it. */
export interface FailingStore {
  readonly store: Store;
  /** Counts from here; null: no crash is due. */
  arm(crash: Crash | null): void;
  /** Writes since it was armed. */
  writes(): number;
  dead(): boolean;
  /** Stands it up again: it never fails any more. */
  revive(): void;
}

/** Puts a crash before a store. Once dead, every call fails until it is revived. */
export function failingStore(store: Store): FailingStore {
  let writes = 0;
  let dead = false;
  let due: Crash | null = null;
  const assertAlive = (): void => {
    if (dead) throw new StorageError('io', 'the machine died');
  };
  return {
    arm(crash) {
      writes = 0;
      due = crash;
    },
    writes: () => writes,
    dead: () => dead,
    revive() {
      dead = false;
      due = null;
    },
    store: {
      get(key) {
        assertAlive();
        return store.get(key);
      },
      batch(operations, options) {
        assertAlive();
        writes += 1;
        if (due === null || writes !== due.at) {
          store.batch(operations, options);
          return;
        }
        dead = true;
        if (due.when === 'after') store.batch(operations, options);
        assertAlive();
      },
      scan(prefix) {
        assertAlive();
        return store.scan(prefix);
      },
      close: () => store.close(),
    },
  };
}
