import { toHex } from '@canswarm/protocol';
import { reject } from '../context.ts';
import { UNVERIFIED } from '../pool.ts';
import type { Rule } from './rule.ts';

/** JOIN: a key commits to a hash chain, with a credential of the authority or without. Spec: `spec/04-verbs.md`, JOIN. */
export const judgeJoin: Rule<'JOIN'> = (context, { payload }) => {
  const { state } = context;
  const { from, body } = payload;
  const { credential } = body;
  // 1 credential_other: credentials of this network are the authority's
  if (credential !== null && credential.issuer !== state.authority) {
    return reject('credential_other', { issuer: credential.issuer, authority: state.authority });
  }
  // 2 chain_length
  if (body.length > state.params.chainLength)
    return reject('chain_length', { length: body.length, most: state.params.chainLength });
  return () => {
    const before = state.members.get(from);
    // Whoever fell silent too often begins anew; else a JOIN would wash off what silence costs in draws.
    const spent = (before?.silences ?? 0) >= state.params.silencesPerEpoch;
    const known = { entity: before?.entity ?? UNVERIFIED, asn: before?.asn ?? 0, region: before?.region ?? UNVERIFIED };
    const place =
      credential === null ? known : { entity: `org:${credential.org}`, asn: credential.asn, region: credential.region };
    state.members.set(from, {
      did: from,
      ...place,
      tip: toHex(body.tip),
      joinedAt: context.position,
      revealsLeft: body.length,
      reported: before?.reported ?? state.time,
      silences: spent ? 0 : (before?.silences ?? 0),
      missedAt: 0,
      active: true,
      left: false,
    });
    state.pool = null;
    context.emit({ type: 'member_joined', did: from, entity: place.entity });
  };
};
