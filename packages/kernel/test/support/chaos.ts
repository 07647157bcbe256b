import type { Bodies, LogVerb, VerifiedEntry, VerifiedEnvelope } from '@canswarm/protocol';
import type { Commit, Committee } from '../../src/state.ts';
import {
  ADA,
  AUTHORITY,
  BOB,
  BYSTANDER,
  CREDIT,
  CYD,
  DAN,
  type Evidence,
  REQUESTER,
  verifiersOf,
  World,
} from '../world.ts';
import {
  type Accusation,
  equivocation,
  falseDigest,
  missingCitation,
  opening,
  schemaViolation,
  sealBytes,
} from './accusation.ts';
import { LYING, TRUTHFUL, UNFIT } from './documents.ts';
import { type Agent, makeChain } from './keys.ts';
import { needBody, Story, type Verdict, who } from './story.ts';

/** One random deed: what, and numbers that choose among what is possible. */
export interface Deed {
  readonly act: Act;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const ACTS = [
  'proceed',
  'need',
  'tick',
  'decide',
  'commit',
  'lease',
  'certify',
  'accuse',
  'open',
  'finalize',
  'cancel',
  'money',
  'leave',
  'join',
  'replay',
] as const;
export type Act = (typeof ACTS)[number];
/** Acts by how often they are drawn: the sensible next step about every second time, so that needs get far. */
export const ACTS_WEIGHED: readonly Act[] = [
  ...ACTS,
  'tick',
  'tick',
  'tick',
  'tick',
  'decide',
  'commit',
  'certify',
  'certify',
  'accuse',
  'open',
];

const WORKERS = [ADA, BOB, CYD, DAN, BYSTANDER];
const OUTPUTS = [TRUTHFUL, LYING, UNFIT];
const VERDICTS: readonly Verdict[] = ['pass', 'pass', 'fail', 'undecidable'];
const STEPS_MS = [20, 50, 50, 50, 100, 100, 300, 300, 600, 1000, 50, 50, 2500, 50, 20, 12_000, 50, 70_000];
const FEES = [1, CREDIT / 100, CREDIT];
const DEADLINES = [11_300, 30_000, 90_000];

const pick = <Item>(items: readonly Item[], n: number): Item | undefined => items[n % Math.max(1, items.length)];

/** Many keys doing random things, sensible and not, to many needs. Every entry is applied; what comes of it is the law's. */
export class Chaos {
  readonly world: World;
  readonly #sealed: { who: Agent; story: Story; commit: Commit; accusation: Accusation }[] = [];
  readonly #joined = new Map<string, number>();

  constructor() {
    this.world = new World({
      verifiers: verifiersOf(15, 14, 300 * CREDIT),
      params: { silencesPerEpoch: 12 },
    });
  }

  do({ act, a, b, c }: Deed): void {
    switch (act) {
      case 'proceed':
        return this.#proceed(a, b, c);
      case 'need':
        return this.#need(a, b);
      case 'tick':
        return this.#tick(a, b, c);
      case 'decide':
        return this.#decide(a, b, c);
      case 'commit':
        return this.#commit(a, b, c);
      case 'lease':
        return this.#lease(a, b, c);
      case 'certify':
        return this.#certify(a, b, c);
      case 'accuse':
        return this.#accuse(a, b, c);
      case 'open':
        return this.#open(a);
      case 'finalize':
        return this.#about(a, (commit) => this.#send(pick(WORKERS, b), 'FINALIZE', { commit: commit.id }));
      case 'cancel':
        return this.#cancel(a, b);
      case 'money':
        return this.#money(a, b, c);
      case 'leave':
        return this.#leave(a, b, c);
      case 'join':
        return this.#join(a, b);
      case 'replay':
        return this.#replay(a);
    }
  }

  #send<V extends LogVerb>(by: Agent | undefined, verb: V, body: Bodies[V], evidence?: Evidence): void {
    this.world.submit(by ?? REQUESTER, verb, body, evidence);
  }

  get #keys(): readonly Agent[] {
    return this.world.verifiers.map((verifier) => verifier.who);
  }

  #needAt(n: number): Story | undefined {
    const need = pick([...this.world.state.needs.values()], n);
    return need === undefined ? undefined : new Story(this.world, need.id);
  }

  #about(n: number, then: (commit: Commit, story: Story) => void): void {
    const commit = pick([...this.world.state.commits.values()], n);
    const need = commit === undefined ? undefined : this.world.state.needs.get(commit.need);
    if (commit !== undefined && need !== undefined) then(commit, new Story(this.world, need.id));
  }

  /** What honest keys would do next for some need. */
  #proceed(a: number, b: number, c: number): void {
    const story = this.#needAt(a);
    if (story === undefined) return this.#need(b, c);
    const { phase } = story.need;
    if (phase === 'bidding' && story.plan.phase === 'voting') return this.#hire(story, b);
    if (phase === 'leased') return this.#commit(a, 0, b);
    if (phase === 'ready') return this.#lease(a, b, 20);
    const judging = phase === 'committed' && story.jury.phase === 'voting';
    if (judging) {
      const verdict = pick(VERDICTS, b) ?? 'pass';
      const votes = story.votes(verdict, this.#seatsOf(story.jury, 3 * c));
      return this.#send(
        BYSTANDER,
        'CERTIFY',
        { commit: story.commit.id, ballot: story.jury.ballot },
        { envelopes: votes },
      );
    }
    if (phase === 'verified' && !story.commit.windowClosed && b % 3 === 0) return this.#accuse(a, b % 2, c);
    if (phase === 'verified' && story.commit.windowClosed)
      return this.#send(ADA, 'FINALIZE', { commit: story.commit.id });
    if (b % 2 === 0 && this.#sealed.length > 0) return this.#open(this.#sealed.length - 1);
    return this.#tick(4 + (b % 6), 0, 0);
  }

  #hire(story: Story, b: number): void {
    const workers = WORKERS.filter((worker) => !story.need.failed.has(worker.did)).slice(b % 3);
    const bids = workers.slice(0, 4).map((worker, index) => story.bid(worker, (index + 1) * CREDIT));
    const { round } = story.need;
    const evidence = { envelopes: [...story.planVotes(bids), ...bids] };
    this.#send(BYSTANDER, 'DECIDE', { need: story.id, round, ballot: story.plan.ballot }, evidence);
  }

  #need(a: number, b: number): void {
    if (this.world.state.needs.size > 2) return;
    const seatFee = pick(FEES, a) ?? 1;
    const deadlineMs = pick(DEADLINES, b) ?? 30_000;
    this.#send(
      pick([REQUESTER, REQUESTER, BYSTANDER, ...this.#keys], a + b),
      'NEED',
      needBody({ seatFee, deadlineMs }),
    );
  }

  #tick(a: number, b: number, c: number): void {
    this.world.now += pick(STEPS_MS, a) ?? 50;
    const liars = this.#keys.slice(0, 3);
    const keys = this.#keys.filter((_, index) => b % 5 !== 4 || (c >> index) % 2 === 0);
    const reports = keys.map((key) => {
      const ahead = b % 7 === 6 && liars.includes(key) ? 5_000 : 0;
      return this.world.report(key, { time: this.world.now + ahead, reveal: c % 4 !== 3 });
    });
    const authority = keys.some((key) => this.world.state.members.get(key.did)?.active === true)
      ? []
      : [this.world.report(AUTHORITY)];
    const able =
      authority.length > 0
        ? authority
        : reports.filter((report) => this.world.state.members.get(report.payload.from)?.active === true);
    this.#send(
      authority.length > 0 ? AUTHORITY : pick(keys, a),
      'TICK',
      {},
      { envelopes: b % 11 === 10 ? reports : able },
    );
  }

  #seatsOf(committee: Committee, mask: number): readonly Agent[] {
    const seats = committee.seats.filter((seat) => seat.status === 'seated' && seat.ballot === committee.ballot);
    return seats.map((seat) => who(seat.did)).filter((_, index) => mask % 3 === 0 || (mask >> index) % 2 === 1);
  }

  #decide(a: number, b: number, c: number): void {
    const story = this.#needAt(a);
    if (story === undefined || story.need.phase !== 'bidding' || story.plan.phase === 'drawing') return;
    const workers = WORKERS.filter((_, index) => (b >> index) % 2 === 0).slice(0, 4);
    const bids = workers.map((worker, index) => story.bid(worker, (index + 1) * CREDIT * (b % 13 === 12 ? 9 : 1)));
    const [acceptance, planned] = story.plannedBid(BYSTANDER, ADA, CREDIT, 2 * CREDIT);
    const shown = c % 5 === 4 ? [planned, acceptance] : bids;
    const named = c % 5 === 4 ? [planned] : bids;
    const seats = this.#seatsOf(story.plan, c);
    const split = c % 7 === 6;
    const votes = seats.flatMap((seat, index) => story.planVotes(split && index % 2 === 0 ? [] : named, [seat]));
    const ballot = story.plan.ballot + (b % 17 === 16 ? 1 : 0);
    this.#send(
      pick(WORKERS, b),
      'DECIDE',
      { need: story.id, round: story.need.round, ballot },
      { envelopes: [...votes, ...(b % 19 === 18 ? [] : shown)] },
    );
  }

  #commit(a: number, b: number, c: number): void {
    const story = this.#needAt(a);
    const lease = story?.need.lease;
    if (story === undefined || lease == null) return;
    const telemetry = { wallMs: 1, bytesRead: 1, bytesWritten: 1 };
    const body = { ...story.held(), outputs: [pick(OUTPUTS, c) ?? TRUTHFUL], telemetry, trace: null };
    const by = b % 9 === 8 ? pick(WORKERS, c) : who(lease.bid.worker);
    this.#send(by, 'COMMIT', b % 10 === 9 ? { ...body, attempt: body.attempt + 1 } : body);
  }

  #lease(a: number, b: number, c: number): void {
    const story = this.#needAt(a);
    if (story === undefined) return;
    const { need } = story;
    if (need.lease === null) {
      const claim = {
        need: need.id,
        task: 'main',
        attempt: need.attempt + 1,
        ttlMs: 1 + c * 500,
        cost: (b % 12) * CREDIT,
        etaMs: 1,
      };
      return this.#send(pick(WORKERS, b), 'CLAIM', claim);
    }
    const held = story.held();
    const holder = who(need.lease.bid.worker);
    if (b % 3 === 0) return this.#send(holder, 'RENEW', { ...held, progress: c % 2 === 0 ? null : LYING.cid });
    if (b % 3 === 1) return this.#send(holder, 'YIELD', { ...held, reason: '' });
    const seats = need.planSeats.map(who).filter((_, index) => (c >> index) % 3 !== 2);
    const envelopes = seats.map((seat) => this.world.gossip(seat, 'MISS', { ...held, interval: 1 }));
    return this.#send(BYSTANDER, 'RELEASE', held, { envelopes });
  }

  #certify(a: number, b: number, c: number): void {
    this.#about(a, (commit, story) => {
      const committee = this.world.state.committees.get(`result/${commit.id}`);
      if (committee === undefined || commit !== story.commit) return;
      const verdict = pick(VERDICTS, b) ?? 'pass';
      const seats = this.#seatsOf(committee, c);
      const votes = seats.map((seat, index) => story.vote(seat, c % 4 === 3 && index % 2 === 0 ? 'fail' : verdict));
      this.#send(pick(WORKERS, b), 'CERTIFY', { commit: commit.id, ballot: committee.ballot }, { envelopes: votes });
    });
  }

  #accusation(commit: Commit, story: Story, b: number, c: number): Accusation {
    const committee = this.world.state.committees.get(`result/${commit.id}`);
    const seat = committee === undefined ? undefined : pick(this.#seatsOf(committee, 0), c);
    if (b % 4 === 0) return { ...missingCitation(story), salt: `${c}` };
    if (b % 4 === 1 || seat === undefined) return { ...schemaViolation(story), salt: `${c}` };
    const vote: VerifiedEnvelope = story.vote(seat, 'pass');
    if (b % 4 === 2) return { ...falseDigest(story, vote, c % 16), salt: `${c}` };
    return { ...equivocation(vote, story.vote(seat, c % 2 === 0 ? 'fail' : 'pass')), salt: `${c}` };
  }

  #accuse(a: number, b: number, c: number): void {
    this.#about(a, (commit, story) => {
      if (commit !== story.commit) return;
      const by = pick([...WORKERS, ...this.#keys], b + c) ?? BYSTANDER;
      const accusation = this.#accusation(commit, story, b, c);
      const seal = sealBytes(by, commit.id, accusation);
      this.#sealed.push({ who: by, story, commit, accusation });
      this.#send(by, 'CHALLENGE', { subject: commit.id, class: accusation.class, seal, opening: null });
    });
  }

  #open(a: number): void {
    const sealed = pick(this.#sealed, a);
    if (sealed === undefined || !this.world.state.commits.has(sealed.commit.id)) return;
    this.world.apply(opening(this.world, sealed.who, sealed.commit.id, sealed.accusation));
  }

  #cancel(a: number, b: number): void {
    const story = this.#needAt(a);
    if (story === undefined) return;
    this.#send(b % 3 > 0 ? ADA : who(story.need.requester), 'CANCEL', { need: story.id });
  }

  #money(a: number, b: number, c: number): void {
    const from = pick([...WORKERS, REQUESTER, ...this.#keys], a) ?? ADA;
    const to = pick([...WORKERS, REQUESTER], b)?.did ?? ADA.did;
    if (c % 5 === 0) return this.#send(from, 'TRANSFER', { to, amount: 1 + c * CREDIT, create: false });
    if (c % 5 === 2) {
      const periodMs = 1 + (b % 9) * 400;
      return this.#send(from, 'ESCROW', { to, amount: 1 + (c % 50) * CREDIT, periodMs, create: false });
    }
    if (c % 5 === 3) {
      const escrow = pick([...this.world.state.escrows.values()], b);
      if (escrow === undefined) return;
      const by = who(a % 2 === 0 ? escrow.payer : escrow.payee);
      return this.#send(by, 'SETTLE', { escrow: escrow.id, amount: a % 3 === 0 ? 0 : 1 + (b % 40) * CREDIT });
    }
    if (c % 5 === 1) return this.#send(from, 'STAKE', { amount: 1 + b * CREDIT });
    return this.#send(AUTHORITY, 'MINT', { to, amount: 1 + c * CREDIT, create: false });
  }

  /** Stake leaves use, is withdrawn; now and then a verifier leaves. */
  #leave(a: number, b: number, c: number): void {
    const by = pick([...this.#keys, BYSTANDER], a) ?? BYSTANDER;
    if (c % 8 === 7) return this.#send(by, 'LEAVE', {});
    if (c % 2 === 0) return this.#send(by, 'UNBOND', { amount: 1 + (b % 200) * CREDIT });
    const open = [...this.world.state.unbondings].flatMap(([did, all]) => all.map(({ id }) => ({ did, id })));
    const one = pick(open, b);
    if (one !== undefined) this.#send(who(one.did), 'WITHDRAW', { unbonding: one.id });
  }

  #join(a: number, b: number): void {
    const by = pick([...this.#keys, BYSTANDER], a) ?? BYSTANDER;
    const times = (this.#joined.get(by.name) ?? 0) + 1;
    this.#joined.set(by.name, times);
    const chain = makeChain(`${by.name}/${times}`, 1 + (b % 30));
    this.#send(by, 'JOIN', { tip: chain.tip, length: chain.length, credential: null });
    this.world.useChain(by, chain);
  }

  #replay(a: number): void {
    const entry: VerifiedEntry | undefined = pick(this.world.entries, a * 7);
    if (entry !== undefined) this.world.apply(entry);
  }

  /** Nobody does anything any more but tick. Returns the log time (ms) that passes until nothing is open. */
  toEnd(): number {
    const { world } = this;
    const began = world.state.time;
    for (let count = 0; this.#isOpen; count += 1) {
      if (count > 500)
        throw new Error(`still open: ${[...world.state.needs.values()].map((need) => need.phase).join(', ')}`);
      const next = world.state.timers.next() ?? 0;
      world.now = Math.max(
        world.now + 50,
        world.state.timers.unstarted.size > 0 ? 0 : Math.min(next, world.now + 50_000),
      );
      const able = world.reporters;
      const envelopes = able.map((key) => world.report(key, { reveal: count % 3 !== 2 }));
      world.submit(able[0] ?? AUTHORITY, 'TICK', {}, { envelopes });
    }
    for (const [did, all] of [...world.state.unbondings])
      for (const { id } of all) world.accept(who(did), 'WITHDRAW', { unbonding: id });
    return world.state.time - began;
  }

  get #isOpen(): boolean {
    const { needs, escrows, unbondings } = this.world.state;
    return needs.size > 0 || escrows.size > 0 || [...unbondings.values()].flat().some(({ over }) => !over);
  }
}
