import { packMessage } from '@canswarm/node';
import { concat, type DagValue, encodeCbor, isList, isMap, type Link, utf8 } from '@canswarm/protocol';
import type { Corpus } from './corpus.ts';
import { entryPartsOf, type Forge, fieldsOf, partsOf } from './forge.ts';

/** Makes one gossip message that no node may keep anything of. */
export type GossipForgery = (forge: Forge, corpus: Corpus) => Uint8Array;

const OVERSIZE = 70_000;
const NESTING = 20_000;

const wrap = (envelope: Uint8Array): Uint8Array => packMessage([envelope]);
const nested = (depth: number): Uint8Array => concat([new Uint8Array(depth).fill(0x81), Uint8Array.of(0x80)]);

/** The link in raw bytes: tag 42, 37 bytes, 00, version 1, codec, sha2-256, 32. */
const LINK = [0xd8, 0x2a, 0x58, 0x25, 0x00, 0x01] as const;

function findLink(bytes: Uint8Array): number {
  for (let at = 0; at + LINK.length < bytes.length; at += 1)
    if (LINK.every((byte, index) => bytes[at + index] === byte)) return at;
  return 0;
}

/** Messages by what is wrong with them. */
export const GOSSIP_FORGERIES: Readonly<Record<string, GossipForgery>> = {
  noise: (forge) => forge.bytes(1 + forge.below(600)),
  empty: () => new Uint8Array(0),
  nothing: () => packMessage([]),
  nested: (forge) => nested(1 + forge.below(NESTING)),
  hugeClaim: (forge) =>
    concat([Uint8Array.of(forge.pick([0x9b, 0x5b, 0xbb, 0x7b]), 0x00, 0x1f), forge.bytes(6), forge.bytes(20)]),
  indefinite: (forge, { envelopes }) =>
    concat([Uint8Array.of(0x9f), encodeCbor(forge.pick(envelopes)), Uint8Array.of(0xff)]),
  flippedMessage: (forge, { envelopes }) => forge.flip(packMessage([forge.pick(envelopes), forge.pick(envelopes)])),
  truncatedMessage(forge, { envelopes }) {
    const message = wrap(forge.pick(envelopes));
    return message.slice(0, 1 + forge.below(message.length - 1));
  },
  trailing: (forge, { envelopes }) => concat([wrap(forge.pick(envelopes)), forge.bytes(1 + forge.below(40))]),
  tooMany: (forge, { envelopes }) => encodeCbor(Array.from({ length: 257 }, () => forge.pick(envelopes).slice(0, 40))),
  notBytes: (forge, { envelopes }) => encodeCbor([forge.pick(envelopes), forge.oddity()]),
  flippedEnvelope: (forge, { envelopes }) => wrap(forge.flip(forge.pick(envelopes))),
  truncatedEnvelope(forge, { envelopes }) {
    const envelope = forge.pick(envelopes);
    return wrap(envelope.slice(0, forge.below(envelope.length)));
  },
  nestedPayload: (forge) => wrap(forge.sign(nested(1 + forge.below(NESTING)), forge.stranger())),
  oversize(forge, { envelopes }) {
    const { payload } = partsOf(forge.pick(envelopes));
    return wrap(forge.resign(fieldsOf(payload), { verb: 'x'.repeat(OVERSIZE + forge.below(1_000)) }));
  },
  swappedField(forge, { envelopes }) {
    const { payload, proof } = partsOf(forge.pick(envelopes));
    const other = fieldsOf(partsOf(forge.pick(envelopes)).payload);
    const field = forge.pick(Object.keys(other));
    const swapped = encodeCbor({ ...fieldsOf(payload), [field]: other[field] ?? null, lamport: forge.below(2 ** 47) });
    return wrap(encodeCbor([swapped, proof]));
  },
  swappedProof(forge, { envelopes }) {
    const { payload } = partsOf(forge.pick(envelopes));
    const signature = forge.bytes(64);
    return wrap(
      encodeCbor([
        payload,
        forge.pick<DagValue>([
          [0, signature],
          [1, 2, 0, [forge.bytes(32)], signature],
        ]),
      ]),
    );
  },
  brokenBatch(forge, { envelopes }) {
    const batched = envelopes.map(partsOf).filter(({ proof }) => isList(proof) && proof[0] === 1);
    const { payload, proof } = batched.length === 0 ? partsOf(forge.pick(envelopes)) : forge.pick(batched);
    const broken = isList(proof) ? [...proof] : [];
    broken[forge.below(Math.max(1, broken.length))] = forge.oddity();
    return wrap(encodeCbor([payload, broken]));
  },
  strangersField(forge, { envelopes }) {
    const fields = fieldsOf(partsOf(forge.pick(envelopes)).payload);
    return wrap(forge.resign(fields, { [forge.pick(Object.keys(fields))]: forge.oddity() }));
  },
  strangersBody(forge, { envelopes }) {
    const fields = fieldsOf(partsOf(forge.pick(envelopes)).payload);
    const body = isMap(fields['body'] ?? null) ? (fields['body'] as Readonly<Record<string, DagValue>>) : {};
    return wrap(
      forge.resign(fields, { body: { ...body, [forge.pick([...Object.keys(body), 'more'])]: forge.oddity() } }),
    );
  },
  /** Sound in every byte, but said by one who has no part in it. */
  strangersWord(forge, { envelopes }) {
    const fields = fieldsOf(partsOf(forge.pick(envelopes)).payload);
    return wrap(forge.resign(fields, { lamport: forge.below(2 ** 47) }));
  },
  strangersHead(forge, { envelopes }) {
    const fields = fieldsOf(partsOf(forge.pick(envelopes)).payload);
    const head = { incarnation: forge.below(3), position: forge.below(10_000), digest: forge.bytes(32) };
    return wrap(forge.resign(fields, { head, lamport: forge.below(2 ** 47) }));
  },
  forgedLink(forge, { envelopes }) {
    const signer = forge.stranger();
    const fields = fieldsOf(partsOf(forge.pick(envelopes)).payload);
    const payload = encodeCbor({ ...fields, from: signer.did });
    const at = findLink(payload) + 4;
    payload[at + forge.below(5)] = forge.pick([0x00, 0x01, 0x12, 0x55, 0x70, 0xff]);
    payload[at + 5] = forge.below(256);
    return wrap(forge.sign(payload, signer));
  },
  otherNetwork(forge, { envelopes }) {
    const fields = fieldsOf(partsOf(forge.pick(envelopes)).payload);
    return wrap(forge.resign(fields, { network: someLink(fields['thread'] ?? null, fields['network'] ?? null) }));
  },
  logVerb(forge, { entries }) {
    const fields = fieldsOf(entryPartsOf(forge.pick(entries)).payload);
    return wrap(forge.resign(fields, { lamport: forge.below(2 ** 47) }));
  },
  replay: (forge, { envelopes }) => packMessage([forge.pick(envelopes), forge.pick(envelopes)]),
  /** Said anew by the member itself, about what is over. Reports are never over. */
  insidersOldWord(forge, { envelopes, signerOf }) {
    const all = envelopes.map((envelope) => fieldsOf(partsOf(envelope).payload));
    const fields = forge.pick(all.filter(({ verb }) => verb !== 'REPORT'));
    return wrap(forge.resign(fields, { lamport: forge.below(2 ** 47) }, signerOf(fields['from'] ?? null)));
  },
  text: (forge) => encodeCbor([utf8('can/1'), forge.bytes(40)]),
};

const someLink = (first: DagValue, second: DagValue): DagValue => (first === null ? second : (first as Link));
