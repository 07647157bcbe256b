import { apply, checkInvariants, createState, digestAt, type KernelEvent, stateRoot } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import { type NeedId, toHex } from '@canswarm/protocol';
import type { World } from '@canswarm/simulator';

/** Faults that are kept; a broken world would tell the same without end. */
const FAULTS_MAX = 20;

/** Watches every node of a world at every entry. */
export interface Witness {
  /** What must never be: a broken invariant, two nodes of two minds, a node that stopped by itself. */
  readonly faults: readonly string[];
  /** Entries in the order of the log, with what the law made of them. */
  readonly course: readonly AppliedEntry[];
  /** Notes a fault found elsewhere. */
  fault(text: string): void;
  events<T extends KernelEvent['type']>(type: T): readonly Extract<KernelEvent, { type: T }>[];
  /** Whether every node that takes part has settled the need. */
  settled(need: NeedId): boolean;
  /** Whether every node that takes part stands at the same position. */
  level(): boolean;
  /** Names of the nodes whose whole state is not that of the witness. */
  strangers(): readonly string[];
}

/**
 * Puts a witness into a world. It applies every entry itself, as soon as the first node did, and checks every invariant
 * after each. Each node's digest at each position is compared with its own, and each node's state is checked whenever it
 * tells of an entry.
 */
export function witness(world: World): Witness {
  const { sha256 } = world.crypto;
  const own = createState(world.network.genesis, sha256);
  const faults: string[] = [];
  const course: AppliedEntry[] = [];
  const fault = (text: string): void => {
    if (faults.length < FAULTS_MAX) faults.push(text);
  };
  world.observe((name) => ({
    onApplied(applied, state) {
      const { position } = applied;
      if (position === own.position + 1) {
        course.push(applied);
        apply(own, applied.entry, sha256);
        for (const { id, detail } of checkInvariants(own)) fault(`position ${position}: ${id} ${detail}`);
      }
      const [due, found] = [digestAt(own, position), digestAt(state, position)];
      if (due === undefined || found === undefined || toHex(due) !== toHex(found))
        fault(`${name} differs from the witness at position ${position}`);
      for (const { id, detail } of checkInvariants(state)) fault(`${name} at ${state.position}: ${id} ${detail}`);
    },
    onDefect: (error) => fault(`${name} failed over a message: ${String(error)}`),
    onFailure(error) {
      fault(`${name} stopped: ${String(error)}`);
    },
  }));
  const every = (holds: (name: string) => boolean): boolean => [...world.nodes.keys()].every(holds);
  return {
    faults,
    course,
    fault,
    events: <T extends KernelEvent['type']>(type: T) =>
      course.flatMap(({ events }) =>
        events.filter((event): event is Extract<KernelEvent, { type: T }> => event.type === type),
      ),
    settled: (need) =>
      course.some(({ events }) => events.some((event) => event.type === 'need_settled' && event.need === need)) &&
      every((name) => world.nodes.get(name)?.state.needs.has(need) === false),
    level: () => every((name) => world.nodes.get(name)?.state.position === own.position),
    strangers: () => {
      const root = stateRoot(own, sha256);
      return [...world.nodes].filter(([, { state }]) => stateRoot(state, sha256) !== root).map(([name]) => name);
    },
  };
}
