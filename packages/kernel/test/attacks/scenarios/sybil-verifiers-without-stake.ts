import { agent, makeChain } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Twenty keys without stake join to fill committees. */
export default {
  attackers: Array.from({ length: 20 }, (_, index) => agent(`sybil ${index}`)),
  must: 'impossible',
  plot(world) {
    const sybils = Array.from({ length: 20 }, (_, index) => agent(`sybil ${index}`));
    for (const sybil of sybils) {
      const chain = makeChain(`chain of ${sybil.name}`, 4);
      world.accept(BYSTANDER, 'TRANSFER', { to: sybil.did, amount: CREDIT / 100, create: true });
      world.accept(sybil, 'JOIN', { tip: chain.tip, length: chain.length, credential: null });
    }
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const drawn = new Set(world.events('seated').map(({ did }) => did));
    if (sybils.some(({ did }) => drawn.has(did))) throw new Error('a key without stake sits');
    story.judge('pass').settle();
  },
} satisfies Attack;
