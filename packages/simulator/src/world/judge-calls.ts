import type { Fault, Property } from '../checkers/checker.ts';
import { checkLinearizable, type Verdict } from '../linearizability/check.ts';
import type { Limits } from '../linearizability/order-search.ts';
import { writeNetwork } from '../linearizability/read-network.ts';
import { CallWatch } from './call-watch.ts';
import type { World } from './world.ts';

/** Configurations that are remembered for one object: keeps a search under 200 MB, and the verdict of a seed the same everywhere. */
const LIMITS: Limits = { configurations: 1_000_000, isOver: () => false };

/** What is broken where the history of such an object has no order. */
export const LINEARIZABLE = { slot: 'P21', lease: 'P22', balance: 'P23' } as const;
export type ObjectKind = keyof typeof LINEARIZABLE;
const KINDS = Object.keys(LINEARIZABLE) as readonly ObjectKind[];

export interface JudgedCalls {
  /** Of each kind of object whether an order explains what was called and answered. */
  readonly linearizable: Readonly<Record<ObjectKind, Verdict>>;
  /** Properties whose search was given up. */
  readonly unknown: ReadonlySet<Property>;
  readonly history?: string;
}

/** Watches what every machine gives to the log and makes of it. */
export function watchCalls(world: World): CallWatch {
  const { sha256 } = world.crypto;
  const watch = new CallWatch(world.network.genesis);
  world.observeAppends((machine, entries) => {
    for (const bytes of entries) watch.onAppend(machine, sha256(bytes));
  });
  world.observe((machine) => {
    watch.onRestart(machine);
    return {
      onApplied: (applied, state) => watch.onApplied(machine, applied, state),
      onRecovered: (applied, state) => watch.onRecovered(machine, applied, state),
    };
  });
  return watch;
}

/** Judges what was called and answered, and says what no order explains. `keep`: gives the history too, as it is written. */
export function judgeCalls(watch: CallWatch, fault: Fault, keep: boolean, limits: Limits = LIMITS): JudgedCalls {
  const history = watch.history();
  const { model, operations } = history;
  const judged = KINDS.map((kind) => {
    const own = operations.filter(({ input }) => input.on === kind);
    const verdict = checkLinearizable({ model, operations: own }, limits);
    const { bad } = verdict;
    if (bad !== null)
      fault(LINEARIZABLE[kind], `no order explains ${bad.key}: ${bad.culprit.process}, ${bad.culprit.text}`);
    return [kind, verdict] as const;
  });
  const unknown = judged.flatMap(([kind, { linearizable }]) => (linearizable === null ? [LINEARIZABLE[kind]] : []));
  return {
    linearizable: Object.fromEntries(judged) as Record<ObjectKind, Verdict>,
    unknown: new Set(unknown),
    ...(keep ? { history: writeNetwork(history) } : {}),
  };
}
