import { plantMark } from '@canswarm/protocol';
import { UNFIT } from '../../support/documents.ts';
import { agent, sha256 } from '../../support/keys.ts';
import { SALT, Story } from '../../support/story.ts';
import { ADA, BOB, CREDIT, CYD, REQUESTER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const mark = plantMark({ requester: REQUESTER.did, worker: ADA.did, salt: SALT }, sha256);
const SEATS = ['v0', 'v1', 'v2', 'v3'].map((name) => agent(name));

/** Who owns a third of the verifiers, and warns them, plants to draw the fund empty. */
export default {
  attackers: [],
  must: 'impossible',
  world: { verifiers: verifiersOf(12, 12), params: { plantRateBps: 10_000 } },
  unguarded: [{ file: 'plants.ts', find: 'mulDivFloor(cost, state.params.plantRepayBps, BPS)', put: '3 * cost' }],
  plot(world) {
    new Story(world, { seatFee: 4 * CREDIT }, CYD).hire([BOB]).deliver().judge('pass').settle();
    const owned = (): number => [REQUESTER, ADA, ...SEATS].reduce((sum, key) => sum + world.free(key), 0);
    const before = owned();
    for (let again = 0; again < 2; again += 1) {
      const story = new Story(world, { mark }).hire([ADA]).deliver(UNFIT).judge('fail', 5);
      world.accept(ADA, 'PLANT', { need: story.id, salt: SALT });
      world.accept(REQUESTER, 'CANCEL', { need: story.id });
      world.tickUntil(() => story.settled, 500);
    }
    if (owned() >= before) throw new Error(`planting for oneself brought ${owned() - before}`);
    if (!world.events('plant_repaid').every(({ paid }) => paid > 0))
      throw new Error('the plot failed: no plant was repaid');
  },
} satisfies Attack;
