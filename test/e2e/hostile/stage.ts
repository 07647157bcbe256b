import type { KernelEvent, State } from '@canswarm/kernel';
import type { NeedBody } from '@canswarm/protocol';
import type { Voice, World } from '@canswarm/simulator';
import type { CastMember } from 'canswarm';
import type { Witness } from '../../world/witness.ts';
import type { Report } from '../suite.ts';

/** More than any limit of what a node keeps for one need. */
export const FLOOD = 600;

/** Settled as if nobody attacked: windows, hold and some room. */
export const UNDISTURBED_MS = 4_700;

export interface Stage {
  readonly world: World;
  readonly seen: Witness;
  readonly evil: Voice;
}

/** Something that peers do to keep a need from being met. */
export interface Attack {
  readonly name: string;
  readonly cast?: readonly CastMember[];
  readonly hosts?: number;
  /** What the need asks for besides the usual. */
  readonly need?: Partial<NeedBody>;
  /** How the need ends; by default it is met. */
  readonly ends?: 'undecided' | 'need_closed';
  /** Blocks that nobody has are waited for, as on a network. */
  readonly withholds?: boolean;
  /** Latest time after the post, ms, by which the need is settled all the same. */
  readonly withinMs: number;
  /** Sets the attack up before the network starts. */
  prepare(stage: Stage): void;
  expect?(stage: Stage, report: Report): void;
}

/** Calls `act` at the first event of a type, once. */
export function at<T extends KernelEvent['type']>(
  { world }: Stage,
  type: T,
  act: (event: Extract<KernelEvent, { type: T }>, state: State) => void,
): void {
  let acted = false;
  world.observe(() => ({
    onApplied({ events }, state) {
      const event = events.find((one): one is Extract<KernelEvent, { type: T }> => one.type === type);
      if (event === undefined || acted) return;
      acted = true;
      act(event, state);
    },
  }));
}

/** What all nodes together counted under a name. */
export const counted = ({ world }: Stage, name: string): number =>
  [...world.network.nodes.keys()].reduce((sum, node) => sum + (world.meterOf(node).read()[name] ?? 0), 0);

export const some = <T>(make: (index: number) => T, count = FLOOD): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));
