import { plantMark } from '@canswarm/protocol';
import { UNFIT } from '../../support/documents.ts';
import { sha256 } from '../../support/keys.ts';
import { SALT, Story } from '../../support/story.ts';
import { ADA, BOB, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker whose result failed says afterwards that it was a plant, or has somebody else's mark copied, and says so twice. */
export default {
  attackers: [],
  must: 'impossible',
  unguarded: [{ file: 'rules/plant.ts', find: ' || !equalBytes(mark, need.body.mark)', put: '' }],
  plot(world) {
    const planted = plantMark({ requester: REQUESTER.did, worker: BOB.did, salt: SALT }, sha256);
    for (const mark of [new Uint8Array(32).fill(1), planted]) {
      const story = new Story(world, { mark }).hire([ADA]).deliver(UNFIT).judge('fail');
      for (const salt of [SALT, mark]) world.refuse('plant_other', ADA, 'PLANT', { need: story.id, salt });
      world.tickUntil(() => story.need.commits.length === 0, 500);
      world.accept(REQUESTER, 'CANCEL', { need: story.id });
    }
  },
} satisfies Attack;
