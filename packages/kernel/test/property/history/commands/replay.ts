import type { VerifiedEntry } from '@canswarm/protocol';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import type { Scene } from '../scene.ts';

/** What an entry said, and what it showed, said again in an entry of its own: by the same key or by another. */
function sayAgain(scene: Scene, choices: Choices, { envelope, evidence }: VerifiedEntry): void {
  const { verb, body, from, thread, evidence: shown } = envelope.payload;
  const by = choices.once(4) ? choices.from(scene.everybody) : scene.everybody.find(({ did }) => did === from);
  const blocks = [...evidence.blocks].map(([cid, bytes]) => ({ cid, bytes }));
  const again = shown === null ? undefined : { envelopes: evidence.envelopes, blocks };
  if (by !== undefined) scene.send(by, verb as 'TRANSFER', body as never, again, { thread });
}

/** An entry comes once more, as it was or in other words; or one that was held back comes now. */
export default {
  name: 'replay',
  often: 6,
  run(scene, choices) {
    const { held, world } = scene;
    const late = choices.once(2) ? choices.of(held) : undefined;
    if (late !== undefined) held.splice(held.indexOf(late), 1);
    const entry = late ?? choices.of(world.entries.slice(-40).reverse());
    if (entry === undefined) return;
    if (choices.once(2)) sayAgain(scene, choices, entry);
    else world.apply(entry);
  },
} satisfies Command;
