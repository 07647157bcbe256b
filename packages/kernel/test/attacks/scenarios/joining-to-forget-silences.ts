import { poolOf } from '../../../src/pool.ts';
import { Story } from '../../support/story.ts';
import { ADA, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const VERIFIERS = verifiersOf(9, 9);
const [{ who: IDLER } = { who: ADA }] = VERIFIERS;

/** A verifier leaves its duties to others, and joins again after each silence, so that it is drawn as often as who answers. */
export default {
  attackers: [IDLER],
  must: 'impossible',
  world: { verifiers: VERIFIERS, params: { silencesPerEpoch: 12 } },
  unguarded: [{ file: 'rules/join.ts', find: 'spent ? 0 : (before?.silences ?? 0)', put: '0' }],
  plot(world) {
    const weight = (): number =>
      poolOf(world.state).entities.find(({ keys }) => keys.some(({ did }) => did === IDLER.did))?.weight ?? 0;
    new Story(world);
    for (let count = 0; world.events('seat_silent').length === 0; count += 1) {
      if (count > 20) throw new Error('nobody was silent');
      world.tick(250, { reveal: false });
    }
    const before = weight();
    const member = world.state.members.get(IDLER.did);
    const chain = { tip: new Uint8Array(32), length: member?.revealsLeft ?? 1, credential: null };
    world.accept(IDLER, 'JOIN', chain);
    world.accept(IDLER, 'LEAVE', {});
    world.accept(IDLER, 'JOIN', chain);
    if (weight() > before) throw new Error('who joins again weighs as if it had answered');
  },
} satisfies Attack;
