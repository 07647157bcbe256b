import { createHash } from 'node:crypto';
import type { NeedResult } from '@canswarm/api';
import type { NeedRecord } from '../need-book.ts';
import { makeResult } from '../result.ts';
import type { HostParts } from '../run-host.ts';
import { Problem } from './http/problem.ts';

/** A result as it is answered, and its files. */
export interface ReadyResult {
  readonly result: NeedResult;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Results that are kept, so that its files are made once for one who fetches them all. */
const RESULTS_MAX = 4;
const BYTES_MAX = 128 * 1024 * 1024;
/** Results made at once: each is a replay of the log. */
const MAKING_MAX = 2;

interface Kept {
  readonly ready: Promise<ReadyResult>;
  /** Bytes of its files; 0 until they are made. */
  bytes: number;
}

/** Makes results with their proofs, each once while it is among the last ones asked for. */
export class Results {
  readonly #parts: HostParts;
  /** The one asked for last is last. */
  readonly #kept = new Map<string, Kept>();
  #making = 0;

  constructor(parts: HostParts) {
    this.#parts = parts;
  }

  /** Rejects with a HostError `not_final`, a Problem `busy`, or as the stores do. */
  get(record: NeedRecord, includeSources: boolean): Promise<ReadyResult> {
    const key = `${record.id} ${includeSources}`;
    const kept = this.#kept.get(key) ?? this.#make(record, includeSources, key);
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept.ready;
  }

  #make(record: NeedRecord, includeSources: boolean, key: string): Kept {
    if (this.#making >= MAKING_MAX) {
      throw new Problem('busy', `the node makes ${MAKING_MAX} results already`, 'Try again in a few seconds.');
    }
    this.#making += 1;
    const kept: Kept = { ready: readyOf(this.#parts, record, includeSources), bytes: 0 };
    kept.ready
      .then(
        ({ files }) => {
          kept.bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
          this.#shrink();
        },
        () => this.#kept.delete(key),
      )
      .finally(() => {
        this.#making -= 1;
      });
    return kept;
  }

  /** Lets the oldest go; the newest stays, however large. */
  #shrink(): void {
    const total = (): number => [...this.#kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const key of [...this.#kept.keys()].slice(0, -1)) {
      if (this.#kept.size <= RESULTS_MAX && total() <= BYTES_MAX) return;
      this.#kept.delete(key);
    }
  }
}

async function readyOf(parts: HostParts, record: NeedRecord, includeSources: boolean): Promise<ReadyResult> {
  const { brief, network, digest, stateRoot, entries, slashed, paid } = await makeResult({
    ...parts,
    record,
    includeSources,
  });
  const { summary, files } = brief;
  return {
    files,
    result: {
      needId: record.id,
      stage: 'final',
      network,
      digest,
      stateRoot,
      entries,
      slashed,
      paid,
      brief: summary === null ? null : { ...summary, best: [...summary.best] },
      files: [...files].map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: sha256(bytes) })),
    },
  };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
