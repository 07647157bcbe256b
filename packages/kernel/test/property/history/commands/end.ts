import { LYING } from '../../../support/documents.ts';
import { who } from '../../../support/story.ts';
import type { Command } from '../command.ts';
import { WORKERS } from '../scene.ts';

/** Somebody finalizes a result or cancels a need, when it is time and when it is not. */
export default {
  name: 'end',
  often: 2,
  run(scene, choices) {
    const by = choices.from(WORKERS);
    if (choices.once(3)) {
      const need = choices.of(scene.needs);
      const requester = need === undefined || choices.once(3) ? by : who(need.requester);
      return scene.send(requester, 'CANCEL', { need: need?.id ?? (LYING.cid as never) });
    }
    const commit = choices.of(scene.commits);
    scene.send(by, 'FINALIZE', { commit: commit?.id ?? (LYING.cid as never) });
  },
} satisfies Command;
