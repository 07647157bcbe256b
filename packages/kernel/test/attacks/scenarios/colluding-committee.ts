import { LYING } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const VERIFIERS = verifiersOf(9, 9);

/** A worker has as many seats as decide, they pass what is false, and nobody looks at it. */
export default {
  attackers: [ADA, ...VERIFIERS.map(({ who }) => who)],
  must: 'unprofitable',
  limit:
    'from K colluding seats on a false result is believed until somebody shows it false: they gain the price and their fees, and risk twice the value',
  world: { verifiers: VERIFIERS },
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(LYING).toJudging();
    const bought = story.seats(story.jury).slice(0, story.jury.k);
    const risked = story.jury.seats.slice(0, story.jury.k).reduce((sum, { reserved }) => sum + reserved, 0);
    const value = story.commit.bid.price + story.jury.n * story.need.body.seatFee;
    if (risked < 2 * value) throw new Error(`they risk ${risked} for ${value}`);
    story.certify(story.votes('pass', bought), ADA);
    story.toWindowEnd().finalize(ADA).settle();
  },
} satisfies Attack;
