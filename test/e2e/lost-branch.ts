import type { NeedId } from '@canswarm/protocol';
import { createWorld, quoteSkill, type World } from '@canswarm/simulator';
import { postQuote } from '../world/post-quote.ts';
import { type Witness, witness } from '../world/witness.ts';

const LIMIT_MS = 180_000;
const CUT_MS = 5_000;
const HOSTS = 7;
/** Machines on the side that loses the log. */
const APART = 3;
/** Worlds that are tried until the seats fall so that those apart decide among themselves. */
const TRIES_MAX = 60;

/** A branch that the log did not adopt, and what became of it. */
export interface LostBranch {
  readonly seed: string;
  readonly faults: readonly string[];
  /** Bids marked as orphaned, alternates kept, and entries that said so. */
  readonly orphaned: number;
  readonly kept: number;
  readonly reconciles: number;
  /** Whether the worker of the branch handed in the result in the end, after its node had forgotten all, and said what it took. */
  readonly isReused: boolean;
  /** How often the work was done by that worker. */
  readonly runs: number;
  readonly finalizedApart: number;
}

/** Counts the work of the worker that bids least; whoever else has the task holds it until `given`, then fails. */
function unevenSkill(count: { runs: number }, given: Promise<void>): typeof quoteSkill {
  return {
    async skill(engine) {
      const skill = await quoteSkill.skill(engine);
      const { execute } = skill;
      if (execute === undefined) return skill;
      return {
        ...skill,
        execute: async (task, context) => {
          if (task.price !== LEAST) {
            await given;
            throw new Error('it cannot be done');
          }
          count.runs += 1;
          return execute(task, context);
        },
      };
    },
  };
}

/** What the worker that bids least asks of two credits. */
const LEAST = 1_000_000;

const machineOf = (world: World, person: string): string => {
  const { node } = world.network.person(person);
  return [...world.machines.values()].find((machine) => machine.node === node)?.name ?? '';
};

/** The worker's machine and others, without those of whoever else bids or asks. */
function sideOf(world: World): readonly string[] | null {
  const stays = ['worker-2', 'worker-3', 'planner', 'requester'].map((name) => machineOf(world, name));
  const own = machineOf(world, 'worker-1');
  if (stays.includes(own)) return null;
  const stream = world.random.stream('apart');
  const free = [...world.machines.keys()].filter((name) => name !== own && !stays.includes(name));
  const side = [own];
  while (side.length < APART && free.length > 0) side.push(...free.splice(stream.below(free.length), 1));
  return side.length === APART ? side : null;
}

/** Whether those apart have K of the seats that choose. */
function canDecide(world: World, side: readonly string[], need: NeedId): boolean {
  const state = world.nodes.get(side[0] ?? '')?.state;
  const committee = state?.committees.get(`plan/${need}/1`);
  if (committee === undefined) return false;
  const keys = new Set(side.flatMap((name) => world.nodes.get(name)?.identities.map(({ signer }) => signer.did) ?? []));
  return committee.seats.filter(({ did }) => keys.has(did)).length >= committee.k;
}

/**
 * Some machines hear no others, so their bids differ; when the bidding ends they lose the log too. Their seats choose the worker among
 * them, which works; the log goes on without them, with another. Null: the seats did not fall so.
 */
async function play(seed: string): Promise<LostBranch | null> {
  const count = { runs: 0 };
  const gate = Promise.withResolvers<void>();
  const world = createWorld({
    seed,
    module: unevenSkill(count, gate.promise),
    workMs: { min: 100, max: 300 },
    hosts: HOSTS,
  });
  const { clock, machines, hub, weather } = world;
  const side = sideOf(world);
  if (side === null) return null;
  const seen = witness(world);
  const apart = new Set<string>();
  let finalizedApart = 0;
  world.observe((name) => ({
    onApplied({ events }) {
      if (apart.has(name) && events.some(({ type }) => type === 'finalized')) finalizedApart += 1;
    },
  }));
  world.network.start();
  const untilMs = clock.now() + LIMIT_MS;
  weather.cut(
    side,
    [...machines.keys()].filter((name) => !side.includes(name)),
  );
  hub.turned();
  const need = await postQuote(world);
  await clock.runUntil(() => seen.events('bidding_closed').length > 0 && seen.level(), { untilMs });
  if (!canDecide(world, side, need)) return null;
  for (const name of side) {
    apart.add(name);
    world.machine(name).link.cut();
  }
  hub.turned();
  const healAt = clock.now() + CUT_MS;
  await clock.runUntil(() => false, { untilMs: healAt });
  apart.clear();
  for (const name of side) world.machine(name).link.heal();
  weather.heal();
  hub.turned();
  await clock.runUntil(() => seen.events('alternate_kept').length > 0 || seen.settled(need), { untilMs });
  await forget(world, side[0] ?? '', seen, untilMs);
  gate.resolve();
  await clock.runUntil(() => seen.settled(need) && seen.level(), { untilMs });
  return told(seed, { world, seen, need, finalizedApart, runs: count.runs });
}

/** Starts the worker's node anew: what it has of the work is what the log keeps. */
async function forget(world: World, name: string, seen: Witness, untilMs: number): Promise<void> {
  if (seen.events('alternate_kept').length === 0) return;
  await world.clock.runUntil(() => seen.level(), { untilMs });
  world.remove(name);
  world.restart(name);
}

function told(
  seed: string,
  of: { world: World; seen: Witness; need: NeedId; finalizedApart: number; runs: number },
): LostBranch {
  const { world, seen, need, finalizedApart, runs } = of;
  const faults = [...seen.faults, ...seen.strangers().map((name) => `${name} has another state`)];
  if (!seen.settled(need)) faults.push('the need is open');
  const worker = world.network.person('worker-1').did;
  return {
    ...{ seed, faults, finalizedApart, runs },
    orphaned: seen.events('branch_orphaned').length,
    kept: seen.events('alternate_kept').length,
    reconciles: seen.course.filter(
      ({ entry, outcome }) => entry.envelope.payload.verb === 'RECONCILE' && outcome.accepted,
    ).length,
    isReused:
      seen.events('finalized').some((event) => event.worker === worker) &&
      seen.course.some(({ entry: { envelope }, outcome }) => {
        const { payload } = envelope;
        return (
          outcome.accepted && payload.verb === 'COMMIT' && payload.from === worker && payload.body.telemetry.wallMs > 0
        );
      }),
  };
}

/** So many branches that the log did not adopt, in worlds of seeds that follow each other. */
export async function lostBranches(rounds: number): Promise<readonly LostBranch[]> {
  const played: LostBranch[] = [];
  for (let seed = 0; seed < TRIES_MAX && played.length < rounds; seed += 1) {
    const branch = await play(`lost-branch/${seed}`);
    if (branch !== null) played.push(branch);
  }
  return played;
}
