import { LYING, TRUTHFUL, UNFIT } from '../../../support/documents.ts';
import { type Story, who } from '../../../support/story.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { type Scene, WORKERS } from '../scene.ts';
import { named } from './lease.ts';

/** The holder, or somebody else, hands in what was asked for or something that is not. */
export function commit(scene: Scene, choices: Choices, story: Story): void {
  const by = choices.once(8) ? choices.from(WORKERS) : who(story.lease.bid.worker);
  const outputs = [choices.from([TRUTHFUL, LYING, UNFIT])];
  const telemetry = { wallMs: 1, bytesRead: 1, bytesWritten: 1 };
  scene.send(by, 'COMMIT', { ...named(choices, story), outputs, telemetry, trace: null });
}

export default {
  name: 'commit',
  often: 3,
  run(scene, choices) {
    const need = choices.of(scene.needs.filter(({ lease }) => lease !== null));
    if (need !== undefined) commit(scene, choices, scene.story(need));
  },
} satisfies Command;
