import type { RandomStream } from '@canswarm/ports';
import { type ActorPlan, drawActors } from './actors/actor-plan.ts';
import { FAULT_KINDS, type FaultKind, withOnly } from './fault-kinds.ts';
import { oneOf, type Range, within } from './world/draw.ts';
import type { LogFaults } from './world/log-link.ts';
import type { NetworkFaults } from './world/weather.ts';
import { NO_FAULTS, type WorldFaults } from './world/world-faults.ts';

/**
 * `swarm`: every kind of fault, as hard as the seed says. `lite`: a bad network and those who mean harm, no machine fails.
 * `perf`: no fault at all, and nobody who means harm: what a network costs is not measured where somebody floods it.
 */
export const MODES = ['swarm', 'lite', 'perf'] as const;
export type Mode = (typeof MODES)[number];

/** What needs are like: of one task; divided by a planner; with bids, or votes, that are sealed before they are shown. */
export const NEED_KINDS = ['plain', 'divided', 'sealed bids', 'sealed votes'] as const;
export type NeedKind = (typeof NEED_KINDS)[number];

/** How often something happens, and how long it lasts, ms of virtual time. */
export interface Rhythm {
  readonly everyMs: Range;
  readonly lastMs: Range;
}

/** Everything that goes wrong in a run, and how much of it: drawn from the seed before anything runs. */
export interface Plan extends WorldFaults {
  readonly seed: number;
  readonly mode: Mode;
  readonly nodes: number;
  readonly needs: number;
  /** Needs are of these kinds in turn. */
  readonly kinds: readonly NeedKind[];
  /** Between two needs. */
  readonly everyMs: Range;
  /** Null: there are none. */
  readonly partitions: Rhythm | null;
  readonly clogs: Rhythm | null;
  readonly crashes: Rhythm | null;
  readonly fullDisks: Rhythm | null;
  readonly slowness: Rhythm | null;
  /** By how much later a slow machine does each of its steps. */
  readonly slowLagMs: Range;
  /** Of the batches that a machine had not synced when its power went, so many are lost at most. */
  readonly lostBatches: number;
  /** One result in so many is made wrong on purpose; 0: none. */
  readonly wrongEvery: number;
  /** Of the wrong ones, how many in a hundred every seat passes without looking. */
  readonly passedOverPercent: number;
  /** Those who mean harm. */
  readonly actors: readonly ActorPlan[];
  /** After so many periods of log time all faults stop; null: when the needs are settled, or after a time that would do for it. */
  readonly ticks: number | null;
}

export interface Wanted {
  readonly seed: number;
  readonly mode: Mode;
  readonly nodes?: number;
  readonly needs?: number;
  /** Kinds of faults that may happen, of those that the mode has; without it all of them. */
  readonly faults?: readonly FaultKind[];
  /** Faults stop after so many periods of log time at the latest. */
  readonly ticks?: number;
}

const NOTHING = {
  partitions: null,
  clogs: null,
  crashes: null,
  fullDisks: null,
  slowness: null,
  slowLagMs: { min: 0, max: 0 },
  lostBatches: 0,
  actors: [],
} as const;

/** Draws a plan. The same stream and the same wishes give the same plan; what is left out changes nothing of what is drawn besides. */
export function drawPlan(stream: RandomStream, wanted: Wanted): Plan {
  const { faults = FAULT_KINDS } = wanted;
  return withOnly(drawAll(stream, wanted), faults);
}

function drawAll(stream: RandomStream, { seed, mode, nodes, needs, ticks }: Wanted): Plan {
  const drawn = { nodes: within(stream, { min: 3, max: 9 }), needs: within(stream, { min: 4, max: 12 }) };
  const common = {
    seed,
    mode,
    nodes: nodes ?? drawn.nodes,
    needs: needs ?? drawn.needs,
    ticks: ticks ?? null,
    everyMs: oneOf(stream, [
      { min: 10, max: 50 },
      { min: 100, max: 900 },
      { min: 500, max: 3_000 },
    ]),
    wrongEvery: oneOf(stream, [0, 2, 3, 5]),
    passedOverPercent: oneOf(stream, [0, 50, 100]),
  };
  const network = drawNetwork(stream);
  const log = drawLog(stream);
  const swarm = drawMachines(stream);
  const kinds = oneOf<readonly NeedKind[]>(stream, [
    ['plain'],
    ['plain', 'divided'],
    ['plain', 'sealed bids', 'sealed votes'],
    NEED_KINDS,
  ]);
  const actors = drawActors(stream);
  const slow = drawSlowness(stream);
  if (mode === 'perf')
    return {
      ...common,
      kinds,
      ...NOTHING,
      wrongEvery: 0,
      passedOverPercent: 0,
      ...NO_FAULTS,
    };
  if (mode === 'lite') return { ...common, kinds, ...NOTHING, ...NO_FAULTS, network, actors };
  return { ...common, kinds, ...swarm, ...slow, network, log, actors };
}

function drawNetwork(stream: RandomStream): NetworkFaults {
  return {
    latencyMs: oneOf(stream, [
      { min: 1, max: 5 },
      { min: 5, max: 60 },
      { min: 20, max: 150 },
    ]),
    slowPerMillion: oneOf(stream, [0, 10_000, 100_000]),
    slowMs: oneOf(stream, [
      { min: 50, max: 200 },
      { min: 200, max: 2_000 },
    ]),
    lossPerMillion: oneOf(stream, [0, 1_000, 20_000, 100_000]),
    duplicatePerMillion: oneOf(stream, [0, 10_000, 200_000]),
  };
}

const drawLog = (stream: RandomStream): LogFaults => ({
  lostPerMillion: oneOf(stream, [0, 10_000, 100_000]),
  unansweredPerMillion: oneOf(stream, [0, 10_000, 100_000]),
  timeoutMs: oneOf(stream, [
    { min: 10, max: 50 },
    { min: 100, max: 600 },
  ]),
});

/** A kind of fault in three plans of four. */
const sometimes = (stream: RandomStream, rhythms: readonly Rhythm[]): Rhythm | null => {
  const [isThere, rhythm] = [stream.below(4) > 0, oneOf(stream, rhythms)];
  return isThere ? rhythm : null;
};

const rhythm = (everyMin: number, everyMax: number, lastMin: number, lastMax: number): Rhythm => ({
  everyMs: { min: everyMin, max: everyMax },
  lastMs: { min: lastMin, max: lastMax },
});

function drawMachines(stream: RandomStream) {
  return {
    clocks: {
      skewMs: oneOf(stream, [
        { min: 0, max: 0 },
        { min: -50, max: 50 },
        { min: -1_000, max: 1_000 },
      ]),
      driftPerMillion: oneOf(stream, [
        { min: 0, max: 0 },
        { min: -200, max: 200 },
        { min: -20_000, max: 20_000 },
      ]),
    },
    partitions: sometimes(stream, [rhythm(500, 3_000, 100, 800), rhythm(2_000, 8_000, 500, 4_000)]),
    clogs: sometimes(stream, [rhythm(300, 2_000, 50, 500), rhythm(2_000, 6_000, 500, 3_000)]),
    crashes: sometimes(stream, [rhythm(400, 3_000, 10, 500), rhythm(2_000, 8_000, 500, 4_000)]),
    fullDisks: sometimes(stream, [rhythm(3_000, 9_000, 50, 1_000)]),
    lostBatches: oneOf(stream, [0, 1, 4, 1_000]),
  };
}

const drawSlowness = (stream: RandomStream) => ({
  slowness: sometimes(stream, [rhythm(300, 2_000, 100, 900), rhythm(2_000, 6_000, 1_000, 5_000)]),
  slowLagMs: oneOf(stream, [
    { min: 10, max: 80 },
    { min: 100, max: 700 },
  ]),
});
