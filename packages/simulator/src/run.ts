import { apply, createState, digestAt, type State, stateRoot } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import type { NeedId } from '@canswarm/protocol';
import { toHex } from '@canswarm/protocol';
import type { ActorKind } from './actors/actor-plan.ts';
import { actorCast } from './actors/cast.ts';
import { actorSkill } from './actors/skill.ts';
import { Troupe } from './actors/troupe.ts';
import { auctions } from './checkers/auctions.ts';
import { certificates } from './checkers/certificates.ts';
import { ABSENT, type Checker, type Fault, type Property } from './checkers/checker.ts';
import { decisions } from './checkers/decisions.ts';
import { leases } from './checkers/leases.ts';
import { logTime } from './checkers/log-time.ts';
import { money } from './checkers/money.ts';
import { plans } from './checkers/plans.ts';
import { results } from './checkers/results.ts';
import { sealedVotes } from './checkers/sealed-votes.ts';
import { type Counts, Nemesis } from './nemesis.ts';
import { pending } from './pending.ts';
import { drawPlan, type Plan, type Wanted } from './plan.ts';
import { Met, type Sometimes } from './sometimes.ts';
import { simulatedCast } from './workload/cast.ts';
import { Plants } from './workload/plants.ts';
import { Poster } from './workload/poster.ts';
import { createWorld, randomOf, type World } from './world/world.ts';

/** Virtual time that a run may take with faults once its needs could all be posted, and to come to rest when they stop, ms. */
const SAFETY_MS = 600_000;
const LIVENESS_MS = 600_000;
/** How often machines that stopped are looked for while the network comes to rest, ms. */
const KEEP_UP_MS = 500;
const FAULTS_MAX = 20;
const CHAIN_LENGTH = 8_192;
const GATHER_MS = 20;

/** `absent`: its subject is not built. */
export type Verdict = 'held' | 'broken' | 'absent';

export interface Found {
  readonly property: Property;
  readonly detail: string;
  /** Virtual ms since the start. */
  readonly atMs: number;
}

export interface Run {
  readonly seed: number;
  readonly plan: Plan;
  readonly passed: boolean;
  readonly traceHash: string;
  readonly properties: Readonly<Record<Property, Verdict>>;
  readonly faults: readonly Found[];
  readonly sometimes: Readonly<Record<Sometimes, number>>;
  readonly injected: Counts;
  /** What is stuck, and why, where the network did not come to rest. */
  readonly pending: readonly string[];
  readonly entries: number;
  readonly steps: number;
  readonly simulatedSeconds: number;
  readonly realSeconds: number;
}

/** The plan of a seed, before anything runs. */
export const planOf = (wanted: Wanted): Plan => drawPlan(randomOf(seedOf(wanted.seed)).stream('plan'), wanted);

const seedOf = (seed: number): string => `canswarm/sim/${seed}`;

/** Runs a seed: needs and faults until all are posted, then no more faults until all is settled. The same plan runs the same way. */
export async function simulate(plan: Plan): Promise<Run> {
  const started = performance.now();
  const plants = new Plants(plan.wrongEvery, plan.passedOverPercent);
  const honest = simulatedCast(plan.nodes);
  const members = actorCast(plan.actors, honest);
  const cast = [...honest, ...members.map(({ member }) => member)];
  const on = new Set<ActorKind>();
  const world = createWorld({
    seed: seedOf(plan.seed),
    faults: plan,
    cast,
    module: actorSkill(plants, on),
    hosts: plan.nodes,
    isVerifiedOnce: true,
    chainLength: CHAIN_LENGTH,
    gatherMs: GATHER_MS,
  });
  const { clock } = world;
  const startMs = clock.now();
  const faults: Found[] = [];
  const fault: Fault = (property, detail) => {
    if (faults.length < FAULTS_MAX) faults.push({ property, detail, atMs: clock.now() - startMs });
  };
  const watch = new Watch(world, plants, fault);
  const nemesis = new Nemesis(world, plan);
  const troupe = new Troupe({ world, actors: plan.actors, members, plants, on, state: watch.state });
  world.network.start();
  nemesis.start();
  troupe.start();
  const posting = new Poster(world, plan);
  watch.also(troupe, posting);
  posting.start();
  let steps = 0;
  const until = async (done: () => boolean, limitMs: number): Promise<boolean> => {
    const report = await clock.runUntil(done, { untilMs: clock.now() + limitMs });
    steps += report.steps;
    return report.end === 'done';
  };
  await until(() => posting.done() && watch.settled >= plan.needs, plan.needs * plan.everyMs.max + SAFETY_MS);
  nemesis.stop();
  troupe.stop();
  let isOver = false;
  const keepUp = (): void => {
    if (isOver) return;
    nemesis.keepUp();
    clock.schedule(KEEP_UP_MS, keepUp);
  };
  keepUp();
  const isAtRest = await until(() => posting.done() && watch.settled >= plan.needs && watch.level(), LIVENESS_MS);
  isOver = true;
  if (!isAtRest) fault('P15', `${watch.settled} of ${plan.needs} needs are settled`);
  for (const name of watch.strangers()) fault('P2', `${name} has another state`);
  const left = isAtRest ? [] : pending(world, watch.state);
  return {
    seed: plan.seed,
    plan,
    passed: faults.length === 0,
    traceHash: world.traceHash(),
    properties: verdicts(watch.checkers, faults),
    faults,
    sometimes: watch.met.with(nemesis.counts, troupe.counts()),
    injected: nemesis.counts,
    pending: left,
    entries: watch.state.position,
    steps,
    simulatedSeconds: (clock.now() - startMs) / 1_000,
    realSeconds: (performance.now() - started) / 1_000,
  };
}

function verdicts(checkers: readonly Checker[], faults: readonly Found[]): Record<Property, Verdict> {
  const watched = new Set<Property>(['P2', 'P15', ...checkers.flatMap(({ properties }) => properties)]);
  const broken = new Set(faults.map(({ property }) => property));
  const all = [...new Set([...watched, ...broken, ...ABSENT])].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  const verdictOf = (id: Property): Verdict => {
    if (broken.has(id)) return 'broken';
    return watched.has(id) ? 'held' : 'absent';
  };
  return Object.fromEntries(all.map((id) => [id, verdictOf(id)]));
}

/** A state of its own, over the log as any node first tells it; every node is compared with it. */
class Watch {
  readonly state: State;
  readonly checkers: readonly Checker[];
  readonly met = new Met();
  readonly #world: World;
  readonly #plants: Plants;
  readonly #others: { onEntry(applied: AppliedEntry): void }[] = [];
  readonly #posted = new Set<NeedId>();
  settled = 0;

  constructor(world: World, plants: Plants, fault: Fault) {
    const { sha256 } = world.crypto;
    const { genesis } = world.network;
    this.#world = world;
    this.#plants = plants;
    this.state = createState(genesis, sha256);
    this.checkers = [
      decisions(fault),
      leases(fault),
      certificates(fault, genesis),
      money(fault, genesis),
      results(fault, plants),
      plans(fault, sha256),
      sealedVotes(fault, sha256),
      auctions(fault, genesis, sha256),
      logTime(fault, () => Math.max(...[...world.machines.values()].map((machine) => machine.now()))),
    ];
    world.observe((name) => {
      const take = (applied: AppliedEntry, state: State): void => {
        this.#take(applied);
        const { position } = applied;
        const [due, found] = [digestAt(this.state, position), digestAt(state, position)];
        if (due === undefined || found === undefined || toHex(due) !== toHex(found))
          fault('P2', `${name} differs at position ${position}`);
      };
      return {
        onApplied: (applied, state) => {
          take(applied, state);
          for (const checker of this.checkers) checker.onNode?.(applied, state, name);
        },
        // A node may have died before it told of what it kept, and be ahead of all others in its next life.
        onRecovered: take,
        onDefect: (error) => fault('P2', `${name} failed over a message: ${String(error)}`),
      };
    });
  }

  /** Tells others of each entry, once, after the checkers. */
  also(...others: readonly { onEntry(applied: AppliedEntry): void }[]): void {
    this.#others.push(...others);
  }

  #take(applied: AppliedEntry): void {
    if (applied.position !== this.state.position + 1) return;
    apply(this.state, applied.entry, this.#world.crypto.sha256);
    for (const event of applied.events) {
      this.met.onEvent(event);
      if (event.type === 'need_opened') {
        this.#plants.note(event.need);
        this.#posted.add(event.need);
      }
      // A task of a plan is a need too, that nobody posted.
      if (event.type === 'need_settled' && this.#posted.has(event.need)) this.settled += 1;
    }
    for (const checker of this.checkers) checker.onEntry(applied, this.state);
    for (const other of this.#others) other.onEntry(applied);
  }

  /** Whether every machine runs, and stands where the log does. */
  level(): boolean {
    return [...this.#world.machines.values()].every(({ node }) => node?.state.position === this.state.position);
  }

  strangers(): readonly string[] {
    const { sha256 } = this.#world.crypto;
    const root = stateRoot(this.state, sha256);
    return [...this.#world.machines.values()]
      .filter(
        ({ node }) =>
          node !== null && node.state.position === this.state.position && stateRoot(node.state, sha256) !== root,
      )
      .map(({ name }) => name);
  }
}
