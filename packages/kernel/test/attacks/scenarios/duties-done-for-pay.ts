import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Somebody does every duty of a need, and does each again, to be paid for its log space more than it cost. */
export default {
  attackers: [BYSTANDER],
  must: 'unprofitable',
  unguarded: [
    {
      file: 'log-fees.ts',
      find: '\n  chargeNeed(context, entry, fromNeed);',
      put: "\n  chargeNeed(context, entry, fromNeed);\n  transfer(context, { code: 'refund', debit: 'burn', credit: freeAccount(entry.envelope.payload.from), amount: fromNeed });",
    },
  ],
  plot(world) {
    const free = world.free(BYSTANDER);
    const paid = (): boolean => world.free(BYSTANDER) < free;
    const story = new Story(world).toPlanVotes();
    const bid = story.bid(ADA, 4_000_000);
    const shown = [...story.planVotes([bid]), bid];
    const { round, ballot } = { round: story.need.round, ballot: story.plan.ballot };
    if (!story.decide(shown, BYSTANDER).outcome.accepted) throw new Error('DECIDE is refused');
    if (world.free(BYSTANDER) !== free) throw new Error('the first to decide pays or gains');
    world.refuse('need_not_open', BYSTANDER, 'DECIDE', { need: story.id, round, ballot }, { envelopes: shown });
    if (!paid()) throw new Error('a duty done again is free');
    story.deliver().toJudging();
    const votes = story.votes('pass');
    const held = world.free(BYSTANDER);
    if (!story.certify(votes, BYSTANDER).outcome.accepted) throw new Error('CERTIFY is refused');
    if (world.free(BYSTANDER) !== held) throw new Error('the first to certify pays or gains');
    const pool = story.need.logPool;
    const commit = story.commit.id;
    world.refuse('commit_judged', BYSTANDER, 'CERTIFY', { commit, ballot: 1 }, { envelopes: votes });
    if (story.need.logPool !== pool) throw new Error('a need pays for the same duty twice');
    story.toWindowEnd().finalize(BYSTANDER);
    world.refuse('not_verified', BYSTANDER, 'FINALIZE', { commit });
    story.settle();
  },
} satisfies Attack;
