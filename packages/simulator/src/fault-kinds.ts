import { NO_FAULTS } from './world/world-faults.ts';

/** Kinds of what goes wrong, and what of a plan is left where one is not wanted. */
const WITHOUT = {
  network: { network: NO_FAULTS.network },
  log: { log: NO_FAULTS.log },
  clocks: { clocks: NO_FAULTS.clocks },
  partitions: { partitions: null },
  clogs: { clogs: null },
  crashes: { crashes: null, lostBatches: 0 },
  disks: { fullDisks: null },
  slowness: { slowness: null },
  results: { wrongEvery: 0, passedOverPercent: 0 },
  actors: { actors: [] },
} as const satisfies Readonly<Record<string, object>>;

export type FaultKind = keyof typeof WITHOUT;
export const FAULT_KINDS = Object.keys(WITHOUT) as readonly FaultKind[];

/** A plan of which only these kinds of faults are left. */
export const withOnly = <Plan extends object>(plan: Plan, kinds: readonly FaultKind[]): Plan =>
  Object.assign({}, plan, ...FAULT_KINDS.filter((kind) => !kinds.includes(kind)).map((kind) => WITHOUT[kind]));
