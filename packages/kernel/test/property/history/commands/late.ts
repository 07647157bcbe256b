import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import type { Scene } from '../scene.ts';
import certify from './certify.ts';
import commit from './commit.ts';
import decide from './decide.ts';
import end from './end.ts';
import lease from './lease.ts';
import open from './open.ts';
import proceed from './proceed.ts';
import tick from './tick.ts';

const SLOW: readonly [Command, ...Command[]] = [proceed, commit, lease, certify, decide, open, end, tick];

/** Something is said now and reaches the log later, if ever: `replay` brings it. */
export default {
  name: 'late',
  often: 3,
  run(scene: Scene, choices: Choices) {
    scene.holding = true;
    try {
      choices.from(SLOW).run(scene, choices);
    } finally {
      scene.holding = false;
    }
  },
} satisfies Command;
