import { accuse, schemaViolation } from '../../support/accusation.ts';
import { UNFIT } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A seat passes whatever it sees and trusts the others to fail what is wrong: then its vote decides nothing. */
export default {
  attackers: [],
  must: 'impossible',
  unguarded: [{ file: 'rules/challenge.ts', find: 'strikePassing(context, commit, kind, challenger);', put: '' }],
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(UNFIT).toJudging();
    const [lazy, ...others] = story.seats(story.jury);
    if (lazy === undefined) throw new Error('a jury has seats');
    story.certify(others.slice(0, 3).map((seat) => story.vote(seat, 'fail')));
    story.certify([story.vote(lazy, 'pass')]);
    const { upheld } = accuse(world, BYSTANDER, story.commit.id, schemaViolation(story));
    if (!upheld) throw new Error('what breaks its schema is proven');
    if (!world.events('slashed').some(({ did }) => did === lazy.did))
      throw new Error('who looked at nothing lost nothing');
    story.settle();
  },
} satisfies Attack;
