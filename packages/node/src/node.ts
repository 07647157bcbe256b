import { type AccountId, isSpeculative, type State, speculationKey, type View } from '@canswarm/kernel';
import type { LogRecord, Meter, Subscription, Verdict } from '@canswarm/ports';
import {
  createMemo,
  type Did,
  type EnvelopeId,
  type Micro,
  type NeedId,
  type VerifiedEnvelope,
} from '@canswarm/protocol';
import { Accuser } from './accuser.ts';
import { Actor } from './actor.ts';
import { BidMemory } from './bid-memory.ts';
import { castVote } from './cast-vote.ts';
import { catchingUp } from './catch-up.ts';
import type { Contacts } from './contact/contact.ts';
import { Lifeline } from './contact/lifeline.ts';
import { CONTACT } from './contact/settings.ts';
import { divergenceOf } from './divergence.ts';
import { type AppliedEntry, Driver } from './driver.ts';
import { Hearing } from './hearing.ts';
import { HeldKeys } from './held-keys.ts';
import { History } from './history.ts';
import type { Identity } from './identity.ts';
import { Lookout } from './lookout.ts';
import { meteredCrypto } from './metered-crypto.ts';
import { NeedGate } from './need-gate.ts';
import type { NeedDraft, NodeListener, NodeOptions } from './node-options.ts';
import { noteDispute } from './note-dispute.ts';
import { type Accusation, OpeningBook } from './opening-book.ts';
import { GOSSIP_TOPIC, type Keep, Outbox, type Said, type SaidWith } from './outbox.ts';
import type { PolicyDeniedError } from './policy-denied-error.ts';
import { PolicyGates } from './policy-gates.ts';
import { saidNeed } from './said-need.ts';
import { type EngineCheck, SelfCheck } from './self-check.ts';
import { SkillDesk } from './skill-desk.ts';
import { Speculation, type SpeculationFigures } from './speculation.ts';
import { needTouched } from './touched.ts';
import { NegotiationView } from './view.ts';
import { Workbench } from './workbench.ts';

/**
 * A node: hears gossip, follows the log, and does for its keys what duties say. Only duties and the owner's commands
 * send a verb. Everything it knows of the world comes through its ports, so it runs the same under virtual time.
 */
export class Node {
  readonly #options: NodeOptions;
  readonly #driver: Driver;
  readonly #openings: OpeningBook;
  readonly #view: NegotiationView;
  readonly #memory = new BidMemory();
  readonly #hearing: Hearing;
  readonly #lifeline: Lifeline;
  readonly #outbox: Outbox;
  readonly #needGate: NeedGate;
  readonly #desk: SkillDesk;
  readonly #speculation: Speculation;
  readonly #bench: Workbench;
  readonly #accuser: Accuser;
  readonly #actor: Actor;
  readonly #lookout: Lookout;
  readonly #selfCheck: SelfCheck;
  readonly #isBehind: () => boolean;
  /** Begun with the first need. */
  readonly #history: History;
  readonly #keys: HeldKeys;
  readonly #listeners = new Set<NodeListener>();
  #subscription: Subscription | null = null;
  #unsubscribe: (() => void) | null = null;
  #running = false;
  /** Whether something waited for log time after the last entry. */
  #waits = false;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.#keys = new HeldKeys(options.identities);
    const { genesis, shard, ports, gatherMs, contact: settings = CONTACT } = options;
    const { transport, content, store, clock, random, meter, runner, verified = null } = ports;
    const { policies = null, needPolicies: engine = null } = ports;
    const crypto = meteredCrypto(ports.crypto, meter);
    const [memo, gates, salts] = [createMemo(), new PolicyGates(meter, this.#memory), random.stream('salts')];
    this.#openings = new OpeningBook(store, crypto.sha256);
    this.#view = new NegotiationView(this.#openings, crypto.sha256, gates);
    this.#driver = new Driver({
      ...{ genesis, crypto, policies, memo, verified, store, meter },
      onApplying: (entry) => this.#memory.noteApplying(entry, this.state, this.#view),
      onApplied: (applied) => this.#applied(applied),
      onRecovered: (applied) => this.#recovered(applied),
      onRefused: (_cursor, code) => meter.add(`log.refused.${code}`, 1),
    });
    const { state } = this.#driver;
    this.#isBehind = catchingUp(store, state);
    this.#hearing = new Hearing({
      ...{ state, view: this.#view, memory: this.#memory, meter, clock, crypto, memo, verified },
      onKept: (envelope) => this.#heard(envelope),
      onDefect: (error) => this.#tell((listener) => listener.onDefect?.(error)),
    });
    this.#lifeline = new Lifeline({
      ...{ settings, shard, ports, state },
      holds: (did) => this.#keys.find(did) !== undefined,
      cursor: () => this.cursor,
      onAppend: (error) => this.#appended(error),
      onChange: (contacts, what) => this.#contactChanged(contacts, what),
    });
    const onDenied = (error: PolicyDeniedError): void => this.#tell((listener) => listener.onDenied?.(error));
    this.#outbox = new Outbox({
      ...{ network: state.network, state, clock, crypto, store, transport, gatherMs, gates, ...this.#lifeline.out },
      hear: (message) => void this.#hearing.receive(message),
      onUnpaid: (error) => this.#count('log.fee_lacking', (listener) => listener.onUnpaid?.(error)),
      onDenied,
      onFailure: (error) => this.#fail(error),
    });
    this.#desk = new SkillDesk({
      runner,
      clock,
      onEnd: (need, key, ended) => this.#skillEnded(need, key, ended),
      onProgress: (need, key, done, total, note) =>
        this.#tell((listener) => listener.onProgress?.(need, key, done, total, note)),
      onLine: (need, key, line) => this.#tell((listener) => listener.onLine?.(need, key, line)),
    });
    this.#speculation = new Speculation({
      ...{ sha256: crypto.sha256, meter },
      onStep: (step, need, did) => this.#tell((listener) => listener.onSpeculation?.(step, need, did)),
    });
    this.#needGate = new NeedGate({ state, content, engine, clock, bids: this.#memory, onDenied });
    const about = { needGate: this.#needGate, state, view: this.#view, desk: this.#desk, content, clock, crypto };
    this.#history = new History(ports, crypto.sha256, about, (message) => this.#hearing.receive(message).verdict);
    this.#bench = new Workbench({ ...about, speculation: this.#speculation, outbox: this.#outbox });
    this.#accuser = new Accuser({ state, outbox: this.#outbox, openings: this.#openings, salts });
    this.#selfCheck = new SelfCheck({
      ...{ ...about, sha256: crypto.sha256, outbox: this.#outbox },
      onChecked: (check) => this.#tell((listener) => listener.onEngineChecked?.(check)),
    });
    const says = { bench: this.#bench, outbox: this.#outbox, accuser: this.#accuser, selfCheck: this.#selfCheck };
    this.#actor = new Actor({ ...about, ...says, store, salts });
    const looks = { state, view: this.#view, actor: this.#actor, identities: this.#keys.list, clock, random };
    this.#lookout = new Lookout({
      ...{ ...looks, sha256: crypto.sha256, gatherMs, selfCheck: this.#selfCheck, isBehind: this.#isBehind },
      logIsLost: () => this.#lifeline.logIsLost,
      hearEarly: () => this.#hearing.takeEarly(),
      onFailure: (error) => this.#fail(error),
    });
  }

  /** What this node holds to be true, from the log alone. Not to be written. */
  get state(): State {
    return this.#driver.state;
  }

  /** What gossip brought about open needs. None of it is history. */
  get heard(): Pick<View, 'proposals' | 'bidHeardAt' | 'bidSeals' | 'capOpening' | 'votes' | 'aliveAt' | 'reports'> {
    return this.#view;
  }

  /** What it knows of auctions besides: what it refused, and how those stood that were decided. */
  get auctions(): Pick<BidMemory, 'refused' | 'auction'> {
    return this.#memory;
  }

  /** Whether it is cut off from the log, its peers or both, as it believes; and how much waits for the log. */
  get contact(): Contacts & { readonly waiting: number } {
    return { ...this.#lifeline.contacts, waiting: this.#lifeline.waiting };
  }

  /** Work that it began, or went on with, while it was cut off from the log, and what became of that. */
  get speculation(): SpeculationFigures {
    return this.#speculation.figures;
  }

  /** Whether its policy engine decides as the policy's author says. */
  get engineCheck(): EngineCheck {
    return this.#selfCheck.check;
  }

  get identities(): readonly Identity[] {
    return this.#keys.list;
  }

  get meter(): Meter {
    return this.#options.ports.meter;
  }

  /** Cursor of the last log record taken. */
  get cursor(): number {
    return this.#driver.cursor;
  }

  /** The entries that this node has applied by now, in order of position from 1; records that are none are left out. */
  entries(): Iterable<LogRecord> {
    return this.#driver.entries();
  }

  balance(account: AccountId): number {
    return this.state.accounts.get(account) ?? 0;
  }

  /** Takes one more key, which acts from now on. It must be held by no other node. */
  admit(identity: Identity): void {
    this.#keys.add(identity);
    this.#lookout.touchAll();
  }

  /** Lets a key go: it says nothing more. What it owes stays owed. */
  dismiss(did: Did): void {
    this.#keys.remove(did);
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
    this.#openings.recover((need) => this.state.needs.has(need));
    for (const need of this.state.needs.values()) {
      this.#lookout.touch(need.id);
      if (need.lease !== null) this.#view.noteAlive(need.id, need.lease.attempt, clock.now());
    }
    this.#unsubscribe = transport.subscribe(GOSSIP_TOPIC, (message) => this.#receiveGossip(message));
    this.#history.start();
    for (const { need, guard } of this.#outbox.resend((need) => this.state.needs.has(need)))
      this.#view.noteSigned(need, guard, clock.now());
    this.#subscription = log.follow(this.#options.shard, this.#driver.after, (records) => this.#driver.follow(records));
    this.#subscription.ended.catch((error: unknown) => this.#fail(error));
    this.#lifeline.start();
    this.#lookout.start();
  }

  /** Stops taking part: skills are aborted, appends under way end, nothing is sent afterwards. Ports stay open. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#unsubscribe?.();
    this.#history.close();
    this.#lifeline.close();
    this.#lookout.close();
    this.#desk.close();
    this.#needGate.close();
    await this.#subscription?.close();
    await this.#outbox.close();
  }

  /**
   * The owner's command: says a verb with one of this node's keys. Rejects when it will not be said. What `keep` makes of an
   * entry is durable before the entry leaves.
   */
  async command(
    did: Did,
    said: Said,
    thread: NeedId | null = null,
    more: Omit<SaidWith, 'guard'> = {},
  ): Promise<EnvelopeId> {
    return this.#outbox.command(this.#held(did).signer, said, thread, more);
  }

  /**
   * The owner's command: lays the seal of a challenge, and opens it once it is its turn, over restarts too. Resolves with the id of the seal
   * once it is on its way; rejects when it will not be said.
   */
  async challenge(did: Did, about: Omit<Accusation, 'by'>): Promise<EnvelopeId> {
    return this.#accuser.seal(this.#held(did), about);
  }

  /**
   * The owner's command: casts the vote of a seat by hand. It is durable under `guard` before it leaves. Null where that was signed before:
   * no key votes twice.
   */
  async vote(did: Did, said: Said, need: NeedId, guard: string): Promise<EnvelopeId | null> {
    const by = { view: this.#view, outbox: this.#outbox, selfCheck: this.#selfCheck, isBehind: this.#isBehind };
    return castVote({ identity: this.#held(did), said, need, guard }, { ...by, clock: this.#options.ports.clock });
  }

  /**
   * Posts a need, with a random mark unless it has one; resolves with its id once it is on its way to the log. Rejects when it will not be: where
   * the need's own policy denies it, too. `mostPaid` is sealed: this
   * node keeps what opens it, and opens it when the window is over.
   */
  async postNeed(did: Did, draft: NeedDraft, keep: Keep | null = null, mostPaid: Micro | null = null): Promise<NeedId> {
    const { said, cap } = saidNeed(did, draft, mostPaid, this.#options.ports);
    if (draft.policy !== undefined) await this.#needGate.require(did, draft.policy, said);
    return (await this.command(did, said, null, { keep, cap })) as string as NeedId;
  }

  /** Brings an entry that this node made, and may not have brought there, into the log; the log takes it once. */
  repeat(entry: Uint8Array): void {
    this.#outbox.repeat(entry);
  }

  /** A key of this node that may say something. */
  #held(did: Did): Identity {
    const identity = this.#keys.held(did);
    if (!this.#running) throw new Error('the node does not run');
    return identity;
  }

  /** A broken invariant, a store or a log that fails: the node stops rather than go on wrong. */
  #fail(error: unknown): void {
    if (!this.#running) return;
    this.#tell((listener) => listener.onFailure?.(error));
    void this.stop();
  }

  /** Tells, and counts under a metric. */
  #count(metric: string, call: (listener: NodeListener) => void): void {
    this.meter.add(metric, 1);
    this.#tell(call);
  }

  #appended(error: unknown): void {
    if (error !== null) this.meter.add('log.append_failed', 1);
    this.#tell((listener) => listener.onAppend?.(error));
  }

  #contactChanged(contacts: Contacts, what: 'log' | 'peers'): void {
    if (what === 'log' && contacts.log.lost) this.#bench.goOn(this.identities);
    // What was due and left, or was said to peers in vain, is looked at again.
    if (!contacts[what].lost) {
      this.#lookout.touchAll();
      if (what === 'peers') this.#history.again();
    }
    this.#tell((listener) => listener.onContact?.(contacts, what));
  }

  #receiveGossip(message: Uint8Array): Verdict {
    this.#lifeline.heard();
    const { verdict, rest } = this.#hearing.receive(message);
    if (rest !== null) this.#options.ports.transport.publish(GOSSIP_TOPIC, rest);
    return verdict;
  }

  #heard(envelope: VerifiedEnvelope): void {
    this.#tell((listener) => listener.onHeard?.(envelope));
    const divergence = divergenceOf(this.state, envelope);
    if (divergence !== null) this.#count('policy.diverged', (listener) => listener.onDiverged?.(divergence));
    const { thread } = envelope.payload;
    if (thread === null) this.#lookout.reported();
    else this.#lookout.heard(thread);
  }

  #recovered(applied: AppliedEntry): void {
    this.#lookout.came(applied.entry.envelope.payload);
    for (const event of applied.events) {
      this.#noteDispute(event);
      if (event.type === 'need_settled') this.#view.forget(event.need);
    }
    this.#tell((listener) => listener.onRecovered?.(applied, this.state));
  }

  #noteDispute(event: Parameters<typeof noteDispute>[0]): void {
    const now = this.#options.ports.clock.now();
    noteDispute(event, { state: this.state, view: this.#view, identities: this.#keys.list, now });
  }

  #applied(applied: AppliedEntry): void {
    const { clock } = this.#options.ports;
    this.#lifeline.came();
    this.#lookout.came(applied.entry.envelope.payload);
    if (applied.entry.envelope.payload.verb === 'TICK' && applied.outcome.accepted) this.#view.noteTick(clock.now());
    const waits = this.state.timers.unstarted.size > 0 || this.state.pendingDraws.size > 0;
    if (waits && !this.#waits) this.#view.forgetReports(applied.position);
    this.#waits = waits;
    for (const event of applied.events) {
      this.#noteDispute(event);
      this.#speculation.take(event);
      const need = needTouched(this.state, event);
      if (need === null) continue;
      if (event.type === 'lease_granted') this.#view.noteAlive(need, event.attempt, clock.now());
      // Work of others than the holder is kept: one of them may be the next.
      if (event.type === 'lease_lost')
        this.#desk.drop(need, (key) => isSpeculative(key) && key !== speculationKey(need, event.holder));
      if (event.type === 'need_settled') {
        this.#view.forget(need);
        this.#lookout.forget(need);
        this.#desk.drop(need);
        this.#outbox.forget(need);
        this.#openings.forget(need);
      } else this.#lookout.moved(need);
    }
    this.#tell((listener) => listener.onApplied?.(applied, this.state));
    this.#lookout.soon();
  }

  #skillEnded(need: NeedId, key: string, ended: 'done' | 'failed' | 'none'): void {
    if (!this.state.needs.has(need)) return;
    this.#view.noteWork(need, key, ended);
    this.#lookout.touch(need);
    this.#lookout.soon();
  }

  #tell(call: (listener: NodeListener) => void): void {
    for (const listener of this.#listeners) call(listener);
  }
}
