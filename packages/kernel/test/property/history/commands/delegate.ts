import { who } from '../../../support/story.ts';
import { BOB, CREDIT, REQUESTER } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { type Scene, STRANGER, WORKERS } from '../scene.ts';

/** A key that judges, and one whose work or need it judges. */
function judgeAndParty(scene: Scene, choices: Choices) {
  const committee = choices.of([...scene.world.state.committees.values()].filter(({ seats }) => seats.length > 0));
  const [seat, party] = [choices.of(committee?.seats ?? []), choices.of(committee?.parties ?? [])];
  return seat === undefined || party === undefined ? [] : [who(seat.did), who(party)];
}

/** Some of what stands behind a key is taken out. */
function takeOut(scene: Scene, choices: Choices): void {
  const { world } = scene;
  const all = [...world.state.delegations].flatMap(([delegate, some]) =>
    some.map(({ delegator }) => ({ delegate, delegator, free: world.balance(`delegation/${delegator}/${delegate}`) })),
  );
  const { delegate, delegator, free } = choices.of(all) ?? { delegate: BOB.did, delegator: BOB.did, free: 0 };
  const amount = choices.from([Math.max(1, free), CREDIT, free + 1, Math.max(1, free - 1)]);
  scene.send(choices.once(6) ? STRANGER : who(delegator), 'UNBOND', { amount, delegate });
}

/** Keys put stake behind others that take it, or do not; now and then behind those that judge them, or more than a key may take. */
export default {
  name: 'delegate',
  often: 3,
  run(scene, choices) {
    if (choices.once(3)) return takeOut(scene, choices);
    const [first, ...keys] = scene.keys;
    const pair = choices.once(4) ? judgeAndParty(scene, choices) : [];
    const turned = choices.once(3);
    const delegate = pair[turned ? 1 : 0] ?? choices.from([first ?? BOB, ...keys]);
    const delegator = pair[turned ? 0 : 1] ?? choices.from([REQUESTER, ...WORKERS, ...keys]);
    const amount = choices.from([2 * CREDIT, CREDIT, 40 * CREDIT, 1, 0]);
    const body = { delegator: delegator.did, delegate: delegate.did, amount };
    const lacking = amount - scene.world.balance(`stake/${delegator.did}`);
    if (lacking > 0 && !choices.once(4)) scene.send(delegator, 'STAKE', { amount: lacking });
    if (!choices.once(4)) scene.send(delegate, 'DELEGATE', body);
    if (!choices.once(6)) scene.send(choices.once(8) ? STRANGER : delegator, 'DELEGATE', body);
    if (!choices.once(16)) return;
    for (const { did } of scene.everybody) scene.send(delegate, 'DELEGATE', { ...body, delegator: did, amount: 1 });
  },
} satisfies Command;
