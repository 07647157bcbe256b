import { opening } from '../../../support/accusation.ts';
import type { Command } from '../command.ts';
import { WORKERS } from '../scene.ts';

/** Opens what was sealed, the latest first; now and then in another's name, or another seal. */
export default {
  name: 'open',
  often: 5,
  run(scene, choices) {
    const sealed = choices.of([...scene.sealed].reverse().slice(0, 6));
    if (sealed === undefined) return;
    const by = choices.once(10) ? choices.from(WORKERS) : sealed.who;
    const seal = choices.once(10) ? new Uint8Array(32) : undefined;
    scene.put(opening(scene.world, by, sealed.subject, sealed.accusation, seal));
  },
} satisfies Command;
