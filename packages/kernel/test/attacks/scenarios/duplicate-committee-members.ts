import type { Committee } from '../../../src/state.ts';
import { Story } from '../../support/story.ts';
import { ADA, BOB, REQUESTER, verifiersOf, type World } from '../../world.ts';
import type { Attack } from '../attack.ts';

/**
 * One key, or one organisation by several keys, sits twice on a committee, so that it counts for two: by the first draw, by the draws of
 * seats that fell silent, or by saying again from one seat what another says.
 */
export default {
  attackers: [],
  must: 'impossible',
  world: { verifiers: verifiersOf(48, 16) },
  unguarded: [{ file: 'draw.ts', find: 'open = open.filter((other) => other !== entry);', put: '' }],
  plot(world) {
    for (let round = 0; round < 3; round += 1) {
      const story = new Story(world).hire([ADA, BOB]).deliver().toJudging();
      noneTwice(story.jury);
      votesOfOneSeat(story, world);
      // Of the first draw only one votes: the seats that lack are drawn again.
      const [first] = story.seats(story.jury);
      if (first === undefined) throw new Error('a jury has seats');
      const { draw } = story.jury;
      world.tickUntil(() => story.jury.draw > draw || (story.jury.halfAt ?? Infinity) <= world.state.time);
      world.accept(REQUESTER, 'CERTIFY', about(story), { envelopes: [story.vote(first, 'pass')] });
      world.tickUntil(() => story.jury.draw > draw && story.jury.phase === 'voting');
      noneTwice(story.jury);
      story.judge('pass').settle();
    }
  },
} satisfies Attack;

const about = ({ commit, jury }: Story) => ({ commit: commit.id, ballot: jury.ballot });

/** Over all draws: who fell silent does not sit again either. */
function noneTwice({ subject, seats }: Committee): void {
  const [keys, entities] = [new Set(seats.map(({ did }) => did)), new Set(seats.map(({ entity }) => entity))];
  if (keys.size !== seats.length) throw new Error(`a key sits twice on ${subject}`);
  if (entities.size !== seats.length) throw new Error(`an organisation sits twice on ${subject}`);
}

/** K votes of one key: its own over and over, or under the draw of another's seat. */
function votesOfOneSeat(story: Story, world: World): void {
  const [seat, other] = story.seats(story.jury);
  if (seat === undefined || other === undefined) throw new Error('a jury has seats');
  const own = Array.from({ length: story.jury.k }, () => story.vote(seat, 'pass'));
  world.refuse('vote_twice', ADA, 'CERTIFY', about(story), { envelopes: own });
  const forged = story.vote(seat, 'pass', { draw: story.jury.draw + 1 });
  world.refuse('vote_not_seated', ADA, 'CERTIFY', about(story), { envelopes: [story.vote(seat, 'pass'), forged] });
}
