import type { WorkUse } from '@canswarm/protocol';
import { LYING, TRUTHFUL, UNFIT } from '../../../support/documents.ts';
import { type Story, who } from '../../../support/story.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { type Scene, WORKERS } from '../scene.ts';
import { named } from './lease.ts';

/** What a worker says that its work used. */
function used(choices: Choices): WorkUse {
  const egress = choices.once(2) ? [{ label: 'internal', zone: choices.from(['eu', 'us']), bytes: 9 }] : [];
  return { tokens: choices.from([3, 9]), models: ['small'], tools: [], egress };
}

/** The holder, or somebody else, hands in what was asked for or something that is not. */
export function commit(scene: Scene, choices: Choices, story: Story): void {
  const by = choices.once(8) ? choices.from(WORKERS) : who(story.lease.bid.worker);
  const outputs = [choices.from([TRUTHFUL, LYING, UNFIT])];
  const about = named(choices, story);
  const isUsed = scene.setting.rules !== undefined && choices.once(2);
  const telemetry = { wallMs: 1, bytesRead: 1, bytesWritten: 1, ...(isUsed ? { use: used(choices) } : {}) };
  scene.send(by, 'COMMIT', { ...about, outputs, telemetry, trace: null });
}

export default {
  name: 'commit',
  often: 3,
  run(scene, choices) {
    const need = choices.of(scene.needs.filter(({ lease }) => lease !== null));
    if (need !== undefined) commit(scene, choices, scene.story(need));
  },
} satisfies Command;
