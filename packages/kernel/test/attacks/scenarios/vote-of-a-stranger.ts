import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Keys that were not drawn vote. */
export default {
  attackers: [ADA, BYSTANDER],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const { ballot, seats } = story.jury;
    const steps = Array.from({ length: 16 }, () => new Uint8Array(32));
    const body = { commit: story.commit.id, ballot, draw: seats[0]?.draw ?? 0, steps, salt: null, policyDigest: null };
    const vote = world.gossip(BYSTANDER, 'ATTEST', body);
    world.refuse('vote_not_seated', ADA, 'CERTIFY', { commit: story.commit.id, ballot }, { envelopes: [vote] });
  },
} satisfies Attack;
