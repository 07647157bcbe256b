import { plantMark } from '@canswarm/protocol';
import { UNFIT } from '../../support/documents.ts';
import { sha256 } from '../../support/keys.ts';
import { SALT, Story } from '../../support/story.ts';
import { ADA, BOB, CREDIT, CYD, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A requester marks its need with the name of who often errs, to be repaid the bond that this one loses. */
export default {
  attackers: [REQUESTER],
  must: 'unprofitable',
  world: { params: { plantRateBps: 10_000 } },
  unguarded: [
    {
      file: 'rules/plant.ts',
      find: 'worker: from, salt: body.salt }',
      put: 'worker: need.misfit?.worker ?? from, salt: body.salt }',
    },
    { file: 'rules/plant.ts', find: 'misfit === null || misfit.worker !== from', put: 'misfit === null' },
    {
      file: 'plants.ts',
      find: 'credit: freeAccount(worker), amount: paid',
      put: 'credit: freeAccount(need.requester), amount: paid',
    },
  ],
  plot(world) {
    new Story(world, { seatFee: CREDIT }, CYD).hire([BOB]).deliver().judge('pass').settle();
    const mark = plantMark({ requester: REQUESTER.did, worker: ADA.did, salt: SALT }, sha256);
    const story = new Story(world, { mark }).hire([ADA]).deliver(UNFIT).judge('fail');
    world.submit(REQUESTER, 'PLANT', { need: story.id, salt: SALT });
    world.accept(REQUESTER, 'CANCEL', { need: story.id });
    world.tickUntil(() => story.settled, 500);
  },
} satisfies Attack;
