import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A verifier spends its stake while it answers for seats. */
export default {
  attackers: [agent('v0')],
  must: 'impossible',
  plot(world) {
    const verifier = agent('v0');
    const free = world.free(verifier);
    world.refuse('funds_lacking', verifier, 'TRANSFER', { to: ADA.did, amount: free + 1, create: false });
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [seat] = story.seats(story.jury);
    if (seat === undefined) throw new Error('a jury has seats');
    const stake = world.balance(`stake/${seat.did}`);
    world.refuse('stake_lacking', seat, 'UNBOND', { delegate: null, amount: stake + 1 });
  },
} satisfies Attack;
