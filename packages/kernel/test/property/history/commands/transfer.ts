import { AUTHORITY, CREDIT } from '../../../world.ts';
import type { Command } from '../command.ts';
import { STRANGER, WORKERS } from '../scene.ts';

const AMOUNTS = [CREDIT, 1, 90 * CREDIT, 1001 * CREDIT] as const;

/** Credits are sent, made, or somebody tries to. */
export default {
  name: 'transfer',
  often: 2,
  run(scene, choices) {
    const by = choices.from(scene.everybody);
    const { did: to } = choices.of([...WORKERS, ...scene.keys.slice(0, 3), STRANGER]) ?? STRANGER;
    const body = { to, amount: choices.from(AMOUNTS), create: choices.once(4) };
    if (!choices.once(3)) return scene.send(by, 'TRANSFER', body);
    scene.send(choices.once(4) ? by : AUTHORITY, 'MINT', body);
  },
} satisfies Command;
