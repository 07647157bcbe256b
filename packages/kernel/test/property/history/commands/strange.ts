import { LYING } from '../../../support/documents.ts';
import { ADA, BOB, type Frame, REQUESTER } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import type { Scene } from '../scene.ts';

/** What frames an entry that is not for here, or not for now. */
function frame(scene: Scene, choices: Choices): Frame {
  const head = scene.world.head();
  const { position } = head;
  switch (choices.below(7)) {
    case 0:
      return { network: LYING.cid };
    case 1:
      return { epoch: 2 };
    case 2:
      return { head: { ...head, incarnation: head.incarnation + (head.incarnation > 1 && choices.once(2) ? -1 : 1) } };
    case 3:
      return { head: { ...head, position: position + 1 } };
    case 4:
      return {
        head: scene.world.head(Math.max(scene.world.state.digests.first, position - scene.setting.headWindow - 1)),
      };
    case 5:
      return { head: { ...head, digest: new Uint8Array(32) } };
    default:
      return { thread: LYING.cid as never };
  }
}

/** An entry of another network, epoch, incarnation or history, or of another thread. */
export default {
  name: 'strange',
  often: 2,
  run(scene, choices) {
    const odd = frame(scene, choices);
    const [first] = scene.needs;
    if (first !== undefined && (odd.thread !== undefined || choices.once(2)))
      return scene.send(REQUESTER, 'CANCEL', { need: first.id }, undefined, odd);
    // What is about no need has no thread, whoever makes it.
    if (odd.thread === undefined)
      scene.send(ADA, 'TRANSFER', { to: BOB.did, amount: 1, create: false }, undefined, odd);
  },
} satisfies Command;
