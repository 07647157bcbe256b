import { LYING } from '../../../support/documents.ts';
import { who } from '../../../support/story.ts';
import { CREDIT, DAN, REQUESTER } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { type Scene, STRANGER, WORKERS } from '../scene.ts';

const HELD = 30 * CREDIT;

function settle(scene: Scene, choices: Choices): void {
  const escrow = choices.of([...scene.world.state.escrows.values()]);
  const party = escrow === undefined ? REQUESTER : who(choices.once(2) ? escrow.payee : escrow.payer);
  const by = choices.once(6) ? DAN : party;
  const amount = choices.from([0, 1, HELD, HELD + 1]);
  scene.send(by, 'SETTLE', { escrow: escrow?.id ?? (LYING.cid as never), amount });
}

/** Credits are set aside, paid or given back; now and then more than a key may have open. */
export default {
  name: 'escrow',
  often: 2,
  run(scene, choices) {
    if (choices.once(2)) return settle(scene, choices);
    const by = choices.from(scene.everybody);
    const { did: to } = choices.of([...WORKERS, STRANGER]) ?? STRANGER;
    const amount = choices.from([HELD, 1, 1001 * CREDIT]);
    const periodMs = choices.from([60_000, 1, 400, 3000]);
    const body = { to, amount, periodMs, create: choices.once(4) };
    const times = choices.once(20) ? 17 : 1;
    for (let count = 0; count < times; count += 1)
      scene.send(by, 'ESCROW', times === 1 ? body : { ...body, amount: 1 });
  },
} satisfies Command;
