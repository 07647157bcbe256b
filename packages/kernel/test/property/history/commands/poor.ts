import { BYSTANDER } from '../../../world.ts';
import type { Command } from '../command.ts';

/** What is left to a key that sends away all it can: not enough for an entry, or for one. */
const LEFT = [0, 300, 1500, 6000] as const;

/** A key sends away nearly all its free credits: what it says afterwards may be more than it can pay for. */
export default {
  name: 'poor',
  often: 1,
  run(scene, choices) {
    const { world } = scene;
    const by = choices.from(scene.everybody);
    const to = choices.once(2) ? scene.everybody[0] : BYSTANDER;
    const entry = world.entry(by, 'TRANSFER', { to: to.did, amount: 1, create: false });
    const { logFeeBase, logFeePerByte } = world.state.params;
    // An amount takes up to 8 bytes more than the least.
    const amount = world.free(by) - logFeeBase - logFeePerByte * (entry.bytes.length + 8) - choices.from(LEFT);
    if (amount > 0) scene.send(by, 'TRANSFER', { to: to.did, amount, create: false });
  },
} satisfies Command;
