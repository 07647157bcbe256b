import { type Bodies, type Did, type NeedId, PRESETS, type VerifiedEnvelope, wholeTask } from '@canswarm/protocol';
import { seatedOf } from '../../src/committee.ts';
import type { OwnDuty, SharedDuty } from '../../src/duties/duty.ts';
import { ownDuties, workKey } from '../../src/duties/own.ts';
import { sharedDuties } from '../../src/duties/shared.ts';
import { checkInvariants } from '../../src/invariants.ts';
import { planSubject, resultSubject } from '../../src/need-life.ts';
import type { Need, SubjectId } from '../../src/state.ts';
import { sponsoredOf } from '../../src/trials.ts';
import { LYING, TRUTHFUL } from '../support/documents.ts';
import { me } from '../support/duties.ts';
import { sha256 } from '../support/keys.ts';
import { needBody } from '../support/story.ts';
import { CREDIT, World, type WorldOptions } from '../world.ts';
import { Chance } from './chance.ts';
import { Gossip } from './gossip.ts';
import { type Cast, castOf, type Person } from './kinds.ts';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** Requesters look at what they want done, and workers at what there is, this often. */
const ROUND_MS = 4 * HOUR_MS;
const ROUNDS_A_DAY = 6;
/** Invariants of the whole state are checked after so many entries. */
const CHECK_EVERY = 500;
/** Looks at one position until nobody does anything any more; more than that is a defect. */
const LOOKS_MAX = 50;
/** Far more than it takes until the last need is settled. */
const STEPS_TO_SETTLE = 20_000;
const SEAT_FEES = [CREDIT / 50, CREDIT / 20, CREDIT / 10];
const BPS = 10_000;
const { bidMs, answerMs, challengeMs, leaseMs } = PRESETS.main;
const windows = { bidMs, answerMs, challengeMs, leaseMs };

/** A world that is looked through now and then, not after every entry. */
class WideWorld extends World {
  #unchecked = 0;

  override check(): void {
    this.#unchecked += 1;
    if (this.#unchecked < CHECK_EVERY) return;
    this.#unchecked = 0;
    const broken = checkInvariants(this.state).map(({ id, detail }) => `${id}: ${detail}`);
    if (broken.length > 0) throw new Error(broken.join('\n'));
  }
}

export interface MarketOptions {
  readonly agents: number;
  readonly weeks: number;
  readonly seed: number;
  readonly params?: WorldOptions['params'];
}

/** Agents that hire and work for each other on a log of their own, each by the strategy of its kind. Periods are those of the main preset. */
export class Market {
  readonly world: World;
  readonly cast: Cast;
  /** Entries that the law refused. */
  refused = 0;
  readonly #gossip = new Gossip();
  readonly #chance: Chance;
  readonly #byDid = new Map<Did, Person>();
  /** Who looks at a need to work on it. */
  readonly #lookers = new Map<NeedId, Person[]>();
  readonly #end: number;

  constructor({ agents, weeks, seed, params }: MarketOptions) {
    this.#chance = new Chance(seed);
    this.cast = castOf(agents, this.#chance);
    const { verifiers, people } = this.cast;
    this.world = new WideWorld({
      params: { ...PRESETS.main, trialFund: 200 * CREDIT, ...params },
      verifiers,
      others: people.filter(({ kind }) => !kind.endsWith('verifier')),
    });
    for (const person of people) this.#byDid.set(person.who.did, person);
    this.#end = this.world.now + weeks * WEEK_MS;
  }

  /** Lives through the weeks. */
  run(): void {
    const { world } = this;
    for (let round = world.now; world.now < this.#end; ) {
      if (world.now >= round) {
        this.#post();
        this.#look();
        round += ROUND_MS;
      }
      this.#step(Math.min(round, this.#end));
    }
    this.#act();
    world.check();
  }

  /** Nobody asks for anything any more: what is open comes to its end. */
  settle(): void {
    const { world } = this;
    for (let step = 0; world.state.needs.size > 0; step += 1) {
      if (step > STEPS_TO_SETTLE) throw new Error(`${world.state.needs.size} needs do not end`);
      this.#step(world.now + ROUND_MS);
    }
    world.check();
  }

  /** Everybody acts, then time moves on to when something happens, at most to `latest`. */
  #step(latest: number): void {
    const { world } = this;
    const wakeAt = this.#act() ?? latest;
    const { timers, pendingDraws } = world.state;
    const soon = timers.unstarted.size > 0 || pendingDraws.size > 0 ? world.now + PRESETS.main.tickMs : latest;
    const next = Math.min(soon, timers.next() ?? latest, wakeAt, latest);
    const reporters = world.verifiers.map(({ who }) => who);
    world.tick(Math.max(PRESETS.main.reportStepMs, next - world.now), { reporters });
  }

  /** Requesters ask for what they want done. */
  #post(): void {
    const { state } = this.world;
    for (const person of this.cast.people) {
      if (!person.posts) continue;
      if (person.kind === 'self-sponsor') {
        const free = state.params.trialsPerIdentity - sponsoredOf(state, person.who.did);
        for (let count = 0; count < free; count += 1) this.#need(person, 'sponsored');
        continue;
      }
      if (this.#chance.once(ROUNDS_A_DAY)) this.#need(person, this.#chance.once(3) ? 'sponsored' : 'funded');
      if (this.#chance.once(ROUNDS_A_DAY / 2)) this.#need(person, null);
    }
  }

  #need(person: Person, trial: 'funded' | 'sponsored' | null): void {
    const seatFee = this.#chance.of(SEAT_FEES) ?? CREDIT;
    const { trialPriceMax } = this.world.state.params;
    const most = trial === 'sponsored' ? Math.min(trialPriceMax, 4 * seatFee) : trialPriceMax;
    const priceCap = trial === null ? this.#chance.between(2 * CREDIT, 5 * CREDIT) : most;
    const body = needBody({ seatFee, priceCap, trial, windows, deadlineMs: 24 * HOUR_MS });
    this.#send(person, 'NEED', body);
  }

  /** Workers choose what they bid on: one trial and one task with a bond of those that are open, whichever they may and can take. */
  #look(): void {
    const open = [...this.world.state.needs.values()].filter(({ phase }) => phase === 'bidding');
    for (const person of this.cast.people) {
      if (!person.works) continue;
      const able = open.filter((need) => this.#wants(person, need));
      const choices = [this.#chance.of(able.filter(isTrial)), this.#chance.of(able.filter((need) => !isTrial(need)))];
      const own = person.kind === 'self-sponsor' ? able : choices;
      for (const need of own)
        if (need !== undefined) this.#lookers.set(need.id, [...(this.#lookers.get(need.id) ?? []), person]);
    }
  }

  #wants(person: Person, need: Need): boolean {
    if (person.kind === 'self-sponsor') return this.#byDid.get(need.requester)?.owner === person.owner;
    if (isTrial(need) && (person.kind === 'incumbent' || person.kind === 'accomplice')) return false;
    const { state, now } = this.world;
    const { duties } = ownDuties(state, this.#gossip, asWorker(person), need, now);
    return duties.some(({ type }) => type === 'bid');
  }

  /** Everybody does what is to be done now, until nothing is. Returns when somebody wants to look again. */
  #act(): number | null {
    const { world } = this;
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      let [done, wakeAt] = [false, Number.POSITIVE_INFINITY];
      for (const need of [...world.state.needs.values()]) {
        for (const person of this.#concerned(need)) {
          const self = person.works ? asWorker(person) : asSeat(person);
          const agenda = ownDuties(world.state, this.#gossip, self, need, world.now);
          for (const duty of agenda.duties) done = this.#own(person, need, duty) || done;
          if (agenda.wakeAt !== null && agenda.wakeAt > world.now) wakeAt = Math.min(wakeAt, agenda.wakeAt);
        }
        if (!world.state.needs.has(need.id)) continue;
        for (const duty of sharedDuties(world.state, this.#gossip, need, sha256)) done = this.#shared(duty) || done;
      }
      if (!done) return Number.isFinite(wakeAt) ? wakeAt : null;
    }
    throw new Error(`somebody still acts after ${LOOKS_MAX} looks`);
  }

  /** Whom a need concerns now: those who would work on it, its worker, the seats of its committees. */
  #concerned(need: Need): readonly Person[] {
    if (need.phase === 'bidding')
      return [...(this.#lookers.get(need.id) ?? []), ...this.#seats(planSubject(need.id, need.round))];
    if (need.phase === 'ready') return this.#lookers.get(need.id) ?? [];
    const holder = need.lease === null ? undefined : this.#byDid.get(need.lease.bid.worker);
    if (holder !== undefined) return [holder];
    return need.phase === 'committed' ? need.commits.flatMap((id) => this.#seats(resultSubject(id))) : [];
  }

  #seats(subject: SubjectId): readonly Person[] {
    const committee = this.world.state.committees.get(subject);
    const seated = committee === undefined ? [] : seatedOf(committee);
    return seated.flatMap(({ did }) => this.#byDid.get(did) ?? []);
  }

  /** Does a duty of a key as its strategy has it. False: it does nothing. */
  #own(person: Person, need: Need, duty: OwnDuty): boolean {
    const { world } = this;
    if (this.#gossip.signedAt(need.id, duty.key) !== null) return false;
    const isWorkers = ['execute', 'commit', 'renew', 'heartbeat', 'yield'].includes(duty.type);
    if (isWorkers && person.kind === 'squatter') return false;
    this.#gossip.sign(duty.key, world.now);
    if (duty.type === 'bid') return this.#bid(person, need, this.#ask(person, need), null);
    if (duty.type === 'improve') {
      const least = costOf(person, need);
      const rival = duty.rivals.find(({ atMost }) => atMost >= least);
      return rival !== undefined && this.#bid(person, need, rival.atMost, rival.id);
    }
    if (duty.type === 'execute') this.#gossip.finish(workKey(need.id, duty.attempt));
    else if (duty.type === 'rehearse' || duty.type === 'evaluate') this.#gossip.finish(duty.key);
    else if (duty.type === 'commit') this.#commit(person, need);
    else if (duty.type === 'claim') {
      const cost = costOf(person, need);
      const { attempt } = duty;
      this.#send(person, 'CLAIM', { need: need.id, task: 'main', attempt, ttlMs: leaseMs, cost, etaMs: HOUR_MS });
    } else if (duty.type === 'vote_plan') {
      const { round, ballot, draw, winner, bidsSeen } = duty;
      const about = { need: need.id, round, ballot, draw, winner, bidsSeen: [...bidsSeen], policyDigest: null };
      this.#gossip.hearVote(need.id, world.gossip(person.who, 'ATTEST_PLAN', about));
    } else if (duty.type === 'vote_result') this.#judge(person, duty);
    else return false;
    return true;
  }

  /** A fifth more than the work costs it; a self-sponsor asks for all there is. */
  #ask(person: Person, need: Need): number {
    if (person.kind === 'self-sponsor') return need.pricePool;
    return Math.min(need.pricePool, Math.ceil((costOf(person, need) * 6) / 5));
  }

  #bid(person: Person, need: Need, price: number, outbids: Bodies['PROPOSE']['outbids']): boolean {
    const { id, round, planVersion: base } = need;
    const patch = [wholeTask(person.who.did, price)];
    const body = { need: id, round, base, price, etaMs: HOUR_MS, planner: null, outbids, salt: null, patch };
    this.#gossip.hearBid(id, round, this.world.gossip(person.who, 'PROPOSE', body), this.world.now);
    return true;
  }

  #commit(person: Person, need: Need): void {
    const { lease } = need;
    if (lease === null) return;
    const { attempt, fence } = lease;
    const telemetry = { wallMs: 1, bytesRead: 1, bytesWritten: 1 };
    const outputs = [this.#isRight(person) ? TRUTHFUL : LYING];
    this.#send(person, 'COMMIT', { need: need.id, task: 'main', attempt, fence, outputs, telemetry, trace: null });
  }

  #isRight({ kind }: Person): boolean {
    if (kind === 'incapable') return this.#chance.once(4);
    return kind !== 'liar' && kind !== 'accomplice';
  }

  #judge({ who, kind }: Person, { commit, ballot, draw }: Extract<OwnDuty, { type: 'vote_result' }>): void {
    const judged = this.world.state.commits.get(commit);
    if (judged === undefined) return;
    const isFriends = this.#byDid.get(judged.bid.worker)?.kind === 'accomplice';
    const passes = judged.outputs[0]?.cid === TRUTHFUL.cid || (kind === 'colluding verifier' && isFriends);
    const steps = Array.from({ length: 16 }, () => new Uint8Array(32));
    const body = { commit, ballot, draw, steps, salt: null, policyDigest: null };
    const vote = passes
      ? this.world.gossip(who, 'ATTEST', body)
      : this.world.gossip(who, 'REJECT', { ...body, verdict: 'fail', reasons: ['it is not what stands there'] });
    this.#gossip.hearVote(commit, vote);
  }

  /** What anybody may do is done by who should try first. */
  #shared(duty: SharedDuty): boolean {
    const did = duty.first[0];
    const person = (did === undefined ? undefined : this.#byDid.get(did)) ?? this.cast.people[0];
    if (person === undefined) return false;
    if (duty.type === 'decide') {
      const { need, round, ballot } = duty;
      return this.#send(person, 'DECIDE', { need, round, ballot }, duty.evidence);
    }
    if (duty.type === 'certify')
      return this.#send(person, 'CERTIFY', { commit: duty.commit, ballot: duty.ballot }, duty.evidence);
    return duty.type === 'finalize' && this.#send(person, 'FINALIZE', { commit: duty.commit });
  }

  /** Whether the law took it. */
  #send<V extends 'NEED' | 'CLAIM' | 'COMMIT' | 'DECIDE' | 'CERTIFY' | 'FINALIZE'>(
    { who }: Person,
    verb: V,
    body: Bodies[V],
    envelopes: readonly VerifiedEnvelope[] = [],
  ): boolean {
    const { outcome } = this.world.submit(who, verb, body, envelopes.length === 0 ? undefined : { envelopes });
    if (!outcome.accepted) this.refused += 1;
    return outcome.accepted;
  }
}

const isTrial = ({ body }: Need): boolean => body.trial !== null;

/** What a need's work costs a worker: less than this it never asks. */
const costOf = ({ costBps, kind }: Person, need: Need): number =>
  kind === 'self-sponsor' ? 1 : Math.max(1, Math.floor((need.body.priceCap * costBps) / BPS));

const asWorker = ({ who }: Person) => me(who, { worksOn: new Set(['brief']) });
const asSeat = ({ who }: Person) => me(who, { verifies: true });
