import { signCredential } from '@canswarm/protocol';
import { AUTHORITY, type World } from '../world.ts';
import { type Agent, makeChain } from './keys.ts';

/** A key joins with a credential of an organisation. */
export function joinOrg(world: World, who: Agent, org: string): void {
  const chain = makeChain(`${who.name}/moved`, 40);
  const claims = { org, asn: 77, region: 'far' };
  const credential = signCredential(claims, who.did, world.state.network, AUTHORITY);
  world.accept(who, 'JOIN', { tip: chain.tip, length: chain.length, credential });
  world.useChain(who, chain);
}
