import type { Need } from '../../../../src/state.ts';
import { mayTry } from '../../../../src/trials.ts';
import { LYING } from '../../../support/documents.ts';
import { type Story, who } from '../../../support/story.ts';
import { BYSTANDER, CREDIT } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { type Scene, STRANGER, WORKERS } from '../scene.ts';

/** Somebody claims a task, if it is there to be claimed or not. */
export function claim(scene: Scene, choices: Choices, need: Need): void {
  const { attempt, pricePool, parent } = need;
  const spent = WORKERS.find(({ did }) => !mayTry(scene.world.state, need, did));
  // Somebody who has taken all the trials that it may tries another, and nothing else is wrong.
  if (spent !== undefined && choices.once(2)) {
    const right = { need: need.id, task: 'main', attempt: attempt + 1, ttlMs: 9000, cost: 1, etaMs: 1 };
    return scene.send(spent, 'CLAIM', right);
  }
  const by = choices.from([...WORKERS, STRANGER]);
  const cost = choices.once(6) ? pricePool + 1 : (1 + choices.below(4)) * (parent === null ? CREDIT : CREDIT / 10);
  const next = attempt + (choices.once(6) ? 2 : 1);
  const task = choices.once(12) ? 'other' : (parent?.task ?? 'main');
  scene.send(by, 'CLAIM', { need: need.id, task, attempt: next, ttlMs: choices.from([9000, 1, 400]), cost, etaMs: 1 });
}

/** What an entry about the lease names: mostly that one, else one of before or of nowhere. */
export function named(choices: Choices, story: Story) {
  const held = story.held();
  if (!choices.once(8)) return held;
  const { incarnation, position } = held.fence;
  switch (choices.below(4)) {
    case 3:
      return { ...held, task: `${held.task}s` };
    case 0:
      return { ...held, attempt: held.attempt === 1 ? 2 : held.attempt - 1 };
    case 1:
      return { ...held, fence: { incarnation, position: Math.max(0, position - 1) } };
    default:
      return { ...held, fence: { incarnation: incarnation + 1, position } };
  }
}

/** Plan seats say that the holder is silent, or somebody says it in their place. */
function release(scene: Scene, choices: Choices, story: Story): void {
  const { world } = scene;
  const body = named(choices, story);
  const seats = choices.some(story.need.planSeats.map(who));
  const head = choices.once(6) ? { head: world.head(Math.max(0, story.lease.touched - 1)) } : {};
  const misses = seats.map((seat) => world.gossip(seat, 'MISS', { ...story.held(), interval: 1 }, head));
  const [first] = seats;
  if (choices.once(3)) misses.push(world.gossip(BYSTANDER, 'MISS', { ...story.held(), interval: 1 }));
  if (first !== undefined && choices.once(8))
    misses.push(world.gossip(first, 'MISS', { ...story.held(), interval: 2 }));
  if (choices.once(8)) misses.splice(0, 1, ...misses.slice(0, 1).map((miss) => scene.ended(miss)));
  scene.send(BYSTANDER, 'RELEASE', body, { envelopes: misses });
}

export default {
  name: 'lease',
  often: 6,
  run(scene, choices) {
    const need = choices.of(scene.needs);
    if (need === undefined) return;
    const story = scene.story(need);
    if (need.lease === null) return claim(scene, choices, need);
    const holder = choices.once(8) ? choices.from(WORKERS) : who(need.lease.bid.worker);
    switch (choices.below(4)) {
      case 0:
      case 1: {
        const progress = choices.once(4) ? LYING.cid : null;
        const times = choices.once(4) ? scene.world.state.params.maxRenewals + 1 : 1;
        for (let time = 0; time < times; time += 1) scene.send(holder, 'RENEW', { ...named(choices, story), progress });
        return;
      }
      case 2:
        return release(scene, choices, story);
      default:
        return scene.send(holder, 'YIELD', { ...named(choices, story), reason: '' });
    }
  },
} satisfies Command;
