import { createMemo, type Memo, type VerifiedEntry } from '@canswarm/protocol';
import type { ProofFault } from './proof-fault.ts';

/** Bytes of verified envelopes kept: those of a long log. */
const ENVELOPE_BYTES = 64 * 1024 * 1024;
const ROOTS = 65_536;

/** A line of audit.jsonl; `ended` is false when the file ends within it. */
export interface Line {
  readonly position: number;
  readonly line: Uint8Array;
  readonly ended: boolean;
}

/** The entry that a line shows, not judged yet. */
export type ReadLine = { readonly ok: true; readonly bytes: Uint8Array } | ProofFault;
/** The entry that a line shows, all of its signatures verified. */
export type JudgedLine = { readonly ok: true; readonly entry: VerifiedEntry } | ProofFault;

interface Seen {
  readonly bytes: Uint8Array;
  readonly value: object;
}

/**
 * What a first verification found, so that the next one of nearly the same files only looks at what differs. Keeps copies
 * of bytes and compares whole: a value is given back only for equal bytes. Remembers the first of each name and nothing
 * after it, so broken variants neither fill nor displace it.
 */
export class ProofMemo {
  /** Signatures found to hold, by the bytes they sign. */
  readonly signatures: Memo = createMemo({ envelopeBytes: ENVELOPE_BYTES, roots: ROOTS });
  readonly #seen = new Map<string, Seen>();
  readonly #keeps: boolean;

  /** A memo that does not keep holds the signatures of one verification and copies no file. */
  constructor({ keeps = true }: { readonly keeps?: boolean } = {}) {
    this.#keeps = keeps;
  }

  /** The value made before of these very bytes under this name, or a new one, kept if it is the first of its name. */
  once<T extends object>(name: string, bytes: Uint8Array, make: () => T, keep: (value: T) => boolean): T {
    const seen = this.#seen.get(name);
    if (seen !== undefined && Buffer.compare(seen.bytes, bytes) === 0) return seen.value as T;
    const value = make();
    if (this.#keeps && seen === undefined && keep(value)) this.#seen.set(name, { bytes: bytes.slice(), value });
    return value;
  }

  /** What is known of a line: it is read and judged at most once while it holds. */
  line({ position, line, ended }: Line, read: () => ReadLine, judge: (bytes: Uint8Array) => JudgedLine): JudgedLine {
    const make = (): JudgedLine => {
      const found = read();
      return found.ok ? judge(found.bytes) : found;
    };
    // A line that is cut off differs from the whole one in nothing but its end.
    return this.once(`line ${position} ${ended}`, line, make, ({ ok }) => ok);
  }
}
