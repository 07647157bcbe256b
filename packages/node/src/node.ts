import {
  type AccountId,
  type Agenda,
  ownDuties,
  rejoinDuty,
  reportDuty,
  type SharedDuty,
  type State,
  sharedDuties,
  tickDuty,
} from '@canswarm/kernel';
import type { LogRecord, Meter, RandomStream, Subscription, Verdict } from '@canswarm/ports';
import {
  createMemo,
  type Did,
  type EnvelopeId,
  type NeedBody,
  type NeedId,
  type VerifiedEnvelope,
} from '@canswarm/protocol';
import { Actor } from './actor.ts';
import { WorkList } from './agenda.ts';
import { Backoff } from './backoff.ts';
import { type AppliedEntry, Driver } from './driver.ts';
import { EarlyGossip } from './early-gossip.ts';
import { History } from './history.ts';
import { asMe, type Identity } from './identity.ts';
import { Ingress } from './ingress.ts';
import { meteredCrypto } from './metered-crypto.ts';
import type { NodeListener, NodeOptions } from './node-options.ts';
import { GOSSIP_TOPIC, Outbox, type Said } from './outbox.ts';
import { SkillDesk } from './skill-desk.ts';
import { needTouched } from './touched.ts';
import { turnOf } from './turn.ts';
import { NegotiationView } from './view.ts';

/** A duty that was refused or got no answer is tried again after this long. */
const RETRY_MS = 1_000;

/**
 * A node: hears gossip, follows the log, and does for its keys what duties say. Only duties and the owner's commands
 * send a verb. Everything it knows of the world comes through its ports, so it runs the same under virtual time.
 */
export class Node {
  readonly #options: NodeOptions;
  readonly #driver: Driver;
  readonly #view = new NegotiationView();
  readonly #early = new EarlyGossip();
  readonly #ingress: Ingress;
  readonly #outbox: Outbox;
  readonly #desk: SkillDesk;
  readonly #actor: Actor;
  readonly #backoff: Backoff;
  readonly #history: History;
  readonly #turns: RandomStream;
  readonly #work = new WorkList();
  readonly #listeners = new Set<NodeListener>();
  #subscription: Subscription | null = null;
  #unsubscribe: (() => void) | null = null;
  #cancelWake: (() => void) | null = null;
  #wakeAt: number | null = null;
  #lookScheduled = false;
  #running = false;

  constructor(options: NodeOptions) {
    this.#options = options;
    const { genesis, shard, ports, gatherMs } = options;
    const { transport, log, content, store, clock, random, meter, runner } = ports;
    const crypto = meteredCrypto(ports.crypto, meter);
    const memo = createMemo();
    this.#driver = new Driver({
      genesis,
      crypto,
      memo,
      store,
      meter,
      onApplied: (applied) => this.#applied(applied),
      onRecovered: (applied) => this.#tell((listener) => listener.onRecovered?.(applied, this.state)),
      onRefused: (_cursor, code) => meter.add(`log.refused.${code}`, 1),
    });
    const { state } = this.#driver;
    this.#ingress = new Ingress({
      crypto,
      memo,
      network: state.network,
      aheadMs: state.params.gossipAheadMs,
      meter,
      now: () => clock.now(),
      onEnvelope: (envelope) => this.#heard(envelope),
    });
    this.#outbox = new Outbox({
      network: state.network,
      shard,
      state,
      clock,
      crypto,
      store,
      transport,
      log,
      gatherMs,
      hear: (message) => void this.#receive(message),
      onAppend: (error) => this.#appended(error),
      onFailure: (error) => this.#fail(error),
    });
    this.#desk = new SkillDesk({
      runner,
      clock,
      onEnd: (need, key, ended) => this.#skillEnded(need, key, ended),
      onProgress: (need, key, done, total, note) =>
        this.#tell((listener) => listener.onProgress?.(need, key, done, total, note)),
    });
    this.#backoff = new Backoff(clock, random.stream('backoff'), {
      turnMs: state.params.tickMs,
      mostMs: state.params.backoffMsMax,
    });
    this.#turns = random.stream('turns');
    const { sha256 } = crypto;
    this.#history = new History(ports, sha256, this.#view, (message) => this.#receive(message));
    const salts = random.stream('salts');
    this.#actor = new Actor({
      state,
      view: this.#view,
      desk: this.#desk,
      outbox: this.#outbox,
      content,
      store,
      clock,
      crypto,
      salts,
    });
  }

  /** What this node holds to be true, from the log alone. Not to be written. */
  get state(): State {
    return this.#driver.state;
  }

  get identities(): readonly Identity[] {
    return this.#options.identities;
  }

  get meter(): Meter {
    return this.#options.ports.meter;
  }

  /** Cursor of the last log record taken. */
  get cursor(): number {
    return this.#driver.cursor;
  }

  /** Every log record this node keeps, in order: entries, and what turned out to be none. */
  records(): Iterable<LogRecord> {
    return this.#driver.records();
  }

  balance(account: AccountId): number {
    return this.state.accounts.get(account) ?? 0;
  }

  listen(listener: NodeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Recovers from the local store, then follows gossip and log. */
  start(): void {
    const { transport, log, clock } = this.#options.ports;
    this.#running = true;
    this.#driver.recover();
    for (const need of this.state.needs.values()) {
      this.#work.touch(need.id);
      if (need.lease !== null) this.#view.noteAlive(need.id, need.lease.attempt, clock.now());
    }
    this.#unsubscribe = transport.subscribe(GOSSIP_TOPIC, (message) => this.#receive(message));
    this.#history.start();
    for (const { need, guard } of this.#outbox.resend((need) => this.state.needs.has(need)))
      this.#view.noteSigned(need, guard, clock.now());
    this.#subscription = log.follow(this.#options.shard, this.#driver.cursor, (records) => this.#driver.take(records));
    this.#subscription.ended.catch((error: unknown) => this.#fail(error));
    this.#guarded(() => this.#look());
  }

  /** Stops taking part: skills are aborted, appends under way end, nothing is sent afterwards. Ports stay open. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#unsubscribe?.();
    this.#history.close();
    this.#cancelWake?.();
    this.#backoff.close();
    this.#desk.close();
    await this.#subscription?.close();
    await this.#outbox.close();
  }

  /** The owner's command: says a verb with one of this node's keys. Rejects when it will not be said. */
  command(did: Did, said: Said, thread: NeedId | null = null): Promise<EnvelopeId> {
    const identity = this.#options.identities.find((candidate) => candidate.signer.did === did);
    if (identity === undefined) return Promise.reject(new RangeError(`this node does not hold the key ${did}`));
    if (!this.#running) return Promise.reject(new Error('the node does not run'));
    return new Promise((resolve, reject) => {
      this.#outbox.say({
        signer: identity.signer,
        said,
        thread,
        refs: [],
        evidence: null,
        guard: null,
        onSigned: resolve,
        onFailed: reject,
      });
    });
  }

  /** Posts a need; resolves with its id once it is on its way to the log. Rejects when it will not be. */
  async postNeed(did: Did, body: NeedBody): Promise<NeedId> {
    return (await this.command(did, { verb: 'NEED', body })) as string as NeedId;
  }

  /** A broken invariant, a store or a log that fails: the node stops rather than go on wrong. */
  #fail(error: unknown): void {
    if (!this.#running) return;
    this.#tell((listener) => listener.onFailure?.(error));
    void this.stop();
  }

  #appended(error: unknown): void {
    if (error !== null) this.meter.add('log.append_failed', 1);
    this.#tell((listener) => listener.onAppend?.(error));
  }

  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** No message may take a node down, whatever a defect of ours makes of it: leaving one out is never wrong. */
  #receive(message: Uint8Array): Verdict {
    try {
      return this.#ingress.receive(message);
    } catch (error) {
      this.meter.add('ingress.defect', 1);
      this.#tell((listener) => listener.onDefect?.(error));
      return 'ignore';
    }
  }

  /** Takes gossip; returns why it is not worth passing on, or null. */
  #heard(envelope: VerifiedEnvelope): string | null {
    const code = this.#view.add(envelope, this.state, this.#options.ports.clock.now());
    if (code === 'early') {
      if (!this.#early.add(envelope, this.state)) return 'early_full';
      this.meter.add('ingress.early', 1);
      return null;
    }
    if (code !== null) return code;
    this.meter.add('ingress.kept', 1);
    const { thread } = envelope.payload;
    if (thread !== null) this.#work.touch(thread);
    this.#lookSoon();
    return null;
  }

  /** Judges again what came before its time. */
  #hearEarly(): void {
    for (const envelope of this.#early.due(this.state)) {
      const code = this.#heard(envelope);
      if (code !== null) this.meter.add(`ingress.dropped.${code}`, 1);
    }
  }

  #applied(applied: AppliedEntry): void {
    const { clock } = this.#options.ports;
    if (applied.entry.envelope.payload.verb === 'TICK' && applied.outcome.accepted) this.#view.noteTick(clock.now());
    for (const event of applied.events) {
      const need = needTouched(this.state, event);
      if (need === null) continue;
      if (event.type === 'lease_granted') this.#view.noteAlive(need, event.attempt, clock.now());
      if (event.type === 'lease_lost') this.#desk.drop(need);
      if (event.type === 'need_settled') {
        this.#view.forget(need);
        this.#work.forget(need);
        this.#desk.drop(need);
        this.#outbox.forget(need);
      } else {
        this.#work.touch(need);
      }
    }
    this.#tell((listener) => listener.onApplied?.(applied, this.state));
    this.#lookSoon();
  }

  #skillEnded(need: NeedId, key: string, ended: 'done' | 'failed' | 'none'): void {
    if (!this.state.needs.has(need)) return;
    this.#view.noteWork(need, key, ended);
    this.#work.touch(need);
    this.#lookSoon();
  }

  /** Looks once after everything of this turn came in. */
  #lookSoon(): void {
    if (this.#lookScheduled || !this.#running) return;
    this.#lookScheduled = true;
    this.#options.ports.clock.schedule(0, () => {
      this.#lookScheduled = false;
      this.#guarded(() => this.#look());
    });
  }

  /** Step 5 of the driver: computes duties of what was touched and does them. */
  #look(): void {
    if (!this.#running) return;
    const { clock } = this.#options.ports;
    const now = clock.now();
    this.#hearEarly();
    for (const id of this.#work.take(now)) this.#lookAt(id, now);
    const wakes = [this.#lookAtTime(now), this.#work.nextWake()].filter((at) => at !== null);
    if (wakes.length > 0) this.#wake(Math.max(now + 1, Math.min(...wakes)));
  }

  #lookAt(id: NeedId, now: number): void {
    const need = this.state.needs.get(id);
    if (need === undefined) return;
    const wakes: number[] = [];
    for (const identity of this.#options.identities) {
      const agenda = ownDuties(this.state, this.#view, asMe(identity), need, now);
      for (const duty of agenda.duties) {
        if (this.#backoff.quiet(duty.key)) {
          wakes.push(now + RETRY_MS);
          continue;
        }
        this.#backoff.hush(duty.key, RETRY_MS);
        this.#actor.own(identity, duty);
      }
      if (agenda.wakeAt !== null) wakes.push(agenda.wakeAt);
    }
    for (const duty of sharedDuties(this.state, this.#view, need)) {
      this.#share(duty, () => sharedDuties(this.state, this.#view, need).find((other) => other.key === duty.key));
      wakes.push(now + RETRY_MS);
    }
    this.#work.wake(id, wakes.length === 0 ? null : Math.min(...wakes));
  }

  #lookAtTime(now: number): number | null {
    const wakes: number[] = [];
    const note = ({ wakeAt }: Agenda<unknown>): void => void (wakeAt !== null && wakes.push(wakeAt));
    const verifiers = this.#options.identities.filter((identity) => identity.chain !== null);
    for (const identity of verifiers) {
      const agenda = reportDuty(this.state, this.#view, identity.signer.did, now);
      note(agenda);
      for (const duty of agenda.duties) this.#actor.own(identity, duty);
      const rejoin = identity.silent ? null : rejoinDuty(this.state, identity.signer.did);
      if (rejoin === null) continue;
      wakes.push(now + RETRY_MS);
      if (this.#backoff.quiet(rejoin.key)) continue;
      this.#backoff.hush(rejoin.key, RETRY_MS);
      this.#actor.own(identity, rejoin);
    }
    if (verifiers.length === 0) return null;
    const { sha256 } = this.#options.ports.crypto;
    const look = (at: number): Agenda<SharedDuty> => tickDuty(this.state, this.#view, at, sha256);
    const agenda = look(now);
    note(agenda);
    for (const duty of agenda.duties) this.#share(duty, () => look(this.#options.ports.clock.now()).duties[0]);
    return wakes.length === 0 ? null : Math.min(...wakes);
  }

  /** After the backoff the duty is looked for again: whoever was first did it for all. */
  #share(duty: SharedDuty, still: () => SharedDuty | undefined): void {
    const sharer = turnOf(duty, this.#options.identities, this.#turns);
    if (sharer === null) return;
    const act = (): void => {
      const due = this.#running ? still() : undefined;
      if (due === undefined || this.#backoff.quiet(due.key)) return;
      this.#backoff.hush(due.key, due.type === 'tick' ? 2 * this.state.params.tickMs : RETRY_MS);
      this.#actor.shared(sharer.identity, due);
    };
    const turn = { place: sharer.place, complete: duty.complete };
    this.#backoff.after(duty.key, turn, () => this.#guarded(act));
  }

  #wake(at: number): void {
    if (this.#wakeAt !== null && this.#wakeAt <= at && this.#cancelWake !== null) return;
    this.#cancelWake?.();
    const { clock } = this.#options.ports;
    this.#wakeAt = at;
    this.#cancelWake = clock.schedule(Math.max(0, at - clock.now()), () => {
      this.#cancelWake = null;
      this.#wakeAt = null;
      this.#guarded(() => this.#look());
    });
  }

  #tell(call: (listener: NodeListener) => void): void {
    for (const listener of this.#listeners) call(listener);
  }
}
