import { agent, makeChain } from '../../support/keys.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

const SPAMMER = agent('stranger');

/** A key that owns nothing says whatever it can: nothing of it has an effect. What it is sent afterwards pays for what it says then. */
export default {
  attackers: [SPAMMER],
  must: 'unprofitable',
  unguarded: [{ file: 'log-fees.ts', find: 'payable(state, verb, from) < due', put: 'due < 0' }],
  plot(world) {
    const chain = makeChain('chain of a spammer', 4);
    const join = { tip: chain.tip, length: chain.length, credential: null };
    world.refuse('fee_lacking', SPAMMER, 'JOIN', join);
    world.refuse('fee_lacking', SPAMMER, 'LEAVE', {});
    world.refuse('fee_lacking', SPAMMER, 'STAKE', { amount: 1 });
    world.refuse('authority_only', SPAMMER, 'MINT', { to: SPAMMER.did, amount: 1, create: true });
    if (world.state.members.has(SPAMMER.did)) throw new Error('a key without credits is a member');
    world.accept(BYSTANDER, 'TRANSFER', { to: SPAMMER.did, amount: 100, create: true });
    world.refuse('fee_lacking', SPAMMER, 'TRANSFER', { to: ADA.did, amount: 1, create: false });
    if (world.free(SPAMMER) > 0) throw new Error('an entry that cannot pay in full costs what is there');
    // What it was given is not its gain.
    world.accept(BYSTANDER, 'TRANSFER', { to: SPAMMER.did, amount: 5000, create: false });
    const given = world.free(SPAMMER);
    world.accept(SPAMMER, 'JOIN', join);
    if (world.free(SPAMMER) >= given) throw new Error('an entry costs nothing');
    const entry = world.entry(SPAMMER, 'TRANSFER', { to: ADA.did, amount: 1, create: false });
    const { logFeeBase, logFeePerByte } = world.state.params;
    const rest = world.free(SPAMMER) - logFeeBase - logFeePerByte * (entry.bytes.length + 8);
    world.submit(SPAMMER, 'TRANSFER', { to: ADA.did, amount: Math.max(1, rest), create: false });
    while (world.free(SPAMMER) > 0) world.submit(SPAMMER, 'LEAVE', {});
  },
} satisfies Attack;
