import { ADA, BOB, BYSTANDER, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Entries of a key are appended again and again by another, so that each time it pays for log space. */
export default {
  attackers: [BYSTANDER],
  must: 'impossible',
  unguarded: [{ file: 'log-fees.ts', find: ' - (state.charged.get(envelope.id)?.paid ?? 0)', put: '' }],
  plot(world) {
    const before = world.free(ADA);
    const accepted = world.entry(ADA, 'TRANSFER', { to: BOB.did, amount: 1, create: false });
    const refused = world.entry(ADA, 'TRANSFER', { to: BOB.did, amount: 2000 * CREDIT, create: false });
    const head = { ...world.head(), position: world.state.position + 1000 };
    const ahead = world.entry(ADA, 'TRANSFER', { to: BOB.did, amount: 1, create: false }, undefined, { head });
    const once = [accepted, refused].reduce((sum, { bytes }) => sum + bytes.length, 0);
    const { logFeeBase, logFeePerByte } = world.state.params;
    for (let times = 0; times < 5; times += 1) for (const entry of [ahead, accepted, refused]) world.apply(entry);
    const due = 2 * logFeeBase + once * logFeePerByte + 1;
    if (before - world.free(ADA) !== due) throw new Error(`ADA paid ${before - world.free(ADA)}, not ${due}`);
  },
} satisfies Attack;
