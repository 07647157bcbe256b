import { Hearing } from '../../support/dispute.ts';
import { TRUTHFUL } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A challenger and almost half of a jury agree to share the bond of a worker whose result is as it must be. */
export default {
  attackers: [BYSTANDER],
  must: 'unprofitable',
  world: { verifiers: verifiersOf(24, 24) },
  plot(world) {
    const before = world.free(ADA);
    const story = new Story(world).hire([ADA]).deliver(TRUTHFUL).judge('pass');
    const hearing = new Hearing(story, BYSTANDER).toVotes();
    const { seats } = hearing;
    const { k } = hearing.committee;
    const bribed = seats.slice(0, k - 1).map((seat) => [seat, world.free(seat)] as const);
    const votes = bribed.map(([seat]) => hearing.vote(seat, 'uphold'));
    if (hearing.say('INVALIDATE', votes).outcome.accepted) throw new Error('fewer than K uphold it');
    const honest = seats.slice(k - 1).map((seat) => hearing.vote(seat, 'dismiss'));
    if (!hearing.say('DISMISS', honest).outcome.accepted) throw new Error('K are not heard');
    hearing.say('INVALIDATE', votes);
    hearing.toEnd();
    story.settle(500);
    if (bribed.some(([seat, had]) => world.free(seat) > had)) throw new Error('who judged wrongly is paid');
    if (world.events('finalized').length !== 1 || world.free(ADA) <= before) throw new Error('the worker is not paid');
  },
} satisfies Attack;
