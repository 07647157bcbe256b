import {
  type Agenda,
  conformDuty,
  isTickTime,
  type Me,
  type Need,
  type OwnDuty,
  ownDuties,
  reportDuty,
  type SharedDuty,
  type State,
  sharedDuties,
  speculativeDuties,
  tickDuty,
  tickKey,
} from '@canswarm/kernel';
import type { Clock, Random, RandomStream } from '@canswarm/ports';
import type { NeedId, Payload, Sha256 } from '@canswarm/protocol';
import type { Actor } from './actor.ts';
import { WorkList } from './agenda.ts';
import { Backoff } from './backoff.ts';
import { Crowd } from './crowd.ts';
import { entersLog } from './enters.ts';
import { Gather } from './gather.ts';
import { asMe, type Identity } from './identity.ts';
import type { SelfCheck } from './self-check.ts';
import { turnOf } from './turn.ts';
import type { NegotiationView } from './view.ts';

/** A duty that was refused or got no answer is tried again after this long. */
const RETRY_MS = 1_000;
/** What is found is sealed within this part of the challenge window. */
const SEAL_PART = 8;

export interface LookoutOptions {
  readonly state: State;
  readonly view: NegotiationView;
  readonly actor: Actor;
  /** The node's keys, as they are now. */
  readonly identities: readonly Identity[];
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  /** How long what happens is gathered at most to be looked at together, ms; 0: until the present turn ends. */
  readonly gatherMs: number;
  /** Whether the node is cut off from the log: what would be an entry is left until it is back, and gossip and work go on. */
  readonly logIsLost: () => boolean;
  /** Whether it has yet to come to where its log began another life: nothing is said until then. */
  readonly isBehind: () => boolean;
  /** Called before each look: judges again what came before its time. */
  readonly hearEarly: () => void;
  /** A node whose engine decides otherwise than others does not vote; one that passes answers for its keys. */
  readonly selfCheck: SelfCheck;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Step 5 of the driver: looks what the node's keys should do now, after whatever happened and at the times that duties name, and has
 * it done. Shared duties wait for their turn and are looked for again before they are done.
 */
export class Lookout {
  readonly #options: LookoutOptions;
  readonly #backoff: Backoff;
  readonly #turns: RandomStream;
  readonly #work = new WorkList();
  readonly #crowd = new Crowd();
  /** What a busy node hears in the meantime is looked at together: a look costs much more than what is new. */
  readonly #looks: Gather<'look'>;
  #cancelWake: (() => void) | null = null;
  #wakeAt: number | null = null;
  #running = false;

  constructor(options: LookoutOptions) {
    const { clock, random, state } = options;
    this.#options = options;
    this.#backoff = new Backoff(clock, random.stream('backoff'), {
      turnMs: state.params.tickMs,
      mostMs: state.params.backoffMsMax,
    });
    this.#turns = random.stream('turns');
    this.#looks = new Gather(clock, options.gatherMs, () => this.#guarded(() => this.#look()));
  }

  start(): void {
    this.#running = true;
    this.#guarded(() => this.#look());
  }

  close(): void {
    this.#running = false;
    this.#cancelWake?.();
    this.#backoff.close();
  }

  /** The log brought an entry: what others race for shows who they are. */
  came(payload: Pick<Payload, 'verb' | 'from'>): void {
    this.#crowd.note(payload);
  }

  /** Something happened to a need. */
  touch(need: NeedId): void {
    this.#work.touch(need);
  }

  /** What keys do may have changed for every need. */
  touchAll(): void {
    for (const need of this.#options.state.needs.keys()) this.#work.touch(need);
    this.soon();
  }

  /** The log changed a need: who may take an open task depends on who has the others of its plan. */
  moved(need: NeedId): void {
    this.touch(need);
    const { needs } = this.#options.state;
    const { parent = null } = needs.get(need) ?? {};
    const root = parent === null ? undefined : needs.get(parent.need);
    for (const task of root?.children ?? []) this.touch(task);
  }

  forget(need: NeedId): void {
    this.#work.forget(need);
  }

  /** Looks once after everything that is gathered came in. */
  soon(): void {
    if (this.#running && !this.#looks.isWaiting) this.#looks.add('look');
  }

  /** Gossip about a need came in. */
  heard(need: NeedId): void {
    this.touch(need);
    this.soon();
  }

  /** A report came in: only a TICK needs it, and only what is about to be made. Else the next look is in time. */
  reported(): void {
    const { state, view, clock, identities } = this.#options;
    if (this.#looks.isWaiting || this.#backoff.isHeld(tickKey(state)) || !isTickTime(state, view, clock.now())) return;
    if (identities.some(({ chain }) => chain !== null)) this.soon();
  }

  #look(): void {
    if (!this.#running || this.#options.isBehind()) return;
    const { clock } = this.#options;
    const now = clock.now();
    this.#options.hearEarly();
    this.#options.selfCheck.keepUp();
    for (const id of this.#work.take(now)) this.#lookAt(id, now);
    const wakes = [this.#lookAtTime(now), this.#work.nextWake()].filter((at) => at !== null);
    if (wakes.length > 0) this.#wake(Math.max(now + 1, Math.min(...wakes)));
  }

  #lookAt(id: NeedId, now: number): void {
    const need = this.#options.state.needs.get(id);
    if (need === undefined) return;
    const wakes: number[] = [];
    for (const identity of this.#options.identities) {
      const { state, view } = this.#options;
      const agenda = ownDuties(state, view, this.#me(identity), need, now);
      for (const duty of this.#possible(agenda.duties, identity, need)) {
        if (this.#backoff.quiet(duty.key)) {
          wakes.push(now + RETRY_MS);
          continue;
        }
        const crowd = this.#crowdOf(duty);
        if (crowd !== null) {
          this.#offerLater(identity, id, duty.key, crowd);
          wakes.push(now + RETRY_MS);
          continue;
        }
        this.#backoff.hush(duty.key, RETRY_MS);
        this.#options.actor.own(identity, duty);
      }
      if (agenda.wakeAt !== null) wakes.push(agenda.wakeAt);
    }
    for (const duty of this.#sharedOf(need)) {
      this.#share(duty, () => this.#sharedOf(need).find((other) => other.key === duty.key));
      wakes.push(now + RETRY_MS);
    }
    this.#work.wake(id, wakes.length === 0 ? null : Math.min(...wakes));
  }

  /** How duties see a key: one whose engine decides otherwise judges nothing. */
  #me(identity: Identity): Me {
    const me = asMe(identity);
    return this.#options.selfCheck.hasFailed ? { ...me, verifies: false } : me;
  }

  /** While the log is lost, what would be an entry is left, and work may begin that the log does not know of yet. */
  #possible(duties: readonly OwnDuty[], identity: Identity, need: Need): readonly OwnDuty[] {
    const { state, view, logIsLost } = this.#options;
    if (!logIsLost()) return duties;
    return [...duties.filter((duty) => !entersLog(duty)), ...speculativeDuties(state, view, asMe(identity), need)];
  }

  /** Among how many a duty is spread that all who can do it hear of at once; null: it is done at once. */
  #crowdOf({ type }: OwnDuty): number | null {
    if (type === 'bid') return 1;
    const { params } = this.#options.state;
    if (type === 'claim') return this.#crowd.of('CLAIM');
    if (type !== 'accuse' && type !== 'challenge') return null;
    const { challengeMs, backoffMsMax } = params;
    return Math.max(1, Math.min(this.#crowd.of('CHALLENGE'), Math.floor(challengeMs / (SEAL_PART * backoffMsMax))));
  }

  /** Nobody bids, claims or accuses at once: but one claim is refused, seals but of the first gain nothing, and all are paid for. */
  #offerLater(identity: Identity, id: NeedId, key: string, crowd: number): void {
    const act = (): void => {
      const { state, view, actor, clock } = this.#options;
      const need = this.#running ? state.needs.get(id) : undefined;
      if (need === undefined || this.#backoff.quiet(key)) return;
      const { duties } = ownDuties(state, view, this.#me(identity), need, clock.now());
      const due = duties.find((duty) => duty.key === key);
      if (due === undefined) return;
      this.#backoff.hush(key, RETRY_MS);
      actor.own(identity, due);
    };
    this.#backoff.spread(key, crowd, () => this.#guarded(act));
  }

  #sharedOf(need: Need): readonly SharedDuty[] {
    const { state, view, sha256, logIsLost } = this.#options;
    if (logIsLost()) return [];
    return sharedDuties(state, view, need, sha256);
  }

  #lookAtTime(now: number): number | null {
    const wakes: number[] = [];
    const note = ({ wakeAt }: Agenda<unknown>): void => void (wakeAt !== null && wakes.push(wakeAt));
    const verifiers = this.#options.identities.filter((identity) => identity.chain !== null);
    for (const identity of verifiers) {
      const agenda = reportDuty(this.#options.state, this.#options.view, identity.signer.did, now);
      note(agenda);
      for (const duty of agenda.duties) this.#options.actor.own(identity, duty);
      if (this.#lookAtMembership(identity)) wakes.push(now + RETRY_MS);
    }
    const { sha256, logIsLost } = this.#options;
    if (verifiers.length === 0) return null;
    const look = (at: number): Agenda<SharedDuty> => tickDuty(this.#options.state, this.#options.view, at, sha256);
    const { state, view } = this.#options;
    if (isTickTime(state, view, now) && this.#backoff.isHeld(tickKey(state))) {
      wakes.push(now + state.params.tickMs);
    } else {
      const agenda = look(now);
      note(agenda);
      for (const duty of logIsLost() ? [] : agenda.duties)
        this.#share(duty, () => look(this.#options.clock.now()).duties[0]);
    }
    return wakes.length === 0 ? null : Math.min(...wakes);
  }

  /** Whether a key has to do something to be drawn again: what it has is said, and looked for again. */
  #lookAtMembership(identity: Identity): boolean {
    const { state, actor, logIsLost } = this.#options;
    if (identity.silent || logIsLost()) return false;
    const { did } = identity.signer;
    const due = [actor.rejoinDuty(identity), conformDuty(state, did)].filter((duty) => duty !== null);
    for (const duty of due) {
      if (this.#backoff.quiet(duty.key)) continue;
      this.#backoff.hush(duty.key, RETRY_MS);
      actor.own(identity, duty);
    }
    return due.length > 0;
  }

  /** After the backoff the duty is looked for again: whoever was first did it for all. */
  #share(duty: SharedDuty, still: () => SharedDuty | undefined): void {
    const sharer = turnOf(duty, this.#options.identities, this.#turns);
    if (sharer === null) return;
    const act = (): void => {
      const due = this.#running && !this.#options.logIsLost() ? still() : undefined;
      if (due === undefined || this.#backoff.quiet(due.key)) return;
      this.#backoff.hush(due.key, due.type === 'tick' ? 2 * this.#options.state.params.tickMs : RETRY_MS);
      this.#options.actor.shared(sharer.identity, due);
    };
    const turn = { place: sharer.place, complete: duty.complete };
    this.#backoff.after(duty.key, turn, () => this.#guarded(act));
  }

  #wake(at: number): void {
    if (this.#wakeAt !== null && this.#wakeAt <= at && this.#cancelWake !== null) return;
    this.#cancelWake?.();
    const { clock } = this.#options;
    this.#wakeAt = at;
    this.#cancelWake = clock.schedule(Math.max(0, at - clock.now()), () => {
      this.#cancelWake = null;
      this.#wakeAt = null;
      this.#guarded(() => this.#look());
    });
  }

  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#options.onFailure(error);
    }
  }
}
