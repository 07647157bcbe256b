import { digestOf, type KernelEvent, type State, sealsVotes } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import type { Signer } from '@canswarm/ports';
import type { CommitId, NeedId } from '@canswarm/protocol';
import { SHARD } from 'canswarm';
import type { Plants } from '../workload/plants.ts';
import { within } from '../world/draw.ts';
import type { World } from '../world/world.ts';
import type { Act, ActorKind, ActorPlan } from './actor-plan.ts';
import type { ActorMember } from './cast.ts';
import { Ear } from './ear.ts';
import { Equivocator } from './equivocator.ts';
import { Planter } from './planter.ts';
import { Relayer } from './relayer.ts';
import { Spammer } from './spammer.ts';
import { TimeLiar } from './time-liar.ts';
import { Voice } from './voice.ts';

export interface TroupeOptions {
  readonly world: World;
  readonly actors: readonly ActorPlan[];
  readonly members: readonly ActorMember[];
  readonly plants: Plants;
  /** Kinds whose engines do harm now. */
  readonly on: Set<ActorKind>;
  /** What is known of the log by who is first. */
  readonly state: State;
}

/** Those who mean harm, from `start` until `stop`, and what came of it. */
export class Troupe {
  readonly #options: TroupeOptions;
  readonly #counts = new Map<Act, number>();
  readonly #kinds: ReadonlyMap<string, ActorKind>;
  /** Commits of wrong results, and which actors passed each. */
  readonly #wrong = new Map<string, Set<ActorKind>>();
  readonly #equivocators: Equivocator[] = [];
  readonly #planters: Planter[] = [];
  #isRunning = false;

  constructor(options: TroupeOptions) {
    this.#options = options;
    this.#kinds = new Map(
      options.members.map(({ kind, member }) => [options.world.network.person(member.name).did as string, kind]),
    );
  }

  start(): void {
    const { world, actors, on, state } = this.#options;
    if (actors.length === 0) return;
    const { clock, hub, log, crypto, random } = world;
    this.#isRunning = true;
    const transport = hub.endpoint('actors');
    const keys = random.stream('actors/keys');
    const voice = new Voice({ transport, log, shard: SHARD, clock, crypto, keys, state: () => state });
    const ear = new Ear(transport, log, SHARD, (payload) => {
      if (!this.#isRunning) return;
      for (const one of this.#equivocators) if (one.onSaid(payload)) this.#count('equivocator acts');
    });
    for (const actor of actors)
      clock.schedule(actor.fromMs, () => {
        if (!this.#isRunning) return;
        on.add(actor.kind);
        if (actor.kind === 'equivocator')
          for (const signer of this.#signersOf(actor.kind))
            this.#equivocators.push(new Equivocator(voice, signer, random.stream('actors/equivocator')));
        if (actor.kind === 'planter')
          for (const signer of this.#signersOf(actor.kind)) this.#planters.push(this.#planterOf(voice, signer));
        const act = this.#actOf(actor.kind, voice, ear);
        if (act !== null) this.#repeat(actor, act);
      });
  }

  /** They mean no harm any more; what they said is said. */
  stop(): void {
    this.#isRunning = false;
    this.#options.on.clear();
  }

  /** What an actor did and failed with, and how often; so often nodes refused what was forged. */
  counts(): Readonly<Partial<Record<Act, number>>> {
    const refused = this.#refused();
    if (this.#counts.has('relayer acts') && refused > 0) this.#counts.set('relayer fails', refused);
    return Object.fromEntries(this.#counts);
  }

  #signersOf(kind: ActorKind): readonly Signer[] {
    const { members, world } = this.#options;
    return members
      .filter((one) => one.kind === kind)
      .map(({ member }) => world.network.person(member.name).identity.signer);
  }

  /** Needs are marked for it from now on. */
  #planterOf(voice: Voice, signer: Signer): Planter {
    const { world, plants } = this.#options;
    const planter = new Planter(voice, signer, world.random.stream('actors/planter'));
    plants.mark = planter.markOf(world.network.person('requester').did, world.crypto.sha256);
    return planter;
  }

  /** What an actor does by itself, again and again; returns whether it did anything. Null: its engine does it all. */
  #actOf(kind: ActorKind, voice: Voice, ear: Ear): (() => boolean) | null {
    const { clock, random, crypto } = this.#options.world;
    const stream = random.stream(`actors/${kind}`);
    const signers = this.#signersOf(kind);
    const [signer] = signers;
    if (signer === undefined) return null;
    if (kind === 'time liar') return always(new TimeLiar(voice, ear, signers, stream, clock));
    if (kind === 'spammer') return always(new Spammer(voice, signer, stream, () => this.#options.state));
    if (kind !== 'relayer') return null;
    const relayer = new Relayer(voice, ear, signer, stream, crypto);
    return () => relayer.act();
  }

  #repeat({ kind, everyMs }: ActorPlan, act: () => boolean): void {
    const { clock, random } = this.#options.world;
    const stream = random.stream(`actors/${kind}/rhythm`);
    const next = (): void => {
      if (!this.#isRunning) return;
      if (act()) this.#count(`${kind} acts`);
      clock.schedule(within(stream, everyMs), next);
    };
    next();
  }

  #count(act: Act): void {
    this.#counts.set(act, (this.#counts.get(act) ?? 0) + 1);
  }

  /** What nodes found not to be what its sender signed; junk that is no message at all is the spammer's. */
  #refused(): number {
    const counts = [...this.#options.world.machines.values()].map(({ node }) =>
      Object.entries(node?.meter.read() ?? {}),
    );
    return counts
      .flat()
      .filter(([name]) => name.startsWith('log.refused.') || name === 'ingress.refused.bad_signature')
      .reduce((sum, [, count]) => sum + count, 0);
  }

  /** What the log makes of actors; is told of each entry, once. */
  onEntry({ entry, outcome, events }: AppliedEntry): void {
    const { payload, id } = entry.envelope;
    const sender = this.#kinds.get(payload.from);
    if (!outcome.accepted) {
      if (payload.verb === 'TICK' && sender === 'time liar') this.#count('time liar fails');
      if (payload.verb === 'PLANT' && sender === 'planter') this.#count('planter fails');
      if (payload.verb === 'TRANSFER' && sender === 'spammer') this.#count('spammer fails');
      return;
    }
    if (payload.verb === 'PLANT' && sender === 'planter') this.#count('planter acts');
    if (payload.verb === 'COMMIT' && payload.body.outputs.some(({ cid }) => this.#options.plants.outputs.has(cid))) {
      this.#wrong.set(id, new Set());
      if (sender === 'liar') this.#count('liar acts');
    }
    if (payload.verb === 'CERTIFY')
      for (const { payload: vote } of entry.evidence.envelopes) {
        const voter = this.#kinds.get(vote.from);
        const passed = vote.verb === 'ATTEST' ? this.#wrong.get(vote.body.commit) : undefined;
        if (voter !== 'colluders' && voter !== 'lazy verifier') continue;
        if (passed === undefined || passed.has(voter)) continue;
        passed.add(voter);
        this.#count(`${voter} acts`);
      }
    for (const event of events) this.#onEvent(event);
  }

  #onSeated(event: Extract<KernelEvent, { type: 'seated' }>): void {
    if (!this.#isRunning) return;
    const { commits, needs } = this.#options.state;
    const [kind, id = ''] = event.subject.split('/');
    const commit = commits.get(id as CommitId);
    const need = needs.get(kind === 'plan' ? (id as NeedId) : (commit?.need ?? ('' as NeedId)));
    if (need === undefined) return;
    const form = { areVotesSealed: sealsVotes(need), policyDigest: digestOf(commit ?? need) };
    for (const one of this.#equivocators) if (one.onSeated(event, need.id, form)) this.#count('equivocator acts');
  }

  #onEvent(event: KernelEvent): void {
    if (event.type === 'seated') return this.#onSeated(event);
    const isStalling = event.type === 'lease_granted' && this.#kinds.get(event.holder) === 'staller';
    if (isStalling && this.#options.on.has('staller')) this.#count('staller acts');
    else if (event.type === 'lease_lost') {
      const holder = this.#kinds.get(event.holder);
      if (this.#isRunning) for (const one of this.#planters) one.onLost(event);
      if (holder === 'staller') this.#count('staller fails');
      if (holder === 'liar' && (event.reason === 'failed' || event.reason === 'overturned')) this.#count('liar fails');
    } else if (event.type === 'certified' && event.verdict !== 'pass')
      for (const kind of this.#wrong.get(event.commit) ?? []) this.#count(`${kind} fails`);
    else if (event.type === 'slashed') {
      const kind = this.#kinds.get(event.did);
      if (kind === 'equivocator' && event.cause === 'equivocation') this.#count('equivocator fails');
      if (kind === 'colluders' || kind === 'lazy verifier') this.#count(`${kind} fails`);
    }
  }
}

const always = (actor: { act(): void }) => (): boolean => {
  actor.act();
  return true;
};
