import { inGenesis, tinyEngine, tinyPolicy } from '../../support/policies.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Who would rather be judged by others has an honest judge suspended: by its honest vote, by that of an accomplice, by words put into its mouth. */
export default {
  attackers: [ADA, BYSTANDER],
  must: 'impossible',
  world: { policy: inGenesis(tinyPolicy({})), load: tinyEngine().load },
  unguarded: [{ file: 'rules/suspend.ts', find: 'if (due === named) return', put: 'if (due === id) return' }],
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [judge, accomplice] = story.seats(story.jury);
    if (judge === undefined || accomplice === undefined) throw new Error('a jury has seats');
    const honest = story.vote(judge, 'fail');
    const lying = story.vote(accomplice, 'pass', { policyDigest: null });
    const suspend = (shown: typeof honest) => {
      const body = { member: judge.did, vote: shown.id };
      return world.submit(BYSTANDER, 'SUSPEND', body, { envelopes: [shown] }).outcome;
    };
    for (const shown of [honest, lying])
      if (suspend(shown).accepted) throw new Error('an honest judge is suspended by what it did not say');
    if (world.state.suspensions.size > 0) throw new Error('somebody is suspended');
    story.judge('pass').settle();
  },
} satisfies Attack;
