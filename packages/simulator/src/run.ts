import type { Genesis } from '@canswarm/protocol';
import type { ActorKind } from './actors/actor-plan.ts';
import { actorCast } from './actors/cast.ts';
import { actorSkill } from './actors/skill.ts';
import { Troupe } from './actors/troupe.ts';
import { ABSENT, type Checker, type Fault, type Property } from './checkers/checker.ts';
import { type Counts, Nemesis } from './nemesis.ts';
import { pending } from './pending.ts';
import { drawPlan, type Plan, type Wanted } from './plan.ts';
import type { Sometimes } from './sometimes.ts';
import { Watch } from './watch.ts';
import { simulatedCast } from './workload/cast.ts';
import { Plants } from './workload/plants.ts';
import { Poster } from './workload/poster.ts';
import { type JudgedCalls, judgeCalls, LINEARIZABLE, watchCalls } from './world/judge-calls.ts';
import { createWorld, randomOf, type World } from './world/world.ts';

/** Virtual time that a run may take with faults once its needs could all be posted, and to come to rest when they stop, ms. */
const SAFETY_MS = 600_000;
const LIVENESS_MS = 600_000;
/** How often machines that stopped are looked for while the network comes to rest, ms. */
const KEEP_UP_MS = 500;
/** Faults told of one property. */
const FAULTS_MAX = 3;
const CHAIN_LENGTH = 8_192;
const GATHER_MS = 20;

/** `absent`: its subject is not built; `unknown`: the search for an order of calls was given up. */
export type Verdict = 'held' | 'broken' | 'absent' | 'unknown';

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
  /** Whether an order explains what machines called and were answered of slots, leases and balances. */
  readonly linearizable: JudgedCalls['linearizable'];
  /** These calls and answers, as `canswarm linearize` reads them, where they were asked for. */
  readonly history?: string;
  /** What is stuck, and why, where the network did not come to rest. */
  readonly pending: readonly string[];
  readonly entries: number;
  readonly steps: number;
  readonly simulatedSeconds: number;
  readonly realSeconds: number;
}

export interface SimulateOptions {
  /** Whether the run gives its history. */
  readonly history?: boolean;
  /** What every entry has to pass; without it nothing. */
  readonly policy?: NonNullable<Genesis['policy']>;
}

/** The plan of a seed, before anything runs. */
export const planOf = (wanted: Wanted): Plan => drawPlan(randomOf(seedOf(wanted.seed)).stream('plan'), wanted);

const seedOf = (seed: number): string => `canswarm/sim/${seed}`;

/** Runs a seed: needs and faults until all are posted, then no more faults until all is settled. The same plan runs the same way. */
export async function simulate(plan: Plan, options: SimulateOptions = {}): Promise<Run> {
  const started = performance.now();
  const plants = new Plants(plan.wrongEvery, plan.passedOverPercent);
  const honest = simulatedCast(plan.nodes);
  const members = actorCast(plan.actors, honest, (body) => plants.isMarked(body));
  const on = new Set<ActorKind>();
  const world = createWorld({
    seed: seedOf(plan.seed),
    faults: plan,
    cast: [...honest, ...members.map(({ member }) => member)],
    module: actorSkill(plants, on),
    hosts: plan.nodes,
    isVerifiedOnce: true,
    chainLength: CHAIN_LENGTH,
    gatherMs: GATHER_MS,
    ...(options.policy === undefined ? {} : { policy: options.policy }),
  });
  const { clock } = world;
  const startMs = clock.now();
  const faults: Found[] = [];
  const fault: Fault = (property, detail) => {
    if (faults.filter((other) => other.property === property).length < FAULTS_MAX)
      faults.push({ property, detail, atMs: clock.now() - startMs });
  };
  const watch = new Watch(world, plants, fault);
  const calls = watchCalls(world);
  const nemesis = new Nemesis(world, plan, (name, error) => watch.stopped(name, error));
  const troupe = new Troupe({ world, actors: plan.actors, members, plants, on, state: watch.state });
  world.network.start();
  nemesis.start();
  troupe.start();
  const posting = new Poster(world, plan, plants);
  watch.also(troupe, posting);
  posting.start();
  let steps = 0;
  const until = async (done: () => boolean, limitMs: number): Promise<boolean> => {
    const report = await clock.runUntil(done, { untilMs: clock.now() + limitMs });
    steps += report.steps;
    return report.end === 'done';
  };
  const isMet = (): boolean => posting.done() && watch.settled >= plan.needs;
  await until(() => watch.isBroken || isMet(), faultsMs(plan, world.network.genesis.params.tickMs));
  nemesis.stop();
  troupe.stop();
  const letGo = keepUp(world, nemesis);
  const isAtRest = await until(() => watch.isBroken || (isMet() && watch.level()), LIVENESS_MS);
  letGo();
  if (!isAtRest) fault('P15', `${watch.settled} of ${plan.needs} needs are settled`);
  for (const name of watch.strangers()) fault('P2', `${name} has another state`);
  const { unknown, ...judged } = judgeCalls(calls, fault, options.history === true);
  const left = isAtRest ? [] : pending(world, watch.state);
  return {
    seed: plan.seed,
    plan,
    passed: faults.length === 0,
    traceHash: world.traceHash(),
    properties: verdicts(watch.checkers, faults, unknown),
    faults,
    sometimes: watch.met.with(nemesis.counts, troupe.counts()),
    injected: nemesis.counts,
    ...judged,
    pending: left,
    entries: watch.state.position,
    steps,
    simulatedSeconds: (clock.now() - startMs) / 1_000,
    realSeconds: (performance.now() - started) / 1_000,
  };
}

/** How long faults last at most, ms of virtual time. */
const faultsMs = ({ needs, everyMs, ticks }: Plan, tickMs: number): number =>
  Math.min(needs * everyMs.max + SAFETY_MS, (ticks ?? Number.POSITIVE_INFINITY) * tickMs);

/** Starts machines that stopped, again and again, until the function that it gives is called. */
function keepUp({ clock }: World, nemesis: Nemesis): () => void {
  let isOver = false;
  const again = (): void => {
    if (isOver) return;
    nemesis.keepUp();
    clock.schedule(KEEP_UP_MS, again);
  };
  again();
  return () => {
    isOver = true;
  };
}

function verdicts(
  checkers: readonly Checker[],
  faults: readonly Found[],
  unknown: ReadonlySet<Property>,
): Record<Property, Verdict> {
  const watched = new Set<Property>([
    'P2',
    'P15',
    ...Object.values(LINEARIZABLE),
    ...checkers.flatMap(({ properties }) => properties),
  ]);
  const broken = new Set(faults.map(({ property }) => property));
  const absent = Object.keys(ABSENT) as Property[];
  const all = [...new Set([...watched, ...broken, ...absent])].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  const verdictOf = (id: Property): Verdict => {
    if (broken.has(id)) return 'broken';
    if (unknown.has(id)) return 'unknown';
    return watched.has(id) ? 'held' : 'absent';
  };
  return Object.fromEntries(all.map((id) => [id, verdictOf(id)]));
}
