import { who } from '../../../support/story.ts';
import type { Command } from '../command.ts';
import { PLANT_SALT, WORKERS } from '../scene.ts';

/** Somebody says that a need was a plant: its worker, or another; with the salt of its mark, or one that is none. */
export default {
  name: 'plant',
  often: 2,
  run(scene, choices) {
    const judged = scene.needs.filter(({ misfit }) => misfit !== null);
    const need = choices.of(judged.length === 0 || choices.once(12) ? scene.needs : judged);
    if (need === undefined || (need.misfit === null && !choices.once(6))) return;
    const worker = need.misfit === null || choices.once(6) ? choices.from(WORKERS) : who(need.misfit.worker);
    const salt = choices.once(8) ? new Uint8Array(32) : PLANT_SALT;
    scene.send(worker, 'PLANT', { need: need.id, salt });
    if (choices.once(4)) scene.send(worker, 'PLANT', { need: need.id, salt });
  },
} satisfies Command;
