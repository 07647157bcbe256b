import { poolOf } from '../../../src/pool.ts';
import { verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const [whole, ...others] = verifiersOf(12, 12);
const parts = verifiersOf(24, 1)
  .slice(14)
  .map((part) => ({ ...part, org: 'split', asn: 300, stake: (whole?.stake ?? 0) / 10 }));

/** An organisation splits its stake over ten keys to weigh more: the square root of each would add up to more than that of the sum. */
export default {
  attackers: parts.map(({ who }) => who),
  must: 'impossible',
  world: { verifiers: [...(whole === undefined ? [] : [whole]), ...others, ...parts] },
  unguarded: [
    {
      file: 'pool.ts',
      find: 'const raw = ordered.map((draft) => rawWeight(state, draft));',
      put: 'const raw = ordered.map((draft) => draft.keys.reduce((sum, { stake }) => sum + rawWeight(state, { ...draft, stake }), 0));',
    },
  ],
  plot(world) {
    world.tick();
    const { entities } = poolOf(world.state);
    const weightOf = (name: string): number | undefined => entities.find(({ entity }) => entity === name)?.weight;
    if (weightOf('org:split') !== weightOf('org:o0')) throw new Error('keys add weight to an organisation');
    if (entities.find(({ entity }) => entity === 'org:split')?.keys.length !== 10)
      throw new Error('its keys are not there');
  },
} satisfies Attack;
