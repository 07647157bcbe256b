import {
  capOf,
  groundsOf,
  type Need,
  opensBid,
  planSubject,
  type State,
  takesSeals,
  type View,
  type WorkState,
} from '@canswarm/kernel';
import type { Cid, Did, EnvelopeId, NeedId, PayloadOf, Sha256, VerifiedEnvelope } from '@canswarm/protocol';
import { type DropCode, judgeGossip } from './admission.ts';
import { addAlternate } from './alternates.ts';
import { BidBook } from './bid-book.ts';
import type { OpeningBook } from './opening-book.ts';
import type { PolicyGates } from './policy-gates.ts';
import { SealBook } from './seal-book.ts';
import { VoteBook } from './vote-book.ts';

interface Alive {
  /** Local time of the last sign of life, ms. */
  readonly at: number;
  /** Of the last heartbeat, so that an old one heard again is no sign of life; -1 before the first. */
  readonly lamport: number;
}

/** Gossip of one need, or the reports: what others may have missed of it. */
export interface HeldGroup {
  /** The need, or `reports`. */
  readonly key: string;
  /** Another one whenever it may have changed. */
  readonly version: string;
  readonly envelopes: Iterable<VerifiedEnvelope>;
}

interface Thread {
  version: number;
  bids: BidBook;
  /** Of a sealed auction: hashes of bids, and what opens the cap. */
  seals: SealBook;
  cap: VerifiedEnvelope | null;
  readonly votes: VoteBook;
  /** By plan seat: the newest on the present lease. */
  readonly misses: Map<Did, VerifiedEnvelope>;
  /** By maker: what it made by its own bid, which seats chose here. */
  readonly alternates: Map<Did, VerifiedEnvelope>;
  /** By attempt. */
  readonly alive: Map<number, Alive>;
  readonly work: Map<string, WorkState>;
  readonly signed: Map<string, number>;
}

interface Reported {
  latest: VerifiedEnvelope;
  reveal: VerifiedEnvelope | null;
}

type Spoken<V extends 'SEAL_BID' | 'PROPOSE' | 'ALTERNATE' | 'MISS' | 'HEARTBEAT' | 'REPORT'> = PayloadOf<V>;

/**
 * The negotiation view: bids, votes and signs of life that gossip brought, and what this node itself did, by need. It
 * keeps only what the log makes plausible (`admission.ts`): bids with a free bond, votes of drawn seats, the word of
 * holders and verifiers. So whoever makes keys or repeats itself fills nothing. Nothing here is history; the log is.
 */
export class NegotiationView implements View {
  readonly #threads = new Map<NeedId, Thread>();
  readonly #reports = new Map<Did, Reported>();
  readonly #openings: Pick<OpeningBook, 'opens'>;
  readonly #sha256: Sha256;
  readonly #gates: PolicyGates;
  #tickedAt = 0;
  #changes = 0;
  #reportsVersion = 0;
  readonly #own = new Map<Did, { timeAt: number; revealAt: number }>();

  constructor(openings: Pick<OpeningBook, 'opens'>, sha256: Sha256, gates: PolicyGates) {
    this.#openings = openings;
    this.#sha256 = sha256;
    this.#gates = gates;
  }

  /**
   * Takes a verified gossip envelope. Null: it is kept. `early`: this node's log must catch up first. Otherwise why it is
   * not kept. `now` is local time, ms.
   */
  add(envelope: VerifiedEnvelope, state: State, now: number): DropCode | 'early' | null {
    const { payload } = envelope;
    const code = judgeGossip(state, envelope);
    if (code !== null) return code;
    if (this.#gates.denies(state, envelope)) return 'policy_denied';
    this.#changes += 1;
    if (payload.verb === 'REPORT') this.#reportsVersion = this.#changes;
    if (payload.verb === 'REPORT') return this.#addReport(envelope, payload);
    const need = payload.thread === null ? undefined : state.needs.get(payload.thread);
    if (need === undefined) return 'need_unknown';
    const thread = this.#thread(need.id);
    thread.version = this.#changes;
    switch (payload.verb) {
      case 'SEAL_BID':
        return addSeal(thread, envelope, payload, { need, state, now, sha256: this.#sha256 });
      case 'OPEN_CAP':
        return addCap(thread, envelope, need, this.#sha256);
      case 'PROPOSE': {
        const fault = need.body.auction === 'sealed' ? openingFault(thread, envelope, need, this.#sha256) : null;
        if (fault === 'seal_unknown' && sealsOf(thread, need).hold(envelope, { need, state })) return null;
        return fault ?? addProposal(thread, envelope, payload, { need, state, now });
      }
      case 'HEARTBEAT':
        return addHeartbeat(thread, payload, now);
      case 'ALTERNATE':
        return addAlternate(thread, envelope, payload, need);
      case 'MISS':
        return addMiss(thread, envelope, payload, need);
      default:
        return thread.votes.add(envelope);
    }
  }

  /** All that others may have missed: bids, votes and misses of open needs, without those of rounds that are over, and the reports. */
  *held(state: State): Iterable<HeldGroup> {
    for (const [id, thread] of this.#threads) {
      const need = state.needs.get(id);
      if (need === undefined) continue;
      const version = `${thread.version}/${need.round}/${need.phase}`;
      yield { key: id, version, envelopes: heldOf(thread, need) };
    }
    yield { key: 'reports', version: `${this.#reportsVersion}`, envelopes: this.reports() };
  }

  /** Whether a node that stands where `state` does could yet take what is held here. */
  isFit(envelope: VerifiedEnvelope, state: State): boolean {
    return judgeGossip(state, envelope) === null;
  }

  /** Grows whenever what is held may have changed. */
  get changes(): number {
    return this.#changes;
  }

  forget(need: NeedId): void {
    this.#changes += 1;
    this.#threads.delete(need);
  }

  proposals(need: NeedId, round: number): readonly VerifiedEnvelope[] {
    const bids = this.#threads.get(need)?.bids;
    return bids?.round === round ? bids.all() : [];
  }

  bidHeardAt(need: NeedId, id: EnvelopeId): number {
    return this.#threads.get(need)?.bids.heardAt(id) ?? 0;
  }

  bidSeals(need: NeedId, round: number): readonly VerifiedEnvelope[] {
    const seals = this.#threads.get(need)?.seals;
    return seals?.round === round ? seals.counting() : [];
  }

  capOpening(need: NeedId): VerifiedEnvelope | null {
    return this.#threads.get(need)?.cap ?? null;
  }

  votes(need: NeedId, target: Cid): readonly VerifiedEnvelope[] {
    return this.#threads.get(need)?.votes.about(target) ?? [];
  }

  doubles(need: NeedId, target: Cid): readonly (readonly [VerifiedEnvelope, VerifiedEnvelope])[] {
    return this.#threads.get(need)?.votes.doublesAbout(target) ?? [];
  }

  misses(need: NeedId, attempt: number): readonly VerifiedEnvelope[] {
    const misses = this.#threads.get(need)?.misses;
    if (misses === undefined || misses.size === 0) return [];
    return [...misses.values()].filter(({ payload }) => payload.verb === 'MISS' && payload.body.attempt === attempt);
  }

  alternates(need: NeedId): readonly VerifiedEnvelope[] {
    return [...(this.#threads.get(need)?.alternates.values() ?? [])];
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

  /**
   * Forgets reports made before a position of the log. What waits for log time since then is to be measured from a time reported
   * since then: an old report would make its period begin in the past.
   */
  forgetReports(before: number): void {
    this.#changes += 1;
    this.#reportsVersion = this.#changes;
    for (const [did, { latest }] of this.#reports) if (latest.payload.head.position < before) this.#reports.delete(did);
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
    return this.#threads.get(need)?.alive.get(attempt)?.at ?? 0;
  }

  /** Notes a sign of life: the grant of a lease. */
  noteAlive(need: NeedId, attempt: number, now: number): void {
    const { alive } = this.#thread(need);
    alive.set(attempt, { at: now, lamport: alive.get(attempt)?.lamport ?? -1 });
  }

  signedAt(need: NeedId, key: string): number | null {
    return this.#threads.get(need)?.signed.get(key) ?? null;
  }

  opens(need: NeedId, seal: string): boolean {
    return this.#openings.opens(need, seal);
  }

  noteSigned(need: NeedId, key: string, now: number): void {
    this.#thread(need).signed.set(key, now);
  }

  /** Takes back that something was signed: it will not be said. */
  forgetSigned(need: NeedId, key: string): void {
    this.#threads.get(need)?.signed.delete(key);
  }

  work(need: NeedId, key: string): WorkState {
    return this.#threads.get(need)?.work.get(key) ?? 'none';
  }

  noteWork(need: NeedId, key: string, work: WorkState): void {
    this.#thread(need).work.set(key, work);
  }

  #thread(need: NeedId): Thread {
    let thread = this.#threads.get(need);
    if (thread === undefined) {
      thread = {
        version: 0,
        bids: new BidBook(0),
        seals: new SealBook(0),
        cap: null,
        votes: new VoteBook(),
        misses: new Map(),
        alternates: new Map(),
        alive: new Map(),
        work: new Map(),
        signed: new Map(),
      };
      this.#threads.set(need, thread);
    }
    return thread;
  }

  #addReport(envelope: VerifiedEnvelope, { from, lamport, body }: Spoken<'REPORT'>): DropCode | null {
    const before = this.#reports.get(from);
    if (before !== undefined && before.latest.payload.lamport >= lamport) return 'older';
    const reveal = body.preimage !== null ? envelope : (before?.reveal ?? null);
    this.#reports.set(from, { latest: envelope, reveal });
    this.#reportsVersion = this.#changes;
    return null;
  }
}

function* heldOf({ seals, cap, bids, votes, misses, alternates }: Thread, need: Need): Iterable<VerifiedEnvelope> {
  const { round } = need;
  const isBidding = need.phase === 'bidding';
  // Before the bids that open them.
  if (isBidding && seals.round === round) yield* seals.all();
  if (isBidding && cap !== null) yield cap;
  if (isBidding && bids.round === round) yield* bids.all();
  for (const vote of votes.all()) {
    const { payload } = vote;
    if (payload.verb !== 'ATTEST_PLAN' || (isBidding && payload.body.round === round)) yield vote;
  }
  yield* misses.values();
  yield* alternates.values();
}

/** The seals of the present round. */
function sealsOf(thread: Thread, { round }: Need): SealBook {
  if (thread.seals.round !== round) thread.seals = new SealBook(round);
  return thread.seals;
}

/** Takes a seal; the bid that waited for it is taken with it. */
function addSeal(
  thread: Thread,
  envelope: VerifiedEnvelope,
  payload: Spoken<'SEAL_BID'>,
  { need, state, now, sha256 }: { need: Need; state: State; now: number; sha256: Sha256 },
): DropCode | null {
  const committee = state.committees.get(planSubject(need.id, need.round));
  const inTime = committee !== undefined && takesSeals(committee);
  const seals = sealsOf(thread, need);
  const code = seals.add(envelope, payload, { need, state, inTime });
  const bid = code === null ? seals.release(payload.from) : null;
  if (bid?.payload.verb === 'PROPOSE' && openingFault(thread, bid, need, sha256) === null)
    addProposal(thread, bid, bid.payload, { need, state, now });
  return code;
}

function addCap(thread: Thread, envelope: VerifiedEnvelope, need: Need, sha256: Sha256): DropCode | null {
  if (thread.cap !== null) return 'older';
  if (capOf(need, envelope, sha256) === null) return 'opening_other';
  thread.cap = envelope;
  return null;
}

/** Why a bid of a sealed auction opens no seal that counts. */
function openingFault({ seals }: Thread, bid: VerifiedEnvelope, need: Need, sha256: Sha256): DropCode | null {
  const seal = seals.round === need.round ? seals.of(bid.payload.from) : undefined;
  if (seal === undefined) return 'seal_unknown';
  return opensBid(seal, bid, sha256) ? null : 'opening_other';
}

function addProposal(
  thread: Thread,
  envelope: VerifiedEnvelope,
  payload: Spoken<'PROPOSE'>,
  { need, state, now }: { need: Need; state: State; now: number },
): DropCode | null {
  if (thread.bids.round !== need.round) thread.bids = new BidBook(need.round);
  let named: ReadonlySet<EnvelopeId> | null = null;
  return thread.bids.add(envelope, payload, {
    need,
    state,
    now,
    named: () => {
      named ??= namedBids(thread);
      return named;
    },
  });
}

/** Bids that votes speak of, and what bids rest on: DECIDE must show them. */
function namedBids({ votes, bids }: Thread): ReadonlySet<EnvelopeId> {
  const named = new Set<EnvelopeId>();
  for (const { payload } of votes.firsts())
    if (payload.verb === 'ATTEST_PLAN') for (const id of payload.body.bidsSeen) named.add(id);
  for (const bid of bids.all()) for (const id of groundsOf(bid)) named.add(id);
  return named;
}

function addHeartbeat({ alive }: Thread, { body, lamport }: Spoken<'HEARTBEAT'>, now: number): DropCode | null {
  const before = alive.get(body.attempt);
  if (before !== undefined && before.lamport >= lamport) return 'older';
  alive.set(body.attempt, { at: Math.max(now, before?.at ?? 0), lamport });
  return null;
}

/** The newest counts: a MISS must be newer than the holder's last entry. Those on other leases are over. */
function addMiss({ misses }: Thread, envelope: VerifiedEnvelope, payload: Spoken<'MISS'>, need: Need): DropCode | null {
  const before = misses.get(payload.from);
  if (before !== undefined && before.payload.lamport >= payload.lamport) return 'older';
  for (const [seat, { payload: other }] of misses)
    if (other.verb !== 'MISS' || other.body.attempt !== need.attempt) misses.delete(seat);
  misses.set(payload.from, envelope);
  return null;
}
