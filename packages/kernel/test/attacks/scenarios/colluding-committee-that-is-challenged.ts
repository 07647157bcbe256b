import { accuse, missingCitation } from '../../support/accusation.ts';
import { LYING } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const VERIFIERS = verifiersOf(9, 9);

/** Every seat is bought and passes what is false; one who holds no seat shows it. */
export default {
  attackers: [ADA, ...VERIFIERS.map(({ who }) => who)],
  must: 'unprofitable',
  world: { verifiers: VERIFIERS },
  unguarded: [
    {
      file: 'proofs/proof.ts',
      find: "if (checked.status === 'false') return upheld(checked.reason);",
      put: "if (checked.status === 'false') return dismissed(checked.reason);",
    },
  ],
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(LYING).judge('pass');
    if (!accuse(world, BYSTANDER, story.commit.id, missingCitation(story)).upheld) throw new Error('a lie stands');
    story.settle(1_000);
  },
} satisfies Attack;
