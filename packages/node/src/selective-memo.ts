import { BoundedCache, type Memo, type VerifiedEnvelope } from '@canswarm/protocol';
import type { Verified } from './verified.ts';

/**
 * A memo that looks up what a node remembers and remembers only what it is told to keep. So whoever sends many signed
 * envelopes that are worth nothing neither fills a node's memory nor drives out of it what will be needed as evidence.
 * What nodes of one process verified is looked up for all of them, kept or not.
 */
export class SelectiveMemo implements Memo {
  readonly envelopes: BoundedCache<string, VerifiedEnvelope>;
  readonly roots: BoundedCache<string, true>;
  readonly #fresh = new Map<VerifiedEnvelope, string>();
  readonly #kept: BoundedCache<string, VerifiedEnvelope>;

  constructor(memo: Memo, verified: Verified | null = null) {
    this.#kept = memo.envelopes;
    this.roots = verified?.memo.roots ?? memo.roots;
    this.envelopes = new Lookup(memo.envelopes, verified?.memo.envelopes ?? null, this.#fresh);
  }

  /** Remembers an envelope that was verified since the last `clear`. */
  keep(envelope: VerifiedEnvelope): void {
    const key = this.#fresh.get(envelope);
    if (key !== undefined) this.#kept.set(key, envelope, envelope.bytes.length);
  }

  /** Forgets what was verified and not kept. */
  clear(): void {
    // To clear a map makes a new table, and most messages bring nothing that was not verified before.
    if (this.#fresh.size > 0) this.#fresh.clear();
  }
}

class Lookup extends BoundedCache<string, VerifiedEnvelope> {
  readonly #kept: BoundedCache<string, VerifiedEnvelope>;
  readonly #shared: BoundedCache<string, VerifiedEnvelope> | null;
  readonly #fresh: Map<VerifiedEnvelope, string>;

  constructor(
    kept: BoundedCache<string, VerifiedEnvelope>,
    shared: BoundedCache<string, VerifiedEnvelope> | null,
    fresh: Map<VerifiedEnvelope, string>,
  ) {
    super(1);
    this.#kept = kept;
    this.#shared = shared;
    this.#fresh = fresh;
  }

  override get(key: string): VerifiedEnvelope | undefined {
    const shared = this.#shared?.get(key);
    return shared ?? this.#kept.get(key);
  }

  override set(key: string, envelope: VerifiedEnvelope): void {
    this.#fresh.set(envelope, key);
    this.#shared?.set(key, envelope, envelope.bytes.length);
  }
}
