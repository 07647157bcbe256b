import { signCredential } from '@canswarm/protocol';
import { makeChain } from '../../../support/keys.ts';
import { AUTHORITY, BYSTANDER } from '../../../world.ts';
import type { Command } from '../command.ts';

/** A verifier leaves, or a key joins: anew, with a credential, with a chain that is too long. */
export default {
  name: 'member',
  often: 2,
  run(scene, choices) {
    const { world } = scene;
    const by = choices.from(scene.everybody);
    if (choices.once(3)) return scene.send(by, 'LEAVE', {});
    const times = (scene.joined.get(by.name) ?? 0) + 1;
    scene.joined.set(by.name, times);
    const chain = makeChain(`${by.name}/${times}`, 1 + choices.below(30));
    const length = choices.once(8) ? 65_536 : chain.length;
    const issuer = choices.once(4) ? BYSTANDER : AUTHORITY;
    const claims = { org: `new${choices.below(3)}`, asn: 100 + choices.below(4), region: 'north' };
    const credential = choices.once(4) ? signCredential(claims, by.did, world.state.network, issuer) : null;
    scene.send(by, 'JOIN', { tip: chain.tip, length, credential });
    if (!scene.holding) world.useChain(by, chain);
  },
} satisfies Command;
