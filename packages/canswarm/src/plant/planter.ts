import { freeAccount, freeBalance, logFee } from '@canswarm/kernel';
import type { AppliedEntry, Node } from '@canswarm/node';
import type { Clock, ContentStore, DecisionLog, RandomStream, Store, StoreOperation } from '@canswarm/ports';
import { type Crypto, type Did, fromHex, type Micro, type NeedId, toHex, utf8 } from '@canswarm/protocol';
import { HostError } from '../host/host-error.ts';
import type { NeedBook, NeedRecord } from '../host/need-book.ts';
import { creditsText } from '../host/refusal-text.ts';
import { sayApplied } from '../host/say-applied.ts';
import { takenByLog } from '../host/taken-by-log.ts';
import { canBeLike, type IsAllowed, likeBody, plantFunds, spoiledResult } from './plan-plant.ts';
import {
  nextStep,
  type Planned,
  type Role,
  type Sight,
  type Stage,
  type Standing,
  type Step,
  stageOf,
  UNSEEN,
} from './plant.ts';
import { plantIdentities } from './plant-identities.ts';
import { type PlantKeys, plantKeys } from './plant-keys.ts';
import { denialOfResult, requireAllowed } from './require-allowed.ts';
import { standingAfter } from './standing.ts';

export interface PlanterGround {
  readonly node: Node;
  readonly log: Pick<DecisionLog, 'head'>;
  readonly shard: string;
  readonly book: NeedBook;
  readonly store: Store;
  readonly content: ContentStore;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly random: RandomStream;
  /** 32 bytes that this node alone has: keys of plants follow from it. */
  readonly secret: Uint8Array;
  /** Whose credits plants are made of, and who gets back what is left. */
  readonly payer: Did;
  /** Of 100 results that become final, how many are planted again, spoiled. */
  readonly percent: number;
  /** Told of what keeps a plant from going on; it is tried again. */
  readonly onProblem: (error: unknown) => void;
}

/** A plant as its node sees it. */
export interface Plant extends Planned {
  readonly requester: Did;
  readonly worker: Did;
  readonly stage: Stage;
  readonly standing: Standing;
}

interface Live {
  planned: Planned;
  readonly keys: PlantKeys;
  standing: Standing;
  /** A step is under way, or one failed a moment ago: what the law refuses costs log space each time. */
  busy: boolean;
}

const PREFIX = 'plant/';
/** Plants under way at once. */
const LIVE_MAX = 8;
/** Plants remembered; the oldest that are over give way. */
const KEPT_MAX = 1_000;
/** How long a plant may wait for credits of its payer, ms of log time. */
const FUNDING_MS = 600_000;
/** How long after a step of a plant that failed the next one is tried, ms. */
const RETRY_MS = 5_000;
/** About the bytes of the entry that sends credits back. */
const SWEEP_BYTES = 768;
/**
 * Plants results that are wrong, to find seats that pass whatever they see. A plant is a need like one that was done before, posted by a fresh
 * key, with the result of that one spoiled, delivered by another fresh key. Which steps were done the log says, so a plant goes on after a restart.
 * Spec: `spec/06-money.md`, plants.
 */
export class Planter {
  readonly #ground: PlanterGround;
  readonly #plants = new Map<number, Live>();
  readonly #stops: (() => void)[] = [];
  #planning = false;
  /** The log's head when this life of the node began: what earlier lives said may stand up to there. Null: not known yet. */
  #followed: number | null = null;
  /** Position of the last entry that it was told of. */
  #taken = 0;
  readonly #retries = new Set<() => void>();
  #closed = false;

  /** Takes up what earlier lives of this node planted. Made before the node starts, so that it sees the whole log. */
  constructor(ground: PlanterGround) {
    this.#ground = ground;
    for (const [, bytes] of ground.store.scan(PREFIX)) {
      this.#hold(JSON.parse(new TextDecoder().decode(bytes)) as Planned);
    }
    const take = (applied: AppliedEntry): void => {
      this.#takeUpLate(applied);
      this.#take(applied);
    };
    const onApplied = (applied: AppliedEntry): void => {
      take(applied);
      this.#plantAlso(applied);
      this.#stepAll();
    };
    this.#stops.push(ground.node.listen({ onApplied, onRecovered: take }));
  }

  /** Goes on with what is open as soon as the node, which runs, has followed the log as far as it goes now. */
  start(): void {
    const { log, shard, onProblem } = this.#ground;
    log.head(shard).then(
      (head) => {
        this.#followed = head;
        this.#stepAll();
      },
      (error: unknown) => {
        if (this.#closed) return;
        onProblem(error);
        this.#later(() => this.start());
      },
    );
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#retries) cancel();
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Newest first. */
  list(): readonly Plant[] {
    return [...this.#plants.values()].map(plantOf).sort((left, right) => right.number - left.number);
  }

  get(number: number): Plant | undefined {
    const live = this.#plants.get(number);
    return live === undefined ? undefined : plantOf(live);
  }

  /** What the worker of a plant delivers. */
  outputsOf = (number: number): Planned['outputs'] | null => this.#plants.get(number)?.planned.outputs ?? null;

  /**
   * Plants a result like that of `like`, or of the last need whose result is final. Resolves when it is planned and durable: the rest follows
   * as the log moves. Rejects with a HostError.
   */
  async plant(like: NeedId | null): Promise<Plant> {
    const { node, payer, store } = this.#ground;
    if (this.#planning) throw new HostError('refused', 'another plant is being made', 'Try again in a moment.');
    if (this.#open().length >= LIVE_MAX)
      throw new HostError('refused', `${LIVE_MAX} plants are under way`, 'See them: canswarm plant list');
    this.#planning = true;
    try {
      const planned = await this.#plan(this.#likeOf(like));
      const { requester, worker } = planned.funds;
      const free = node.balance(freeAccount(payer)) - this.#promised();
      if (free < requester + worker) {
        const what = `a plant takes ${creditsText(requester + worker)} until it is settled, and its payer has ${creditsText(Math.max(0, free))} that no other plant waits for`;
        throw new HostError('refused', what, 'Plant like a need that pays less, or get credits: canswarm status');
      }
      store.batch([operation(planned)], { sync: true });
      const live = this.#hold(planned);
      this.#step(live);
      return plantOf(live);
    } finally {
      this.#planning = false;
    }
  }

  #likeOf(id: NeedId | null): NeedRecord {
    const { book } = this.#ground;
    const own = new Set(this.list().flatMap(({ posted }) => (posted === null ? [] : [posted.need])));
    const found = id === null ? book.list().find((one) => isSound(one) && !own.has(one.id)) : book.get(id);
    if (found !== undefined && isSound(found)) return found;
    const what =
      id === null ? 'no need has a final result yet' : 'that need has no final result that could be planted again';
    throw new HostError(
      'refused',
      what,
      'A plant spoils a result that was right: it takes a need that was done whole, no trial, with a final result. See: canswarm need list',
    );
  }

  async #plan(record: NeedRecord): Promise<Planned> {
    const { node, secret, crypto, content, random, payer } = this.#ground;
    const number = Math.max(0, ...this.#plants.keys()) + 1;
    const body = likeBody(record.body);
    const asked = { like: record.id, body };
    const funds = plantFunds(node.state, body);
    const keys = plantKeys(secret, number, crypto);
    requireAllowed(node.state, { ...asked, outputs: record.outputs ?? [], funds }, keys, payer);
    const isAllowed: IsAllowed = (made, stated) =>
      denialOfResult(node.state, asked, keys.worker.did, made, stated) === null;
    const { outputs, fault } = await spoiledResult(record, { content, random, crypto, isAllowed });
    const postBy = node.state.time + FUNDING_MS;
    return { ...asked, number, outputs, fault, funds, postBy, posted: null, closed: null };
  }

  #hold(planned: Planned): Live {
    const { secret, crypto } = this.#ground;
    const keys = plantKeys(secret, planned.number, crypto);
    const live: Live = { planned, keys, standing: planned.closed?.standing ?? UNSEEN, busy: false };
    this.#plants.set(planned.number, live);
    if (planned.closed === null) this.#admit(live);
    return live;
  }

  #admit(live: Live): void {
    for (const identity of plantIdentities(live)) this.#ground.node.admit(identity);
  }

  /**
   * What the payer sent to a key that was let go meanwhile comes back too. The log alone says so, and says it again to a later life: a crash
   * at any moment loses nothing.
   */
  #takeUpLate({ position, events }: AppliedEntry): void {
    const home = freeAccount(this.#ground.payer);
    for (const event of events) {
      if (event.type !== 'posting' || event.code !== 'transfer' || event.debit !== home) continue;
      const live = [...this.#plants.values()].find(
        ({ keys, planned: { closed } }) =>
          closed !== null &&
          closed.position < position &&
          (event.credit === freeAccount(keys.requester.did) || event.credit === freeAccount(keys.worker.did)),
      );
      if (live === undefined) continue;
      live.planned = { ...live.planned, closed: null };
      this.#admit(live);
    }
  }

  #take(applied: AppliedEntry): void {
    const { payer, node } = this.#ground;
    this.#taken = applied.position;
    for (const live of this.#open()) {
      const { requester, worker } = live.keys;
      const need = live.planned.posted?.need ?? null;
      const ids = { payer, requester: requester.did, worker: worker.did, need };
      live.standing = standingAfter(live.standing, ids, applied, node.state);
    }
  }

  /** A part of what becomes final is planted again. */
  #plantAlso({ events }: AppliedEntry): void {
    const { percent, random, onProblem } = this.#ground;
    if (percent === 0) return;
    for (const event of events) {
      if (event.type !== 'need_settled' || random.below(100) >= percent) continue;
      const isOwn = this.list().some(({ posted }) => posted?.need === event.need);
      const record = this.#ground.book.get(event.need);
      if (isOwn || record === undefined || !isSound(record) || this.#open().length >= LIVE_MAX) continue;
      this.plant(event.need).catch(onProblem);
    }
  }

  /** Plants that are not over. */
  #open(): readonly Live[] {
    return [...this.#plants.values()].filter(({ planned }) => planned.closed === null);
  }

  #payable({ planned: { funds } }: Live): Sight['payable'] {
    const { node, payer } = this.#ground;
    const { state } = node;
    // Its place in the log costs about what that of sending them back does.
    const free = freeBalance(state, payer) - logFee(state.params, SWEEP_BYTES);
    return { requester: funds.requester <= free, worker: funds.worker <= free };
  }

  /** What keys of plants under way still get: two plants must not wait for the same credits. */
  #promised(): Micro {
    const dueOf = ({ planned: { funds }, standing: { funded, taken } }: Live): Micro =>
      taken === null ? (funded.requester ? 0 : funds.requester) + (funded.worker ? 0 : funds.worker) : 0;
    return this.#open().reduce((sum, live) => sum + dueOf(live), 0);
  }

  #spare({ keys }: Live): Readonly<Record<Role, number>> {
    const { state } = this.#ground.node;
    const fee = logFee(state.params, SWEEP_BYTES);
    const of = ({ did }: { readonly did: Did }): number => Math.max(0, freeBalance(state, did) - fee);
    return { requester: of(keys.requester), worker: of(keys.worker) };
  }

  #stepAll(): void {
    for (const live of this.#open()) this.#step(live);
  }

  #step(live: Live): void {
    const { node, onProblem } = this.#ground;
    const isBehind = this.#followed === null || node.cursor < this.#followed;
    if (live.busy || isBehind || this.#closed || live.planned.closed !== null) return;
    const { planned, standing, keys } = live;
    const need = planned.posted === null ? undefined : node.state.needs.get(planned.posted.need);
    const about = { spare: this.#spare(live), payable: this.#payable(live) };
    const late = node.state.time > planned.postBy;
    const step = nextStep(planned, { standing, need, worker: keys.worker.did, late, ...about });
    if (step === null) return;
    live.busy = true;
    this.#do(live, step).then(
      () => {
        live.busy = false;
        this.#step(live);
      },
      (error: unknown) => {
        if (this.#closed) return;
        onProblem(error);
        this.#later(() => {
          live.busy = false;
          this.#step(live);
        });
      },
    );
  }

  #later(what: () => void): void {
    const cancel = this.#ground.clock.schedule(RETRY_MS, () => {
      this.#retries.delete(cancel);
      what();
    });
    this.#retries.add(cancel);
  }

  async #do(live: Live, step: Step): Promise<void> {
    const { node, payer } = this.#ground;
    const { keys, planned } = live;
    const need = planned.posted?.need ?? null;
    const send = (from: Did, to: Did, amount: number, create: boolean): Promise<unknown> =>
      sayApplied(node, from, { verb: 'TRANSFER', body: { to, amount, create } });
    switch (step.type) {
      case 'fund':
        await send(payer, keys[step.of].did, planned.funds[step.of], true);
        break;
      case 'sweep':
        await send(keys[step.of].did, payer, this.#spare(live)[step.of], false);
        break;
      case 'post':
        await takenByLog(node, () => this.#post(live));
        break;
      case 'close':
        this.#close(live);
        break;
      default:
        if (need === null) throw new Error(`plant ${planned.number} has no need to ${step.type}`);
        await this.#about(live, step.type, need);
    }
  }

  async #about({ keys, planned }: Live, what: 'repeat' | 'open' | 'cancel', need: NeedId): Promise<void> {
    const { node } = this.#ground;
    const { requester, worker } = keys;
    if (what === 'open') await sayApplied(node, worker.did, { verb: 'PLANT', body: { need, salt: keys.salt } }, need);
    else if (what === 'cancel') await sayApplied(node, requester.did, { verb: 'CANCEL', body: { need } }, need);
    else
      await takenByLog(node, () => {
        node.repeat(fromHex(planned.posted?.entry ?? ''));
        return need;
      });
  }

  /** Posts the need; it is durable that it was before it leaves. */
  #post(live: Live): Promise<NeedId> {
    const { keys, planned } = live;
    return this.#ground.node.postNeed(keys.requester.did, { ...planned.body, mark: keys.mark }, (id, entry) => {
      live.planned = { ...planned, posted: { need: id as string as NeedId, entry: toHex(entry) } };
      return [operation(live.planned)];
    });
  }

  /** Lets the keys of a plant go that is over, and what is remembered of the oldest. */
  #close(live: Live): void {
    const { node, store } = this.#ground;
    live.planned = { ...live.planned, closed: { standing: live.standing, position: this.#taken } };
    const closed = [...this.#plants.values()].filter(({ planned }) => planned.closed !== null);
    const stale = closed.slice(0, Math.max(0, closed.length - KEPT_MAX));
    const forgotten = stale.map(({ planned }) => ({ key: keyOf(planned.number), value: null }));
    store.batch([operation(live.planned), ...forgotten], { sync: true });
    for (const { planned } of stale) this.#plants.delete(planned.number);
    for (const { did } of [live.keys.requester, live.keys.worker]) node.dismiss(did);
  }
}

const plantOf = ({ planned, keys, standing }: Live): Plant => ({
  ...planned,
  requester: keys.requester.did,
  worker: keys.worker.did,
  stage: stageOf(standing, keys.worker.did, planned.closed !== null),
  standing,
});

const isSound = ({ stage, outputs, body }: NeedRecord): boolean =>
  stage === 'final' && outputs !== null && canBeLike(body);

const operation = (planned: Planned): StoreOperation => ({
  key: keyOf(planned.number),
  value: utf8(JSON.stringify(planned)),
});
const keyOf = (number: number): string => `${PREFIX}${String(number).padStart(12, '0')}`;
