import { join } from 'node:path';
import type { KernelEvent } from '@canswarm/kernel';
import type { Divergence } from '@canswarm/node';
import { genesisPolicy } from 'canswarm';
import { expect, it } from 'vitest';
import type { ActorKind } from '../../src/actors/actor-plan.ts';
import { actorCast } from '../../src/actors/cast.ts';
import { actorSkill } from '../../src/actors/skill.ts';
import { Troupe } from '../../src/actors/troupe.ts';
import { planOf } from '../../src/index.ts';
import { Watch } from '../../src/watch.ts';
import { simulatedCast } from '../../src/workload/cast.ts';
import { Plants } from '../../src/workload/plants.ts';
import { Poster } from '../../src/workload/poster.ts';
import { createWorld } from '../../src/world/world.ts';

const LONG_MS = 180_000;
const policy = genesisPolicy(join(import.meta.dirname, '../../../../policies/base'));

it(
  'an equivocator misbehaves in its own way only: in a network with a policy it votes by the evaluation that is due',
  async () => {
    const actors = [{ kind: 'equivocator' as const, fromMs: 0, everyMs: { min: 50, max: 250 } }];
    const drawn = planOf({ seed: 6, mode: 'perf', nodes: 3, needs: 6 });
    const plan = { ...drawn, kinds: ['plain', 'sealed votes'] as const, actors };
    const plants = new Plants(0, 0);
    const honest = simulatedCast(plan.nodes);
    const members = actorCast(actors, honest, () => false);
    const on = new Set<ActorKind>();
    const cast = [...honest, ...members.map(({ member }) => member)];
    const world = createWorld({
      ...{ seed: 'equivocator', cast, module: actorSkill(plants, on), hosts: plan.nodes, policy },
      ...{ isVerifiedOnce: true, gatherMs: 20 },
    });
    const events: KernelEvent[] = [];
    world.network.person('requester').node.listen({ onApplied: (applied) => void events.push(...applied.events) });
    const diverged: Divergence[] = [];
    world.observe(() => ({ onDiverged: (divergence) => void diverged.push(divergence) }));
    const watch = new Watch(world, plants, (_, detail) => expect.fail(detail));
    const troupe = new Troupe({ world, actors, members, plants, on, state: watch.state });
    world.network.start();
    troupe.start();
    const posting = new Poster(world, plan, plants);
    watch.also(troupe, posting);
    posting.start();
    const isMet = (): boolean => posting.done() && watch.settled >= plan.needs;
    await world.clock.runUntil(isMet, { untilMs: world.clock.now() + 600_000 });
    expect(isMet()).toBe(true);
    const spoke = (what: 'acts' | 'fails'): number => troupe.counts()[`equivocator ${what}`] ?? 0;
    expect(spoke('acts')).toBeGreaterThan(0);
    expect(spoke('fails')).toBeGreaterThan(0);
    expect([diverged, events.filter(({ type }) => type === 'member_suspended')]).toEqual([[], []]);
  },
  LONG_MS,
);
