import type { KernelEvent, State } from '@canswarm/kernel';
import type { Did } from '@canswarm/protocol';
import type { Network, Person } from '../network/network.ts';

/** Misbehaviour planted on purpose, so that everybody can see what it costs. */
export const PLANTS = ['none', 'liar', 'liar+lazy', 'stall', 'silent'] as const;
export type Plant = (typeof PLANTS)[number];

/** What the first worker, the cheapest, runs instead of its own engine. */
export const workerEngine = (plant: Plant, honest: string): string => {
  if (plant === 'liar' || plant === 'liar+lazy') return 'liar';
  return plant === 'stall' ? 'stall' : honest;
};

/**
 * Lazy and silent seats cannot be chosen before the draw: they are given to the first seats drawn, as many as decide, on
 * each node before its duties run: silence to those that choose a worker, laziness to those that judge the first result.
 * Returns who was planted.
 */
export function plantSeats(network: Network, plant: Plant): ReadonlySet<Did> {
  const planted = new Set<Did>();
  if (plant !== 'liar+lazy' && plant !== 'silent') return planted;
  for (const node of network.nodes.values()) {
    node.listen({
      onApplied: ({ events }, state) => {
        for (const did of firstSeats(state, events, plant === 'silent' ? 'plan/' : 'result/')) {
          const person = network.byDid(did);
          if (person === undefined) continue;
          planted.add(did);
          misbehave(person, plant);
        }
      },
    });
  }
  return planted;
}

function misbehave({ identity }: Person, plant: Plant): void {
  if (plant === 'silent') identity.silent = true;
  else identity.engines.evaluate = 'lazy';
}

/** The first K seats of the first draw for the first plan, or the first attempt's result. */
function firstSeats(state: State, events: readonly KernelEvent[], kind: 'plan/' | 'result/'): readonly Did[] {
  const seated = events.flatMap((event) =>
    event.type === 'seated' && event.subject.startsWith(kind) && event.draw === 0 ? [event] : [],
  );
  const committee = seated[0] === undefined ? undefined : state.committees.get(seated[0].subject);
  if (committee === undefined || committee.level !== 1) return [];
  return seated.slice(0, committee.k).map(({ did }) => did);
}
