import { ADA, CREDIT, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A payment in the name of another, with a signature of one’s own. */
export default {
  attackers: [ADA],
  must: 'impossible',
  world: { signed: true },
  plot(world) {
    const forged = { name: 'forger', did: REQUESTER.did, sign: (message: Uint8Array) => ADA.sign(message) };
    let refused = '';
    try {
      world.submit(forged, 'TRANSFER', { to: ADA.did, amount: CREDIT, create: false });
    } catch (error) {
      refused = String(error);
    }
    if (!refused.includes('bad_signature')) throw new Error(`the forgery was not refused: ${refused}`);
  },
} satisfies Attack;
