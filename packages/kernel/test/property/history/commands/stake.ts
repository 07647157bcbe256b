import { LYING } from '../../../support/documents.ts';
import { who } from '../../../support/story.ts';
import { CREDIT } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import type { Scene } from '../scene.ts';

function withdraw(scene: Scene, choices: Choices): void {
  const open = [...scene.world.state.unbondings].flatMap(([did, all]) => all.map(({ id }) => ({ did, id })));
  const one = choices.of(open);
  const by = one === undefined || choices.once(6) ? choices.from(scene.everybody) : who(one.did);
  scene.send(by, 'WITHDRAW', { unbonding: one?.id ?? (LYING.cid as never) });
}

/** Stake comes into use, leaves it, is withdrawn; now and then all of it at once, or in too many parts. */
export default {
  name: 'stake',
  often: 3,
  run(scene, choices) {
    const { world } = scene;
    const by = choices.from(scene.everybody);
    switch (choices.below(4)) {
      case 0:
        // Verifiers that have none yet come first: with enough of them a bootstrap ends.
        return scene.send(
          choices.of(scene.keys.filter(({ did }) => world.balance(`stake/${did}`) === 0)) ?? by,
          'STAKE',
          {
            amount: choices.from([CREDIT, 1, 1001 * CREDIT]),
          },
        );
      case 1: {
        const all = Math.max(1, world.balance(`stake/${by.did}`));
        const amount = choices.from([CREDIT, 1, all, all + 1]);
        const times = choices.once(12) ? 17 : 1;
        for (let count = 0; count < times; count += 1)
          scene.send(by, 'UNBOND', { delegate: null, amount: times === 1 ? amount : 1 });
        return;
      }
      default:
        return withdraw(scene, choices);
    }
  },
} satisfies Command;
