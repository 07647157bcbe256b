import type { VerifiedEnvelope } from '@canswarm/protocol';
import type { Agent } from '../../support/keys.ts';
import type { Story, TaskDraft } from '../../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT, CYD, DAN } from '../../world.ts';
import type { Choices } from './choices.ts';

const PRICE = CREDIT / 2;
const draft = (
  task: string,
  worker: Agent | null,
  after: readonly string[] = [],
  own: Partial<TaskDraft> = {},
): TaskDraft => ({
  task,
  worker,
  after,
  price: PRICE,
  ...own,
});

/** Plans that a need may get: one after the other, side by side, open to anybody. */
const SOUND: readonly [readonly TaskDraft[], ...(readonly TaskDraft[])[]] = [
  [draft('find', ADA), draft('main', BOB, ['find'])],
  [
    draft('find', ADA),
    draft('sort', CYD, ['find'], { part: 1, goal: 'by date' }),
    draft('main', BOB, ['find', 'sort']),
  ],
  [draft('main', BOB, ['find', 'sort']), draft('sort', null, [], { part: 1 }), draft('find', ADA)],
  [draft('find', null), draft('main', null, ['find'])],
];

/** Plans that no need may get. */
const UNSOUND: readonly [readonly TaskDraft[], ...(readonly TaskDraft[])[]] = [
  [draft('find', ADA, ['sort']), draft('sort', CYD, ['find']), draft('main', BOB, ['find'])],
  [draft('find', ADA), draft('main', BOB, ['find', 'main'])],
  [draft('find', ADA), draft('main', BOB, ['lost'])],
  [draft('find', ADA), draft('find', CYD), draft('main', BOB, ['find'])],
  [draft('find', ADA), draft('main', BOB)],
  [draft('find', ADA, [], { part: 2 }), draft('main', BOB, ['find'])],
  [draft('find', ADA), draft('sort', CYD, ['find'])],
  [draft('a', null), draft('b', null), draft('c', null), draft('d', null), draft('main', BOB, ['a', 'b', 'c', 'd'])],
];

export interface Divided {
  /** The best bid first. */
  readonly named: readonly VerifiedEnvelope[];
  readonly shown: readonly VerifiedEnvelope[];
}

/** The planner means something else by its tasks than who accepted them. */
function bend(story: Story, { payload }: VerifiedEnvelope): VerifiedEnvelope {
  if (payload.verb !== 'PROPOSE') throw new Error('a bid is a PROPOSE');
  const patch = payload.body.patch.map((task) => (task.task === 'main' ? task : { ...task, goal: 'something else' }));
  return story.world.gossip(BYSTANDER, 'PROPOSE', { ...payload.body, patch });
}

/** A planner divides the work, soundly mostly; now and then another has others for the same tasks, or divides it otherwise. */
export function divide(choices: Choices, story: Story): Divided {
  const drafts = choices.once(6) ? choices.from(UNSOUND) : choices.from(SOUND);
  const done = (story.need.plan?.tasks ?? []).filter(({ status }) => status === 'done').map(({ task }) => task);
  const { failed } = story.need;
  const left = drafts
    .filter(({ task }) => !done.includes(task))
    .map((task) => (task.worker !== null && failed.has(task.worker.did) ? { ...task, worker: null } : task));
  const stale = choices.once(16) ? { base: story.need.planVersion + choices.from([-1, 1]) } : {};
  const own = { share: choices.below(2) * 5, ...('base' in stale && stale.base < 0 ? {} : stale) };
  const isAlone = left.length === 1 && left[0]?.worker === null;
  const first = isAlone ? left.map((task) => ({ ...task, worker: DAN })) : left;
  const planned = story.dividedBid(BYSTANDER, first, own);
  if (choices.once(12)) {
    const bent = bend(story, planned.bid);
    return { named: [bent], shown: [bent, ...planned.shown] };
  }
  if (!choices.once(4)) return { named: [planned.bid], shown: planned.shown };
  const others = first.map((task) => ({
    ...task,
    worker: task.worker === null ? ADA : DAN,
    price: task.price + choices.below(2),
    ...(task.task !== 'main' && choices.once(3) ? { goal: 'another way' } : {}),
  }));
  const other = story.dividedBid(CYD, others, { share: 7, etaMs: 2000 });
  return { named: [planned.bid, other.bid], shown: [...planned.shown, ...other.shown] };
}
