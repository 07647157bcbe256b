import {
  concat,
  type DagMap,
  type DagValue,
  encodeCbor,
  isMap,
  LEAF_BYTES,
  parsePayload,
  sealEntry,
  signBatch,
} from '@canswarm/protocol';
import type { Corpus } from './corpus.ts';
import { entryPartsOf, type Forge, fieldsOf, partsOf } from './forge.ts';

/** Makes one log entry that no node may accept. */
export type LogForgery = (forge: Forge, corpus: Corpus) => Uint8Array;

const EVIDENCE_BYTES = 512 * 1024;

const bodyOf = (fields: DagMap): DagMap => {
  const body = fields['body'] ?? null;
  return isMap(body) ? body : {};
};

function genuine(forge: Forge, { entries }: Corpus): { fields: DagMap; evidence: Uint8Array | null } {
  const { payload, evidence } = entryPartsOf(forge.pick(entries));
  return { fields: fieldsOf(payload), evidence };
}

/** A head that lies about the log. */
const anyHead = (forge: Forge): DagMap => ({
  incarnation: 1 + forge.below(2),
  position: forge.below(20_000),
  digest: forge.bytes(32),
});

/** Entries by what is wrong with them. */
export const LOG_FORGERIES: Readonly<Record<string, LogForgery>> = {
  noise: (forge) => forge.bytes(1 + forge.below(600)),
  nested: (forge) => concat([new Uint8Array(1 + forge.below(20_000)).fill(0x81), Uint8Array.of(0x80)]),
  flipped: (forge, { entries }) => forge.flip(forge.pick(entries)),
  truncated(forge, { entries }) {
    const entry = forge.pick(entries);
    return entry.slice(0, 1 + forge.below(entry.length - 1));
  },
  trailing: (forge, { entries }) => concat([forge.pick(entries), forge.bytes(1 + forge.below(20))]),
  gossipVerb(forge, { envelopes }) {
    const { payload, proof } = partsOf(forge.pick(envelopes));
    return encodeCbor([payload, proof, null]);
  },
  evidenceOfAnother(forge, { entries }) {
    const { payload, proof, evidence: own } = entryPartsOf(forge.pick(entries));
    const { evidence } = entryPartsOf(forge.pick(entries));
    const same = own !== null && evidence !== null && own.length === evidence.length;
    return encodeCbor([payload, proof, same ? forge.bytes(40) : evidence === own ? forge.bytes(40) : evidence]);
  },
  evidenceStripped(forge, corpus) {
    const { entries } = corpus;
    const { payload, proof, evidence } = entryPartsOf(forge.pick(entries));
    return encodeCbor([payload, proof, evidence === null ? encodeCbor([[], []]) : null]);
  },
  /** The same words and the same evidence, said by a stranger: what they were about is over. */
  strangersCopy(forge, corpus) {
    const { fields, evidence } = genuine(forge, corpus);
    return forge.resignEntry(fields, {}, evidence);
  },
  strangersEvidence(forge, corpus) {
    const { fields } = genuine(forge, corpus);
    return forge.resignEntry(fields, {}, genuine(forge, corpus).evidence);
  },
  strangersBody(forge, corpus) {
    const { fields, evidence } = genuine(forge, corpus);
    const body = bodyOf(fields);
    const changed = { ...body, [forge.pick([...Object.keys(body), 'more'])]: forge.oddity() };
    return forge.resignEntry(fields, { body: changed }, evidence);
  },
  strangersField(forge, corpus) {
    const { fields, evidence } = genuine(forge, corpus);
    return forge.resignEntry(fields, { [forge.pick(Object.keys(fields))]: forge.oddity() }, evidence);
  },
  strangersHead(forge, corpus) {
    const { fields, evidence } = genuine(forge, corpus);
    return forge.resignEntry(fields, { head: anyHead(forge) }, evidence);
  },
  strangersNumbers(forge, corpus) {
    const { fields, evidence } = genuine(forge, corpus);
    const numbered = Object.entries(bodyOf(fields)).map(([key, value]): [string, DagValue] => [
      key,
      typeof value === 'number' ? forge.pick([0, 1, 2, 3, 1_000, Number.MAX_SAFE_INTEGER]) : value,
    ]);
    return forge.resignEntry(fields, { body: Object.fromEntries(numbered) }, evidence);
  },
  /** What a member said, signed by it once more in another way: other bytes, the same id. */
  insidersReplay(forge, { entries, signerOf }) {
    const { payload, evidence } = entryPartsOf(forge.pick(entries));
    const parsed = parsePayload(payload);
    const signer = parsed.ok ? signerOf(parsed.value.from) : undefined;
    if (!parsed.ok || signer === undefined) throw new Error('an entry of nobody');
    const other = { ...parsed.value, lamport: forge.below(2 ** 47) };
    const [envelope] = signBatch([parsed.value, other], signer, forge.crypto.sha256);
    return sealEntry(envelope?.bytes ?? new Uint8Array(0), evidence);
  },
  /** Said anew by the member itself, about what is over. A NEED is never over. */
  insidersOldWord(forge, { entries, signerOf }) {
    const all = entries.map(entryPartsOf).map(({ payload, evidence }) => ({ fields: fieldsOf(payload), evidence }));
    const { fields, evidence } = forge.pick(all.filter(({ fields: { verb } }) => verb !== 'NEED'));
    const changes = { lamport: forge.below(2 ** 47) };
    return forge.resignEntry(fields, changes, evidence, signerOf(fields['from'] ?? null));
  },
  evidenceNoise(forge, corpus) {
    const { fields } = genuine(forge, corpus);
    return forge.resignEntry(fields, {}, forge.bytes(1 + forge.below(200)));
  },
  evidenceForged(forge, corpus) {
    const { fields } = genuine(forge, corpus);
    const envelope = forge.flip(forge.pick(corpus.envelopes));
    return forge.resignEntry(fields, {}, encodeCbor([[envelope], []]));
  },
  evidenceTwice(forge, corpus) {
    const { fields } = genuine(forge, corpus);
    const envelope = forge.pick(corpus.envelopes);
    return forge.resignEntry(fields, {}, encodeCbor([[envelope, envelope], []]));
  },
  blockForged(forge, corpus) {
    const { fields } = genuine(forge, corpus);
    const link = fields['network'] ?? null;
    const block = forge.bytes(forge.pick([10, LEAF_BYTES, LEAF_BYTES + 1]));
    return forge.resignEntry(fields, {}, encodeCbor([[], [[link, block]]]));
  },
  unfunded(forge, corpus) {
    const { fields } = genuine(forge, corpus);
    const signer = forge.stranger();
    const said = forge.pick<DagMap>([
      { verb: 'MINT', body: { to: signer.did, amount: 1_000, create: true } },
      { verb: 'TRANSFER', body: { to: signer.did, amount: 1, create: true } },
      { verb: 'STAKE', body: { amount: 1 } },
    ]);
    return forge.resignEntry(fields, { ...said, thread: null }, null, signer);
  },
  credentialForged(forge, corpus) {
    const { fields } = genuine(forge, corpus);
    const signer = forge.stranger();
    const credential = {
      org: 'verifier-org-01',
      asn: 64_512,
      region: 'eu',
      issuer: signer.did,
      signature: forge.bytes(64),
    };
    const body = { tip: forge.bytes(32), length: 100, credential };
    return forge.resignEntry(fields, { verb: 'JOIN', thread: null, body }, null, signer);
  },
};

/** Rare, for its weight: evidence larger than any may be. */
export function oversizeEntry(forge: Forge, corpus: Corpus): Uint8Array {
  const { fields } = genuine(forge, corpus);
  const evidence = new Uint8Array(EVIDENCE_BYTES + 1 + forge.below(4_000)).fill(forge.below(256));
  return forge.resignEntry(fields, {}, evidence);
}
