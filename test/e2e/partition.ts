import type { KernelEvent } from '@canswarm/kernel';
import type { Did, NeedId } from '@canswarm/protocol';
import { createWorld, quoteSkill, type World } from '@canswarm/simulator';
import { postQuote } from '../world/post-quote.ts';
import { witness } from '../world/witness.ts';
import { lostBranches } from './lost-branch.ts';
import type { Report, Suite } from './suite.ts';

const LIMIT_MS = 180_000;
const CUT_MS = { least: 2_000, span: 4_000 };
const HOSTS = 7;
/** Work takes long enough that a cut may come while it is done. */
const WORK_MS = { min: 150, max: 600 };

/** Who loses what: all lose the log; some lose the log; some lose the log and the others. */
const SHAPES = ['all without the log', 'some without the log', 'some alone'] as const;
type Shape = (typeof SHAPES)[number];
/** When: while seats vote, once somebody has the task, once a result is judged, once it may be challenged, at any time. */
const MOMENTS = ['voting', 'leased', 'committed', 'verified', 'any'] as const;
const MOMENTS_OF_SLICE = ['voting', 'leased', 'verified'] as const;
type Moment = (typeof MOMENTS)[number];

const EVENT = {
  voting: 'bidding_closed',
  leased: 'lease_granted',
  committed: 'committed',
  verified: 'window_opened',
} as const satisfies Readonly<Record<Exclude<Moment, 'any'>, KernelEvent['type']>>;

interface Round {
  readonly cutMs: number;
  readonly faults: readonly string[];
  /** Entries that nodes without the log applied while they had none, and results that became final by them. */
  readonly applied: number;
  readonly finalized: number;
  /** Results that became final meanwhile where the log was. */
  readonly finalizedElsewhere: number;
  /** Nodes without the log, and those that knew it. */
  readonly cutOff: number;
  readonly knew: number;
  readonly begun: number;
  /** Of which the worker has the task after the heal. */
  readonly valid: number;
  /** Of those, committed without being done again. */
  readonly salvaged: number;
  readonly wasted: number;
}

/** Counts what workers execute, by need and price: no two of them ask the same. */
function countingSkill(runs: Map<string, number>): typeof quoteSkill {
  return {
    async skill(engine) {
      const skill = await quoteSkill.skill(engine);
      const { execute } = skill;
      if (execute === undefined) return skill;
      return {
        ...skill,
        execute: (task, context) => {
          const key = `${task.need}/${task.price}`;
          runs.set(key, (runs.get(key) ?? 0) + 1);
          return execute(task, context);
        },
      };
    },
  };
}

/** A minority of the machines, with that of the worker that bids least. */
function someOf(world: World): readonly string[] {
  const stream = world.random.stream('cut');
  const { node } = world.network.person('worker-1');
  const own = [...world.machines.values()].find((machine) => machine.node === node)?.name ?? '';
  const others = [...world.machines.keys()].filter((name) => name !== own);
  const size = 1 + stream.below(Math.floor(others.length / 2));
  const some = [own];
  while (some.length < size) some.push(...others.splice(stream.below(others.length), 1));
  return some;
}

function cut(world: World, shape: Shape): readonly string[] {
  const all = [...world.machines.keys()];
  const without = shape === 'all without the log' ? all : someOf(world);
  for (const name of without) world.machine(name).link.cut();
  if (shape === 'some alone')
    world.weather.cut(
      without,
      all.filter((name) => !without.includes(name)),
    );
  world.hub.turned();
  return without;
}

function heal(world: World): void {
  for (const { link } of world.machines.values()) link.heal();
  world.weather.heal();
  world.hub.turned();
}

/** One need, and a cut in the middle of it. */
async function round(seed: string, shape: Shape, moment: Moment): Promise<Round> {
  const runs = new Map<string, number>();
  const world = createWorld({ seed, module: countingSkill(runs), workMs: WORK_MS, hosts: HOSTS });
  const { clock } = world;
  const stream = world.random.stream('partition');
  const seen = witness(world);
  let told = 0;
  const begun: { readonly need: NeedId; readonly did: Did }[] = [];
  const without = new Set<string>();
  const meanwhile = { applied: 0, finalized: 0, elsewhere: 0 };
  world.observe((name) => ({
    onApplied({ events, position }) {
      const isFinal = events.some(({ type }) => type === 'finalized');
      const isNew = position > told;
      told = Math.max(told, position);
      if (without.has(name)) meanwhile.applied += 1;
      if (without.has(name) && isFinal) meanwhile.finalized += 1;
      if (without.size > 0 && isFinal && isNew) meanwhile.elsewhere += 1;
    },
    onSpeculation: (step, need, did) => void (step === 'begun' && begun.push({ need, did })),
  }));
  world.network.start();
  const need = await postQuote(world);
  const untilMs = clock.now() + LIMIT_MS;
  const steps = 200 + stream.below(1_200);
  const isTime = (): boolean => moment !== 'any' && seen.events(EVENT[moment]).length > 0;
  await clock.runUntil(isTime, moment === 'any' ? { steps } : { untilMs });
  // Every node knows of it by then.
  await clock.runUntil(() => seen.level(), { untilMs });
  for (const name of cut(world, shape)) without.add(name);
  const cutMs = CUT_MS.least + stream.below(CUT_MS.span);
  const healAt = clock.now() + cutMs;
  await clock.runUntil(() => false, { untilMs: healAt });
  const knew = [...without].filter((name) => world.nodes.get(name)?.contact.log.lost === true).length;
  const lostBefore = new Set(seen.events('lease_lost').map(({ holder }) => holder));
  const cutOff = without.size;
  without.clear();
  heal(world);
  await clock.runUntil(() => seen.settled(need) && seen.level(), { untilMs });
  const held = new Set(seen.events('lease_granted').map(({ holder }) => holder));
  const valid = begun.filter(({ did }) => held.has(did) && !lostBefore.has(did));
  const committed = new Set(seen.events('committed').map(({ worker }) => worker));
  const isAgain = [...runs.values()].some((count) => count > 1);
  const salvaged = isAgain ? 0 : valid.filter(({ did }) => committed.has(did)).length;
  const faults = [...seen.faults, ...seen.strangers().map((name) => `${name} has another state`)];
  if (!seen.settled(need)) faults.push('the need is open');
  return {
    ...{ cutMs, faults, cutOff, knew, salvaged, applied: meanwhile.applied, finalized: meanwhile.finalized },
    finalizedElsewhere: meanwhile.elsewhere,
    begun: begun.length,
    valid: valid.length,
    wasted: begun.length - valid.length,
  };
}

const sum = (rounds: readonly Round[], of: (round: Round) => number): number =>
  rounds.reduce((total, one) => total + of(one), 0);

/** What seats chose without the log is marked once it is back, and what was made by it is handed in, not done again. */
async function reconcile(rounds: number, report: Report): Promise<number> {
  const branches = await lostBranches(rounds);
  for (const { seed, faults, orphaned, kept, reconciles, isReused, runs, finalizedApart } of branches) {
    const isOnce = orphaned === 1 && kept === 1 && reconciles <= 2;
    const holds = faults.length === 0 && isOnce && isReused && runs === 1 && finalizedApart === 0;
    const marks = `orphaned ${orphaned}, kept ${kept}, by ${reconciles} entries`;
    report.check(`${seed}: ${marks}; worked ${runs}, used ${isReused}`, holds, faults.join('; '));
  }
  report.check('seats chose without the log', branches.length === rounds, `in ${branches.length} of ${rounds} worlds`);
  report.metric('branches.lost', branches.length);
  report.metric('branches.reused', branches.filter(({ isReused, runs }) => isReused && runs === 1).length);
  return branches.reduce((sum, { finalizedApart }) => sum + finalizedApart, 0);
}

/**
 * Nodes lose the log, and each other, in the middle of a need. They know it; nothing becomes final where the log is not; work that begins or
 * goes on there is used afterwards wherever its worker has the task.
 */
export const partition: Suite = {
  name: 'partition',
  async run(size, report) {
    const times = size === 'full' ? 3 : 1;
    const moments = size === 'full' ? MOMENTS : MOMENTS_OF_SLICE;
    const rounds: Round[] = [];
    for (const shape of SHAPES)
      for (const moment of moments)
        for (let time = 0; time < times; time += 1) {
          const played = await round(`partition/${shape}/${moment}/${time}`, shape, moment);
          rounds.push(played);
          const { cutMs, faults, begun, valid, salvaged, cutOff, knew, finalized } = played;
          const holds = faults.length === 0 && finalized === 0 && played.applied === 0 && knew === cutOff;
          const told = `${cutOff} nodes, ${knew} knew; work begun ${begun}, valid ${valid}, salvaged ${salvaged}`;
          report.check(`${shape}, ${moment}, ${cutMs} ms: ${told}`, holds, faults.join('; '));
        }
    const finalizedApart = await reconcile(times, report);
    const [valid, salvaged] = [sum(rounds, (one) => one.valid), sum(rounds, (one) => one.salvaged)];
    const rate = valid === 0 ? 0 : Math.floor((100 * salvaged) / valid);
    const elsewhere = sum(rounds, (one) => one.finalizedElsewhere);
    report.check('results became final where the log was', elsewhere > 0);
    report.check('of valid work at least 80 % is used', valid > 0 && rate >= 80, `${salvaged} of ${valid}`);
    report.metric('rounds', rounds.length);
    report.metric('minority.finalized', finalizedApart + sum(rounds, (one) => one.finalized));
    report.metric(
      'minority.applied',
      sum(rounds, (one) => one.applied),
    );
    report.metric('majority.finalized', elsewhere);
    report.metric(
      'cutOff',
      sum(rounds, (one) => one.cutOff),
    );
    report.metric(
      'knew',
      sum(rounds, (one) => one.knew),
    );
    report.metric(
      'speculation.begun',
      sum(rounds, (one) => one.begun),
    );
    report.metric('speculation.valid', valid);
    report.metric('speculation.salvaged', salvaged);
    report.metric(
      'speculation.wasted',
      sum(rounds, (one) => one.wasted),
    );
    report.metric('salvage.percent', rate);
  },
};
