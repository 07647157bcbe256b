import { plantMark } from '@canswarm/protocol';
import { UNFIT } from '../../support/documents.ts';
import { sha256 } from '../../support/keys.ts';
import { SALT, Story } from '../../support/story.ts';
import { ADA, BOB, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** One owner has committees judge nothing but plants of its own, so that work of others waits and the fund is its own. */
export default {
  attackers: [REQUESTER, ADA, BOB],
  must: 'unprofitable',
  unguarded: [
    { file: 'plants.ts', find: '(repaid + 1) * BPS <= judged * state.params.plantRateBps', put: 'judged > 0' },
    { file: 'plants.ts', find: 'mulDivFloor(cost, state.params.plantRepayBps, BPS)', put: '3 * cost' },
    { file: 'plants.ts', find: 'Math.min(need.body.seatFee, ', put: 'Math.min(10 * need.body.seatFee, ' },
    { file: 'invariants.ts', find: 'repaid * 10_000 > judged * params.plantRateBps', put: 'repaid > judged' },
  ],
  plot(world) {
    const mark = plantMark({ requester: REQUESTER.did, worker: ADA.did, salt: SALT }, sha256);
    for (let index = 0; index < 12; index += 1) {
      const story = new Story(world, { mark }).hire([ADA]).deliver(UNFIT).judge('fail');
      world.accept(ADA, 'PLANT', { need: story.id, salt: SALT });
      world.accept(REQUESTER, 'CANCEL', { need: story.id });
      world.tickUntil(() => story.settled, 500);
    }
    const repaid = world.events('plant_repaid').filter(({ paid }) => paid > 0).length;
    if (repaid > 1) throw new Error(`${repaid} of twelve needs were repaid as plants`);
  },
} satisfies Attack;
