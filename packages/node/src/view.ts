import type { View, WorkState } from '@canswarm/kernel';
import type { Cid, Did, NeedId, VerifiedEnvelope } from '@canswarm/protocol';

/** Envelopes kept per need and kind, per need; and needs that no entry told of yet. */
const PER_NEED_MAX = 512;
const UNKNOWN_NEEDS_MAX = 1024;

/** What the log says, as far as gossip is judged by it. */
export interface LogFacts {
  knows(need: NeedId): boolean;
  /** Whether this key holds the lease of this attempt. */
  holds(need: NeedId, attempt: number, did: Did): boolean;
}

interface Thread {
  /** By sender and what it is about: the newest of a kind replaces an older one. */
  readonly envelopes: Map<string, VerifiedEnvelope>;
  readonly alive: Map<number, number>;
  readonly work: Map<string, WorkState>;
  readonly signed: Map<string, number>;
}

interface Reported {
  latest: VerifiedEnvelope;
  reveal: VerifiedEnvelope | null;
}

/**
 * The negotiation view: bids, votes and signs of life that gossip brought, and what this node itself did, by need.
 * Bounded: a sender holds one place per kind, a need a limited number of envelopes, and unknown needs are forgotten
 * oldest first. Nothing here is history; the log is.
 */
export class NegotiationView implements View {
  readonly #threads = new Map<string, Thread>();
  readonly #unknown = new Set<string>();
  readonly #reports = new Map<Did, Reported>();
  #tickedAt = 0;
  readonly #own = new Map<Did, { timeAt: number; revealAt: number }>();

  /** Takes a verified gossip envelope; false when it adds nothing or its need is full. `now` is local time, ms. */
  add(envelope: VerifiedEnvelope, facts: LogFacts, now: number): boolean {
    const { payload } = envelope;
    if (payload.verb === 'REPORT') return this.#addReport(envelope, payload.from);
    if (payload.thread === null) return false;
    const need = payload.thread;
    if (!this.#threads.has(need) && !facts.knows(need)) this.#remember(need);
    const thread = this.#thread(need);
    if (payload.verb === 'HEARTBEAT') {
      if (!facts.holds(need, payload.body.attempt, payload.from)) return false;
      thread.alive.set(payload.body.attempt, Math.max(now, thread.alive.get(payload.body.attempt) ?? 0));
      return true;
    }
    const slot = slotOf(envelope);
    if (slot === null) return false;
    const before = thread.envelopes.get(slot);
    if (before !== undefined && (payload.verb !== 'PROPOSE' || before.payload.lamport >= payload.lamport)) return false;
    if (before === undefined && thread.envelopes.size >= PER_NEED_MAX) return false;
    thread.envelopes.set(slot, envelope);
    return true;
  }

  /** An entry told of this need: it is kept until `forget`. */
  confirm(need: NeedId): void {
    this.#unknown.delete(need);
  }

  forget(need: NeedId): void {
    this.#unknown.delete(need);
    this.#threads.delete(need);
  }

  proposals(need: NeedId, round: number): readonly VerifiedEnvelope[] {
    return this.#filter(need, ({ payload }) => payload.verb === 'PROPOSE' && payload.body.round === round);
  }

  votes(need: NeedId, target: Cid): readonly VerifiedEnvelope[] {
    return this.#filter(need, ({ payload }) => {
      if (payload.verb === 'ATTEST_PLAN') return payload.body.need === (target as string);
      return (payload.verb === 'ATTEST' || payload.verb === 'REJECT') && payload.body.commit === (target as string);
    });
  }

  misses(need: NeedId, attempt: number): readonly VerifiedEnvelope[] {
    return this.#filter(need, ({ payload }) => payload.verb === 'MISS' && payload.body.attempt === attempt);
  }

  *reports(): Iterable<VerifiedEnvelope> {
    for (const { latest, reveal } of this.#reports.values()) {
      yield latest;
      if (reveal !== null && reveal !== latest) yield reveal;
    }
  }

  reported(did: Did): { readonly timeAt: number; readonly revealAt: number } {
    return this.#own.get(did) ?? { timeAt: 0, revealAt: -1 };
  }

  /** Notes what one of this node's verifiers reported. */
  noteReport(did: Did, timeAt: number, revealAt: number): void {
    this.#own.set(did, { timeAt, revealAt });
  }

  tickedAt(): number {
    return this.#tickedAt;
  }

  noteTick(now: number): void {
    this.#tickedAt = now;
  }

  aliveAt(need: NeedId, attempt: number): number {
    return this.#threads.get(need)?.alive.get(attempt) ?? 0;
  }

  /** Notes a sign of life: the grant of a lease. */
  noteAlive(need: NeedId, attempt: number, now: number): void {
    this.#thread(need).alive.set(attempt, now);
  }

  signedAt(need: NeedId, key: string): number | null {
    return this.#threads.get(need)?.signed.get(key) ?? null;
  }

  noteSigned(need: NeedId, key: string, now: number): void {
    this.#thread(need).signed.set(key, now);
  }

  work(need: NeedId, key: string): WorkState {
    return this.#threads.get(need)?.work.get(key) ?? 'none';
  }

  noteWork(need: NeedId, key: string, work: WorkState): void {
    this.#thread(need).work.set(key, work);
  }

  /** Needs in view, for limits and reports. */
  get size(): number {
    return this.#threads.size;
  }

  /** Gossip of one need in order of arrival, for peers that come late. */
  gossipOf(need: NeedId): readonly VerifiedEnvelope[] {
    return [...(this.#threads.get(need)?.envelopes.values() ?? [])];
  }

  #filter(need: NeedId, keep: (envelope: VerifiedEnvelope) => boolean): readonly VerifiedEnvelope[] {
    const kept: VerifiedEnvelope[] = [];
    for (const envelope of this.#threads.get(need)?.envelopes.values() ?? []) if (keep(envelope)) kept.push(envelope);
    return kept;
  }

  #thread(need: string): Thread {
    let thread = this.#threads.get(need);
    if (thread === undefined) {
      thread = { envelopes: new Map(), alive: new Map(), work: new Map(), signed: new Map() };
      this.#threads.set(need, thread);
    }
    return thread;
  }

  #remember(need: string): void {
    this.#unknown.add(need);
    if (this.#unknown.size <= UNKNOWN_NEEDS_MAX) return;
    const [oldest] = this.#unknown;
    if (oldest === undefined) return;
    this.#unknown.delete(oldest);
    this.#threads.delete(oldest);
  }

  #addReport(envelope: VerifiedEnvelope, from: Did): boolean {
    const { payload } = envelope;
    if (payload.verb !== 'REPORT') return false;
    const before = this.#reports.get(from);
    if (before !== undefined && before.latest.payload.lamport >= payload.lamport) return false;
    const reveal = payload.body.preimage !== null ? envelope : (before?.reveal ?? null);
    this.#reports.set(from, { latest: envelope, reveal });
    return true;
  }
}

/** Where an envelope is kept: one place per sender and thing said. Null for verbs that are no negotiation. */
function slotOf({ payload }: VerifiedEnvelope): string | null {
  const { from } = payload;
  switch (payload.verb) {
    case 'PROPOSE':
      return `propose/${payload.body.round}/${payload.body.planner ?? ''}/${from}`;
    case 'ATTEST_PLAN':
      return `plan/${payload.body.round}/${payload.body.ballot}/${payload.body.draw}/${from}`;
    case 'ATTEST':
    case 'REJECT':
      return `result/${payload.body.commit}/${payload.body.ballot}/${payload.body.draw}/${from}`;
    case 'MISS':
      return `miss/${payload.body.attempt}/${payload.body.fence.position}/${from}`;
    default:
      return null;
  }
}
