import { toHex } from '@canswarm/protocol';
import type { Part } from '../part.ts';

export const join: Part<'JOIN'> = {
  verb: 'JOIN',
  *faults(model, { body }) {
    if (body.credential !== null && body.credential.issuer !== model.genesis.authority) yield 'credential_other';
    if (body.length > model.params.chainLength) yield 'chain_length';
  },
  follow(model, { from, body }) {
    const before = model.members.get(from);
    const { credential } = body;
    const isSpent = before !== undefined && before.silences >= model.params.silencesPerEpoch;
    model.members.set(from, {
      entity: credential === null ? (before?.entity ?? 'unverified') : `org:${credential.org}`,
      asn: credential === null ? (before?.asn ?? 0) : credential.asn,
      region: credential === null ? (before?.region ?? 'unverified') : credential.region,
      tip: toHex(body.tip),
      joinedAt: model.position,
      revealsLeft: body.length,
      reported: before?.reported ?? model.time,
      silences: isSpent ? 0 : (before?.silences ?? 0),
      missedAt: 0,
      active: true,
      left: false,
    });
  },
};
