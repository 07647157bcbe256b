import {
  type ArtifactRef,
  type Bodies,
  bidSeal,
  capSeal,
  type Did,
  type EnvelopeId,
  MAIN_TASK,
  type NeedBody,
  type NeedId,
  type PatchTask,
  type VerifiedEnvelope,
  voteSeal,
  wholeTask,
} from '@canswarm/protocol';
import type { Applied } from '../../src/apply.ts';
import { seatedOf } from '../../src/committee.ts';
import { planSubject, resultSubject } from '../../src/need-life.ts';
import { taskName } from '../../src/plan/tasks.ts';
import { digestOf } from '../../src/policy/divergence.ts';
import { leafOf, stepHash, stepLeaf, totalLeaves } from '../../src/proofs/steps.ts';
import type { Commit, Committee, Lease, Need, Seat } from '../../src/state.ts';
import { ADA, BOB, CREDIT, CYD, type Frame, REQUESTER, type World } from '../world.ts';
import { ACCEPTANCE, blockOf, INPUTS, TRUTHFUL } from './documents.ts';
import { type Agent, agent, sha256 } from './keys.ts';

/** A key by its did: every key of the tests is made from a name. */
const names = ['authority', 'requester', 'ada', 'bob', 'cyd', 'dan', 'bystander', 'stranger'];
const byDid = new Map<Did, Agent>();
export function who(did: Did): Agent {
  if (byDid.size === 0) {
    for (const name of names) byDid.set(agent(name).did, agent(name));
    for (let index = 0; index < 64; index += 1) byDid.set(agent(`v${index}`).did, agent(`v${index}`));
  }
  const found = byDid.get(did);
  if (found === undefined) throw new Error(`${did} is no key of the tests`);
  return found;
}

export const PRICE_CAP = 10 * CREDIT;
export const SEAT_FEE = CREDIT / 100;

/** What of a price is left to who is paid: two in a hundred are burned. */
export const net = (price: number): number => price - Math.ceil(price / 50);

export const needBody = (own: Partial<NeedBody> = {}): NeedBody => ({
  skill: 'brief',
  goal: 'How is a vulnerability reported?',
  inputs: INPUTS,
  acceptance: ACCEPTANCE,
  tier: 1,
  trial: null,
  priceCap: PRICE_CAP,
  seatFee: SEAT_FEE,
  scoring: { priceBps: 8000, etaBps: 2000, reputationBps: 0 },
  windows: { bidMs: 300, answerMs: 1000, challengeMs: 2000, leaseMs: 10_000 },
  deadlineMs: 60_000,
  class: 'documents',
  plan: null,
  auction: 'open',
  capSeal: null,
  mark: new Uint8Array(32),
  ...own,
});

/** Salt of every seal of the tests. */
export const SALT = new Uint8Array(32).fill(7);

/** Makes a need's auction sealed, its cap too where one is given. */
export const sealed = (cap: number | null = null, requester: Agent = REQUESTER): Partial<NeedBody> => ({
  auction: 'sealed',
  capSeal: cap === null ? null : capSeal(requester.did, cap, SALT, sha256),
});

/** Lets planners divide the work: into up to four tasks, of two parts besides the need's own work. */
export const DIVISION = {
  tasks: 4,
  parts: [
    { skill: 'search', acceptance: ACCEPTANCE, tier: 1 },
    { skill: 'sort', acceptance: ACCEPTANCE, tier: 1 },
  ],
};

/** A task as a planner means it; open without a worker. */
export interface TaskDraft {
  readonly task: string;
  readonly price: number;
  readonly worker: Agent | null;
  readonly part?: number | null;
  readonly goal?: string | null;
  readonly after?: readonly string[];
}

export type Verdict = 'pass' | 'fail' | 'undecidable';

/** Steps that prove nothing, for votes whose steps are not what a test is about. */
const NO_STEPS: readonly Uint8Array[] = Array.from({ length: 16 }, () => new Uint8Array(32));

/** One need of a world and all that is done for it. Each method does one step as honest keys would. */
export class Story {
  readonly world: World;
  readonly id: NeedId;

  /** Posts a need, or tells the story of one that is there. */
  constructor(world: World, own: Partial<NeedBody> | NeedId = {}, requester: Agent = REQUESTER) {
    this.world = world;
    if (typeof own === 'string') {
      this.id = own;
      return;
    }
    world.accept(requester, 'NEED', needBody(own));
    const opened = world.events('need_opened').at(-1);
    if (opened === undefined) throw new Error('no need was opened');
    this.id = opened.need;
  }

  get need(): Need {
    const need = this.world.state.needs.get(this.id);
    if (need === undefined) throw new Error('the need is settled');
    return need;
  }

  get settled(): boolean {
    return !this.world.state.needs.has(this.id);
  }

  get lease(): Lease {
    const { lease } = this.need;
    if (lease === null) throw new Error(`no lease while ${this.need.phase}`);
    return lease;
  }

  get commit(): Commit {
    const id = this.need.commits.at(-1);
    const commit = id === undefined ? undefined : this.world.state.commits.get(id);
    if (commit === undefined) throw new Error('no commit');
    return commit;
  }

  get plan(): Committee {
    return this.#committee(planSubject(this.id, this.need.round));
  }

  get jury(): Committee {
    return this.#committee(resultSubject(this.commit.id));
  }

  #committee(subject: Committee['subject']): Committee {
    const committee = this.world.state.committees.get(subject);
    if (committee === undefined) throw new Error(`no committee ${subject}`);
    return committee;
  }

  /** Who sits in the present ballot. */
  seats(committee: Committee): readonly Agent[] {
    return seatedOf(committee).map((seat) => who(seat.did));
  }

  seatOf(committee: Committee, did: Did): Seat {
    const seat = committee.seats.find((candidate) => candidate.did === did && candidate.ballot === committee.ballot);
    if (seat === undefined) throw new Error(`${did} has no seat`);
    return seat;
  }

  /** Ticks until the plan committee votes. */
  toPlanVotes(): this {
    this.world.tickUntil(() => this.plan.phase === 'voting');
    return this;
  }

  bid(worker: Agent, price: number, own: Partial<Bodies['PROPOSE']> = {}): VerifiedEnvelope {
    const patch = [wholeTask(worker.did, price)];
    const { id: need } = this;
    const { round, planVersion: base } = this.need;
    return this.world.gossip(worker, 'PROPOSE', {
      need,
      round,
      base,
      price,
      etaMs: 1000,
      planner: null,
      outbids: null,
      salt: null,
      patch,
      ...own,
    });
  }

  /** A bid of a sealed auction, and the hash of it that went before. */
  sealedBid(
    worker: Agent,
    price: number,
    own: Partial<Bodies['PROPOSE']> = {},
  ): readonly [VerifiedEnvelope, VerifiedEnvelope] {
    const bid = this.bid(worker, price, { salt: SALT, ...own });
    if (bid.payload.verb !== 'PROPOSE') throw new Error('a bid is due');
    const { need, round } = bid.payload.body;
    const seal = bidSeal(worker.did, bid.payload.body, sha256);
    return [bid, this.world.gossip(worker, 'SEAL_BID', { need, round, seal })];
  }

  /** What opens the cap that `sealedCap` sealed. */
  openCap(cap: number, by: Agent = who(this.need.requester)): VerifiedEnvelope {
    return this.world.gossip(by, 'OPEN_CAP', { need: this.id, cap, salt: SALT });
  }

  /** A worker's acceptance of a planner's task, and the planner's bid that names it. */
  plannedBid(planner: Agent, worker: Agent, workerPrice: number, price: number): [VerifiedEnvelope, VerifiedEnvelope] {
    const acceptance = this.bid(worker, workerPrice, { planner: planner.did });
    const patch = [wholeTask(worker.did, workerPrice, acceptance.id)];
    const own = { price, planner: planner.did, patch };
    return [acceptance, this.bid(planner, price, own)];
  }

  /** A planner's bid that divides the work, and the acceptances it names; the planner keeps `share`. */
  dividedBid(
    planner: Agent,
    drafts: readonly TaskDraft[],
    own: { readonly share?: number; readonly base?: number; readonly etaMs?: number } = {},
  ): { readonly bid: VerifiedEnvelope; readonly shown: readonly VerifiedEnvelope[] } {
    const { planVersion, round } = this.need;
    const { share = 0, base = planVersion, etaMs = 1000 } = own;
    const about = { need: this.id, round, base, etaMs, planner: planner.did, outbids: null, salt: null };
    const acceptances: VerifiedEnvelope[] = [];
    const patch = drafts.map(({ worker, ...draft }): PatchTask => {
      const task = { part: draft.task === MAIN_TASK ? null : 0, goal: null, after: [], ...draft };
      if (worker === null) return { ...task, assignee: null, acceptance: null };
      const offered = { ...task, assignee: worker.did, acceptance: null };
      const acceptance = this.world.gossip(worker, 'PROPOSE', { ...about, price: draft.price, patch: [offered] });
      acceptances.push(acceptance);
      return { ...offered, acceptance: acceptance.id };
    });
    const price = share + patch.reduce((sum, task) => sum + task.price, 0);
    const bid = this.world.gossip(planner, 'PROPOSE', { ...about, price, patch });
    return { bid, shown: [bid, ...acceptances] };
  }

  /** From NEED to a divided need: every plan seat chooses the first of `plans`. */
  divide(plans: readonly { readonly bid: VerifiedEnvelope; readonly shown: readonly VerifiedEnvelope[] }[]): this {
    const { outcome } = this.decide([
      ...this.planVotes(plans.map(({ bid }) => bid)),
      ...plans.flatMap(({ shown }) => shown),
    ]);
    if (!outcome.accepted) throw new Error(`DECIDE refused: ${outcome.code} ${JSON.stringify(outcome.facts)}`);
    return this;
  }

  /** The story of a task of the plan. */
  task(name: string): Story {
    const found = this.need.plan?.tasks.find(({ task }) => task === name);
    if (found === undefined) throw new Error(`the plan has no ${name}`);
    return new Story(this.world, found.need);
  }

  planVote(
    seat: Agent,
    winner: EnvelopeId | null,
    bidsSeen: readonly EnvelopeId[],
    own: Partial<Bodies['ATTEST_PLAN']> = {},
  ) {
    const { ballot, draw } = this.seatOf(this.plan, seat.did);
    const { round } = this.need;
    const policyDigest = digestOf(this.need);
    const body = { need: this.id, round, ballot, draw, winner, bidsSeen, policyDigest, ...own };
    return this.world.gossip(seat, 'ATTEST_PLAN', body);
  }

  /** Votes of `seats` for the first of `bids`; no bid: for nobody. */
  planVotes(bids: readonly VerifiedEnvelope[], seats = this.seats(this.plan)): readonly VerifiedEnvelope[] {
    const ids = bids.map(({ id }) => id);
    return seats.map((seat) => this.planVote(seat, ids[0] ?? null, ids));
  }

  decide(envelopes: readonly VerifiedEnvelope[], by: Agent = REQUESTER): Applied {
    const { round } = this.need;
    return this.world.submit(by, 'DECIDE', { need: this.id, round, ballot: this.plan.ballot }, { envelopes });
  }

  /** From NEED to a lease of the first worker, the others being runners-up, each a bit dearer. */
  hire(workers: readonly Agent[] = [ADA, BOB, CYD], price = 4 * CREDIT): this {
    this.toPlanVotes();
    const bids = workers.map((worker, index) => this.bid(worker, price + index * (CREDIT / 10)));
    const { outcome } = this.decide([...this.planVotes(bids), ...bids]);
    if (!outcome.accepted) throw new Error(`DECIDE refused: ${outcome.code} ${JSON.stringify(outcome.facts)}`);
    return this;
  }

  /** The holder of the lease commits. */
  deliver(output: ArtifactRef = TRUTHFUL): this {
    const { attempt, fence, bid } = this.lease;
    const telemetry = { wallMs: 1, bytesRead: 1, bytesWritten: 1 };
    const body = {
      need: this.id,
      task: taskName(this.need),
      attempt,
      fence,
      outputs: [output],
      telemetry,
      trace: null,
    };
    this.world.accept(who(bid.worker), 'COMMIT', body);
    return this;
  }

  /** What a lease entry names. */
  held(): { need: NeedId; task: string; attempt: number; fence: Lease['fence'] } {
    const { attempt, fence } = this.lease;
    return { need: this.id, task: taskName(this.need), attempt, fence };
  }

  toJudging(): this {
    this.world.tickUntil(() => this.jury.phase === 'voting');
    return this;
  }

  /** The true step hashes of a seat. */
  steps(seat: Agent): readonly Uint8Array[] {
    const { draw } = this.seatOf(this.jury, seat.did);
    const artifacts = [...this.need.inputs, ...this.commit.outputs];
    const seed = this.jury.seeds[draw]?.seed ?? '';
    return NO_STEPS.map((_, step) => {
      const leaf = leafOf(artifacts, stepLeaf(sha256, seed, seat.did, step, totalLeaves(artifacts)), blockOf);
      if (leaf.status !== 'found') throw new Error(`a leaf is ${leaf.status}`);
      return stepHash(sha256, seat.did, this.commit.id, step, leaf.bytes);
    });
  }

  vote(seat: Agent, verdict: Verdict, own: Partial<Bodies['ATTEST']> = {}) {
    const { ballot, draw } = this.seatOf(this.jury, seat.did);
    const salt = this.jury.sealed ? SALT : null;
    const policyDigest = digestOf(this.commit);
    const body = { commit: this.commit.id, ballot, draw, steps: NO_STEPS, salt, policyDigest, ...own };
    if (verdict === 'pass') return this.world.gossip(seat, 'ATTEST', body);
    return this.world.gossip(seat, 'REJECT', { ...body, verdict, reasons: ['seen'] });
  }

  /** The seal that a seat lays over a vote. */
  sealOf(vote: VerifiedEnvelope, own: Partial<Bodies['SEAL']> = {}, frame: Frame = {}): VerifiedEnvelope {
    const { payload } = vote;
    if (payload.verb !== 'ATTEST' && payload.verb !== 'REJECT') throw new Error(`${payload.verb} is not sealed`);
    const { commit, ballot, draw } = payload.body;
    const body = { commit, ballot, draw, seal: voteSeal(payload.from, payload, sha256), ...own };
    return this.world.gossip(who(payload.from), 'SEAL', body, frame);
  }

  votes(verdict: Verdict, seats = this.seats(this.jury)): readonly VerifiedEnvelope[] {
    return seats.map((seat) => this.vote(seat, verdict));
  }

  certify(envelopes: readonly VerifiedEnvelope[], by: Agent = REQUESTER): Applied {
    const { id: commit } = this.commit;
    return this.world.submit(by, 'CERTIFY', { commit, ballot: this.jury.ballot }, { envelopes });
  }

  /** Ticks to the vote and certifies what all seats, or the first `count`, say; where they seal, once all have. */
  judge(verdict: Verdict, count = Number.POSITIVE_INFINITY): this {
    this.toJudging();
    if (this.jury.sealed) this.certify(this.votes(verdict).map((vote) => this.sealOf(vote)));
    const { outcome } = this.certify(this.votes(verdict, this.seats(this.jury).slice(0, count)));
    if (!outcome.accepted) throw new Error(`CERTIFY refused: ${outcome.code} ${JSON.stringify(outcome.facts)}`);
    return this;
  }

  toWindowEnd(): this {
    const { id } = this.commit;
    this.world.tickUntil(() => this.world.state.commits.get(id)?.windowClosed === true);
    return this;
  }

  finalize(by: Agent = BOB): this {
    this.world.accept(by, 'FINALIZE', { commit: this.commit.id });
    return this;
  }

  /** Ticks until nothing of the need is left. */
  settle(ms = 200): this {
    this.world.tickUntil(() => this.settled, ms);
    return this;
  }
}
