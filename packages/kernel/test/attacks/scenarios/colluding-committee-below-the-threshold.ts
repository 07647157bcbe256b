import { LYING } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker has all seats but one of those that decide, and they pass what is false. */
export default {
  attackers: [ADA],
  must: 'unprofitable',
  world: { verifiers: verifiersOf(9, 9) },
  unguarded: [{ file: 'votes.ts', find: 'if (count >= committee.k)', put: 'if (count >= committee.k - 1)' }],
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(LYING).toJudging();
    const seats = story.seats(story.jury);
    const bought = seats.slice(0, story.jury.k - 1);
    const honest = seats.slice(story.jury.k - 1);
    const { outcome } = story.certify(story.votes('pass', bought), ADA);
    if (outcome.accepted) throw new Error('fewer than K decide');
    story.certify([...story.votes('pass', bought), ...story.votes('fail', honest)]);
    if (world.events('certified').at(-1)?.verdict !== 'fail') throw new Error('the honest are not heard');
    story.settle(1_000);
  },
} satisfies Attack;
