import { type Applied, apply, createState, type State } from '@canswarm/kernel';
import {
  type Crypto,
  createMemo,
  equalBytes,
  type Genesis,
  toHex,
  type VerifiedEntry,
  verifyEntry,
} from '@canswarm/protocol';
import { networkPolicies } from '../policy/network-policies.ts';

/** What a log comes to after one of its records. */
interface Reached {
  /** Hash of the record. */
  readonly hash: Uint8Array;
  readonly position: number;
  /** Running digest, hex. */
  readonly digest: string;
  readonly incarnation: number;
}

/** A log read from its beginning, and what it came to after each record. */
export class LogWalk {
  readonly state: State;
  readonly #crypto: Crypto;
  readonly #begun: Omit<Reached, 'hash'>;
  readonly #reached: Reached[] = [];

  constructor(genesis: Genesis, crypto: Crypto) {
    this.#crypto = crypto;
    this.state = createState(genesis, crypto.sha256, networkPolicies);
    const { position, digest, incarnation } = this.state;
    this.#begun = { position, digest: toHex(digest), incarnation };
  }

  /** Records that were taken. */
  get length(): number {
    return this.#reached.length;
  }

  /** Takes the next record: an entry is applied. Null for what is none. */
  take(bytes: Uint8Array): { readonly entry: VerifiedEntry; readonly applied: Applied } | null {
    const { sha256 } = this.#crypto;
    const read = verifyEntry(bytes, this.#crypto, createMemo());
    const applied = read.ok ? apply(this.state, read.entry, sha256, networkPolicies) : null;
    const { position, digest, incarnation } = this.state;
    this.#reached.push({ hash: sha256(bytes), position, digest: toHex(digest), incarnation });
    return read.ok && applied !== null ? { entry: read.entry, applied } : null;
  }

  /** What it came to after its first `records`. */
  after(records: number): Omit<Reached, 'hash'> {
    return this.#reached[records - 1] ?? this.#begun;
  }

  /** How many records another log begins with that are those of this one. */
  sharedWith(records: Iterable<Uint8Array>): number {
    let shared = 0;
    for (const bytes of records) {
      const own = this.#reached[shared];
      if (own === undefined || !equalBytes(own.hash, this.#crypto.sha256(bytes))) break;
      shared += 1;
    }
    return shared;
  }
}
