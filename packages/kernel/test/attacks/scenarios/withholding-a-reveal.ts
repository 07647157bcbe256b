import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA } from '../../world.ts';
import type { Attack } from '../attack.ts';

const SILENT = Array.from({ length: 16 }, (_, index) => agent(`v${index}`));

/** Verifiers keep their reveals back so that no seed is made. */
export default {
  attackers: SILENT,
  must: 'unprofitable',
  unguarded: [
    {
      file: 'fire.ts',
      find: 'chargeSilence(context, subject, did, fee);',
      put: 'if (fee < 0) chargeSilence(context, subject, did, fee);',
    },
  ],
  plot(world) {
    const staked = (): number => SILENT.reduce((sum, { did }) => sum + world.balance(`stake/${did}`), 0);
    const before = staked();
    const story = new Story(world).hire([ADA]).deliver();
    const { position } = world.state.pendingDraws.get(`result/${story.commit.id}`) ?? { position: 0 };
    for (let count = 0; count < 4; count += 1) world.tick(600, { reveal: false });
    if (world.state.pendingDraws.get(`result/${story.commit.id}`)?.position === position)
      throw new Error('the draw waits for ever');
    if (staked() >= before) throw new Error('whoever keeps a reveal back loses nothing');
    story.judge('pass').settle();
  },
} satisfies Attack;
