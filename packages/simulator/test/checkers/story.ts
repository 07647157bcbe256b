import { createState, type KernelEvent, type State } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import type { Genesis } from '@canswarm/protocol';
import type { Checker, Fault, Property } from '../../src/checkers/checker.ts';
import { simulatedCast } from '../../src/workload/cast.ts';
import { createWorld } from '../../src/world/world.ts';
import { sha256 } from '../support.ts';

/** Of an entry only what checkers look at. */
export interface Said {
  readonly verb?: string;
  readonly from?: string;
  readonly body?: object;
  readonly id?: string;
  /** Payloads of the envelopes that it shows; of some the id matters. */
  readonly votes?: readonly object[];
  readonly ids?: readonly string[];
  readonly events?: readonly object[];
  /** Changes what the state is after the entry. */
  readonly makes?: (state: State) => void;
}

const cast = simulatedCast(1);
const world = createWorld({ seed: 'canaries', cast });
export const genesis: Genesis = world.network.genesis;

/** Shows a checker a story that cannot be, and tells which properties it finds broken. */
export function broken(make: (fault: Fault) => Checker, ...said: readonly Said[]): readonly Property[] {
  const found: Property[] = [];
  const checker = make((property) => found.push(property));
  const state: State = createState(genesis, sha256);
  for (const [index, one] of said.entries()) {
    const {
      verb = 'TICK',
      from = 'x',
      body = {},
      id = `entry ${index}`,
      votes = [],
      ids = [],
      events = [],
      makes,
    } = one;
    makes?.(state);
    state.position = index + 1;
    const applied = {
      position: index + 1,
      outcome: { accepted: true },
      events: events as readonly KernelEvent[],
      entry: {
        envelope: { id, payload: { verb, from, body } },
        evidence: { envelopes: votes.map((payload, at) => ({ id: ids[at], payload })), blocks: new Map() },
      },
    } as unknown as AppliedEntry;
    checker.onEntry(applied, state);
    checker.onNode?.(applied, state, 'node-1');
  }
  return [...new Set(found)];
}
