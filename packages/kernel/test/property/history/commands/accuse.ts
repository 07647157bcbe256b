import { JURY_CLASSES } from '@canswarm/protocol';
import {
  type Accusation,
  equivocation,
  falseDigest,
  lay,
  missingCitation,
  schemaViolation,
  sealBytes,
} from '../../../support/accusation.ts';
import { beforeJury } from '../../../support/dispute.ts';
import type { Story, Verdict } from '../../../support/story.ts';
import { BYSTANDER } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { type Scene, STRANGER, WORKERS } from '../scene.ts';
import { judged } from './certify.ts';

/** Something that is said against a result or a vote, true or not, with what shows it or with nothing. */
function accusation(scene: Scene, choices: Choices, story: Story): Accusation {
  const salt = `${choices.below(4)}`;
  const seat = choices.of(scene.seats(story.jury));
  const bare = choices.once(8) ? { blocks: [] } : {};
  const kind = choices.below(8);
  if (kind > 3) return beforeJury(choices.from(JURY_CLASSES), salt);
  if (kind === 0 || seat === undefined) return { ...missingCitation(story), ...bare, salt };
  if (kind === 1) return { ...schemaViolation(story), ...bare, salt };
  const vote = scene.vote(story, seat, 'pass', choices.once(2));
  if (kind === 3)
    return { ...equivocation(vote, scene.vote(story, seat, choices.from<Verdict>(['fail', 'pass']), false)), salt };
  const { seats, ballot } = story.jury;
  const recorded = seats.find((cast) => cast.vote !== null && cast.ballot === ballot)?.vote?.id;
  const shown = scene.world.entries.flatMap(({ evidence }) => evidence.envelopes).find(({ id }) => id === recorded);
  return { ...falseDigest(story, shown ?? vote, choices.below(16)), ...bare, salt };
}

/** Somebody lays a seal; now and then a copy of another's. */
export function accuse(scene: Scene, choices: Choices, story: Story): void {
  const { commit } = story;
  const by = choices.of([BYSTANDER, ...WORKERS, ...scene.keys, STRANGER]) ?? BYSTANDER;
  const last = scene.sealed.at(-1);
  if (last !== undefined && choices.once(6)) {
    const { accusation: copied } = last;
    const seal = sealBytes(last.who, last.commit.id, copied);
    const copier = choices.once(2) ? last.who : by;
    return scene.send(copier, 'CHALLENGE', { subject: last.commit.id, class: copied.class, seal, opening: null });
  }
  const said = accusation(scene, choices, story);
  scene.sealed.push({ who: by, commit, accusation: said });
  if (scene.holding) return;
  lay(scene.world, by, commit.id, said);
}

export default {
  name: 'accuse',
  often: 4,
  run(scene, choices) {
    const story = choices.of(judged(scene));
    if (story !== undefined) accuse(scene, choices, story);
  },
} satisfies Command;
