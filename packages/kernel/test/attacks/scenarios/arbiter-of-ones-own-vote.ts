import { beforeJury, Hearing } from '../../support/dispute.ts';
import { LYING } from '../../support/documents.ts';
import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, CYD, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const VERIFIERS = Array.from({ length: 9 }, (_, index) => agent(`v${index}`));

/** Verifiers that are arbiters too pass a false result, and mean to hear the dispute over it, so that what they earned stands. */
export default {
  attackers: [ADA, ...VERIFIERS],
  must: 'impossible',
  world: { verifiers: verifiersOf(9, 9), arbiters: [BYSTANDER, ...VERIFIERS.slice(0, 6)] },
  unguarded: [
    { file: 'jury.ts', find: ', ...entitiesOf(state, before)]', put: ']' },
    { file: 'jury.ts', find: ', ...before.map(({ did }) => did)]', put: ']' },
  ],
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(LYING).judge('pass');
    const judged = story.jury.seats.map(({ did }) => did);
    const { seats } = new Hearing(story, CYD, beforeJury()).committee;
    if (seats.length === 0) throw new Error('nobody hears it');
    if (seats.some(({ did }) => judged.includes(did))) throw new Error('it is heard by who judged it');
  },
} satisfies Attack;
