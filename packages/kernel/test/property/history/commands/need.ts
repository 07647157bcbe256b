import { type NeedBody, plantMark } from '@canswarm/protocol';
import { sha256 } from '../../../support/keys.ts';
import { DIVISION, needBody, sealed } from '../../../support/story.ts';
import { BYSTANDER, CREDIT, REQUESTER } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { PLANT_SALT, type Scene, WORKERS } from '../scene.ts';

const { windows } = needBody();

/** Needs that must not be opened. */
const UNFIT: readonly Partial<NeedBody>[] = [
  { windows: { ...windows, bidMs: 299 } },
  { windows: { ...windows, challengeMs: 1999 } },
  { windows: { ...windows, leaseMs: 2 ** 50 } },
  { deadlineMs: 11_299 },
  { priceCap: 10_000 * CREDIT },
  { seatFee: 2 ** 50 },
  { seatFee: 10 * CREDIT + 1 },
  { seatFee: 10 * CREDIT + 1, class: 'brief' },
];

const MOST_OPEN = 3;

/** Somebody posts a need. */
export function postNeed(scene: Scene, choices: Choices): void {
  const by = choices.of([REQUESTER, REQUESTER, BYSTANDER, REQUESTER, ...scene.keys.slice(0, 2)]) ?? REQUESTER;
  const deadlineMs = choices.from([60_000, 11_300, 30_000]);
  const longer = choices.once(4) ? { windows: { ...windows, bidMs: 500, challengeMs: 3000 } } : {};
  const tier = choices.once(3) ? choices.from([4, 6]) : 1;
  const priceCap = choices.from([5 * CREDIT, 4 * scene.setting.seatFee, 5 * CREDIT + 1]);
  const trial = choices.once(4) ? { trial: choices.from(['funded', 'sponsored'] as const), priceCap, plan: null } : {};
  const unfit = choices.once(6) ? choices.of(UNFIT) : {};
  const auction =
    trial.trial === undefined && choices.once(3)
      ? sealed(choices.once(2) ? null : choices.from([2, 4]) * CREDIT, by)
      : {};
  const plan = auction.auction === undefined && choices.once(3) ? DIVISION : null;
  const scoring = choices.from([
    { priceBps: 8000, etaBps: 2000, reputationBps: 0 },
    { priceBps: 1000, etaBps: 1000, reputationBps: 8000 },
  ]);
  const worker = choices.once(3) ? choices.from(WORKERS) : WORKERS[0];
  const mark = plantMark({ requester: by.did, worker: worker.did, salt: PLANT_SALT }, sha256);
  scene.send(
    by,
    'NEED',
    needBody({
      mark,
      seatFee: scene.setting.seatFee,
      deadlineMs,
      tier,
      plan,
      scoring,
      ...auction,
      ...longer,
      ...trial,
      ...unfit,
    }),
  );
}

export default {
  name: 'need',
  often: 2,
  run(scene, choices) {
    if (scene.needs.length < MOST_OPEN) postNeed(scene, choices);
  },
} satisfies Command;
