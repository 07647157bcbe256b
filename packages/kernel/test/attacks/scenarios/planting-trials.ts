import { plantMark } from '@canswarm/protocol';
import { UNFIT } from '../../support/documents.ts';
import { agent, sha256 } from '../../support/keys.ts';
import { SALT, Story } from '../../support/story.ts';
import { ADA, BOB, CREDIT, CYD, REQUESTER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const SEATS = Array.from({ length: 6 }, (_, index) => agent(`v${index}`));
const OWNED = new Set(SEATS.map(({ did }) => did));
const mark = plantMark({ requester: REQUESTER.did, worker: ADA.did, salt: SALT }, sha256);

/** Who owns half of the verifiers takes a trial back until its plan is theirs to choose, and plants it: no bond is burned there. */
export default {
  attackers: [],
  must: 'impossible',
  world: { verifiers: verifiersOf(12, 12), params: { plantRateBps: 10_000 } },
  unguarded: [{ file: 'plants.ts', find: 'Math.min(need.spent, burned)', put: 'need.spent' }],
  plot(world) {
    for (let count = 0; count < 2; count += 1)
      new Story(world, { seatFee: 4 * CREDIT }, CYD).hire([BOB]).deliver().judge('pass').settle();
    const owned = (): number =>
      [REQUESTER, ADA, ...SEATS].reduce(
        (sum, { did }) =>
          sum + world.balance(`free/${did}`) + world.balance(`stake/${did}`) + world.balance(`reserve/${did}`),
        0,
      );
    const before = owned();
    const story = suited(() => new Story(world, { trial: 'funded', priceCap: CREDIT, seatFee: CREDIT, mark }));
    story
      .hire([ADA], CREDIT / 2)
      .deliver(UNFIT)
      .judge('fail', 5);
    world.accept(ADA, 'PLANT', { need: story.id, salt: SALT });
    world.tickUntil(() => story.settled, 500);
    if (owned() > before) throw new Error(`a trial that was planted brought ${owned() - before}`);
  },
} satisfies Attack;

/** The first need whose plan committee has four of its five seats of one owner; those before are taken back. */
function suited(post: () => Story): Story {
  for (let tries = 0; tries < 60; tries += 1) {
    const story = post().toPlanVotes();
    if (story.seats(story.plan).filter(({ did }) => OWNED.has(did)).length >= 4) return story;
    story.world.accept(REQUESTER, 'CANCEL', { need: story.id });
  }
  throw new Error('the plot failed: no committee suits');
}
