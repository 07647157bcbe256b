import { type Clock, ContentError, type ContentStore, type Transport } from '@canswarm/ports';
import type { Cid, Sha256 } from '@canswarm/protocol';
import { Standing } from './standing.ts';
import { ANSWER_BYTES_MAX, ASKED_MAX, BLOCKS_PROTOCOL, decodeBlocks, encodeAsked } from './wire.ts';

/** Requests to one peer under way. */
const AT_ONCE = 2;
/** Peers asked for one block at the same time: one more each time the last is slow. */
const HEDGES = 8;
const HEDGE_MS = 200;
/** Who has not answered within this takes none of those places any more: else as many that say nothing would keep out all others. */
const PATIENCE_MS = 2_000;
/** Between two looks for what may be asked again, ms. */
const LOOK_MS = 100;
/** When a peer that lacked a block may be asked for it again, and when one that failed is asked for anything, ms. */
const ASK_AGAIN_MS = 1_000;
const FAILED_MS = 1_000;
/** A peer that sent other bytes than it was asked for is left alone. */
const LIED_MS = 60_000;
const REQUEST_MS = 10_000;
/** Blocks wanted at once; more fail at once. */
const WANTED_MAX = 16_384;

interface Want {
  readonly cid: Cid;
  readonly settled: PromiseWithResolvers<void>;
  waiters: number;
  /** Peers that are being asked now, and since when. */
  readonly asking: Map<string, number>;
  /** When a peer said that it lacks the block. */
  readonly lacked: Map<string, number>;
}

export interface FetcherOptions {
  readonly local: ContentStore;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly sha256: Sha256;
}

/**
 * Brings blocks from peers into the local store. Wanted blocks are asked for in batches of several peers at once, of one
 * more peer each time the last is slow, and again as long as somebody waits. Bytes are taken only if they hash to the CID.
 *
 * Invariant: `#cancel` is set exactly while anything is wanted.
 */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #wanted = new Map<Cid, Want>();
  /** Requests under way, of peers that have any. */
  readonly #busy = new Map<string, number>();
  readonly #standing = new Standing();
  readonly #stopPeers: () => void;
  #cancel: (() => void) | null = null;
  #closed = false;

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#stopPeers = options.transport.onPeers(() => this.#lookSoon(0));
  }

  /**
   * Resolves once the block is in the local store. Rejects with a ContentError at the deadline, not before: `deadline` while
   * a peer still owes an answer, else `not_found`; and with `not_found` when closed.
   */
  async fetch(cid: Cid, deadlineMs: number): Promise<void> {
    if (this.#closed) throw new ContentError('not_found', cid, `${cid} is not here`);
    const want = this.#want(cid);
    want.waiters += 1;
    this.#lookSoon(0);
    const late = Promise.withResolvers<never>();
    const cancel = this.#options.clock.schedule(deadlineMs, () => {
      const code = want.asking.size > 0 ? 'deadline' : 'not_found';
      late.reject(new ContentError(code, cid, `no peer gave ${cid} within ${deadlineMs} ms`));
    });
    try {
      await Promise.race([want.settled.promise, late.promise]);
    } finally {
      cancel();
      want.waiters -= 1;
      if (want.waiters === 0) this.#wanted.delete(cid);
    }
  }

  close(): void {
    this.#closed = true;
    this.#stopPeers();
    this.#cancel?.();
    for (const { cid, settled } of this.#wanted.values()) {
      settled.reject(new ContentError('not_found', cid, `${cid} is not here, and the store was closed`));
    }
    this.#wanted.clear();
  }

  #want(cid: Cid): Want {
    const known = this.#wanted.get(cid);
    if (known !== undefined) return known;
    if (this.#wanted.size >= WANTED_MAX) throw new ContentError('not_found', cid, 'too many blocks are wanted at once');
    const settled = Promise.withResolvers<void>();
    settled.promise.catch(() => undefined);
    const want = { cid, settled, waiters: 0, asking: new Map<string, number>(), lacked: new Map<string, number>() };
    this.#wanted.set(cid, want);
    return want;
  }

  #lookSoon(delayMs: number): void {
    if (this.#closed || this.#wanted.size === 0) return;
    this.#cancel?.();
    this.#cancel = this.#options.clock.schedule(delayMs, () => {
      this.#cancel = null;
      this.#look();
      this.#lookSoon(LOOK_MS);
    });
  }

  #look(): void {
    const now = this.#options.clock.now();
    for (const peer of this.#standing.ranked(this.#options.transport.peers(), now)) {
      while ((this.#busy.get(peer) ?? 0) < AT_ONCE) {
        const wants = this.#askable(peer, now);
        if (wants.length === 0) break;
        void this.#ask(peer, wants, now);
      }
    }
  }

  #askable(peer: string, now: number): readonly Want[] {
    const wants: Want[] = [];
    for (const want of this.#wanted.values()) {
      if (wants.length >= ASKED_MAX) break;
      const { asking, lacked } = want;
      const asked = asking.has(peer) || now - (lacked.get(peer) ?? Number.NEGATIVE_INFINITY) < ASK_AGAIN_MS;
      if (!asked && !isTaken(asking, now)) wants.push(want);
    }
    return wants;
  }

  async #ask(peer: string, wants: readonly Want[], now: number): Promise<void> {
    this.#busy.set(peer, (this.#busy.get(peer) ?? 0) + 1);
    for (const { asking } of wants) asking.set(peer, now);
    const asked = wants.map(({ cid }) => cid);
    const limits = { deadlineMs: REQUEST_MS, maxBytes: ANSWER_BYTES_MAX };
    try {
      const answer = await this.#options.transport.request(peer, BLOCKS_PROTOCOL, encodeAsked(asked), limits);
      await this.#take(peer, wants, answer);
    } catch {
      this.#shun(peer, wants, FAILED_MS);
    } finally {
      const left = (this.#busy.get(peer) ?? 1) - 1;
      if (left > 0) this.#busy.set(peer, left);
      else this.#busy.delete(peer);
      for (const { asking } of wants) asking.delete(peer);
      this.#lookSoon(0);
    }
  }

  async #take(peer: string, wants: readonly Want[], answer: Uint8Array): Promise<void> {
    const { local, sha256, clock } = this.#options;
    const blocks = decodeBlocks(
      answer,
      wants.map(({ cid }) => cid),
      sha256,
    );
    if (blocks === null || blocks[0] === undefined) return this.#shun(peer, wants, LIED_MS);
    const given = wants.flatMap(({ cid }, index) => {
      const bytes = blocks[index];
      return bytes instanceof Uint8Array && this.#wanted.has(cid) ? [{ cid, bytes }] : [];
    });
    const now = clock.now();
    for (const [index, want] of wants.entries()) if (blocks[index] === null) want.lacked.set(peer, now);
    if (given.length === 0) return this.#standing.lacked(peer);
    this.#standing.gave(peer, given.length);
    try {
      await local.putBlocks(given);
    } catch (error) {
      for (const { cid } of given) this.#wanted.get(cid)?.settled.reject(error);
      return;
    }
    for (const { cid } of given) {
      this.#wanted.get(cid)?.settled.resolve();
      this.#wanted.delete(cid);
    }
  }

  #shun(peer: string, wants: readonly Want[], ms: number): void {
    this.#standing.failed(peer, wants.length, this.#options.clock.now() + ms);
  }
}

/** Whether enough peers are being asked for a block: one that was asked just now, or all that may be at the same time. */
function isTaken(asking: ReadonlyMap<string, number>, now: number): boolean {
  let waiting = 0;
  for (const askedAt of asking.values()) {
    if (now - askedAt < HEDGE_MS) return true;
    if (now - askedAt < PATIENCE_MS) waiting += 1;
  }
  return waiting >= HEDGES;
}
