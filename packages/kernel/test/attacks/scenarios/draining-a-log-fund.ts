import { logFund } from '../../../src/log-fees.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, REQUESTER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Votes are recorded one by one, each in an entry as large as a need pays for, so that its log fund is gone before it is judged. */
export default {
  attackers: [BYSTANDER],
  must: 'unprofitable',
  world: { verifiers: verifiersOf(9, 9), params: { logDuties: 2 } },
  unguarded: [
    {
      file: 'log-fees.ts',
      find: 'needOfEntry(state, entry)?.logPool ?? 0',
      put: 'needOfEntry(state, entry) === undefined ? 0 : due',
    },
  ],
  plot(world) {
    const story = new Story(world).toPlanVotes();
    const bid = story.bid(ADA, 4_000_000);
    const noise = Array.from({ length: 30 }, (_, index) => story.bid(BYSTANDER, 5_000_000 + index));
    const put = logFund(world.state.params);
    const requester = world.free(REQUESTER);
    const votes = story.planVotes([bid]);
    const { halfAt } = story.plan;
    world.tickUntil(() => world.state.time >= (halfAt ?? 0));
    for (const vote of votes.slice(0, 2)) story.decide([vote, ...noise], BYSTANDER);
    const drained = put - story.need.logPool;
    if (drained <= 0 || story.need.logPool < 0) throw new Error(`the fund paid ${drained}`);
    if (!story.decide([...votes.slice(2), bid], ADA).outcome.accepted)
      throw new Error('a need without a fund is not decided');
    if (world.free(REQUESTER) !== requester) throw new Error('the requester pays more than it put in');
    story.deliver().judge('pass').settle();
  },
} satisfies Attack;
