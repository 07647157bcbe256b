import { expect } from 'vitest';
import {
  type DagValue,
  decodeCbor,
  encodeCbor,
  fromHex,
  openEnvelope,
  signBatch,
  signEnvelope,
  toDagJson,
  toHex,
} from '../../../src/index.ts';
import { nodeCrypto, sha256, sodiumCrypto } from '../../support/crypto.ts';
import { ALICE, ALL_VERBS, BOB, samplePayload } from '../../support/samples.ts';
import { defineKind } from '../kind.ts';

interface EnvelopeCase {
  readonly name: string;
  readonly hex: string;
  /** "accepted" or the refusal's code */
  readonly verdict: string;
  readonly id?: string;
  readonly hash?: string;
  /** the payload as DAG-JSON */
  readonly payload?: string;
}

function accepted(name: string, bytes: Uint8Array): EnvelopeCase {
  const opened = openEnvelope(bytes, sodiumCrypto);
  const wire = decodeCbor(bytes);
  if (!opened.ok || !wire.ok) throw new Error(`${name} is refused`);
  const [payloadBytes] = wire.value as unknown as readonly [Uint8Array];
  const payload = decodeCbor(payloadBytes);
  const line = payload.ok ? toDagJson(payload.value) : undefined;
  if (line === undefined) throw new Error(`${name} has no line`);
  return {
    name,
    hex: toHex(bytes),
    verdict: 'accepted',
    id: opened.envelope.id,
    hash: opened.envelope.hash,
    payload: line,
  };
}

function refused(name: string, bytes: Uint8Array): EnvelopeCase {
  const opened = openEnvelope(bytes, sodiumCrypto);
  if (opened.ok) throw new Error(`${name} is accepted`);
  return { name, hex: toHex(bytes), verdict: opened.code };
}

function forgeries(): readonly EnvelopeCase[] {
  const [first, second] = signBatch(
    [samplePayload('CANCEL'), samplePayload('FINALIZE'), samplePayload('STAKE')],
    ALICE,
    sha256,
  );
  const other = signEnvelope(samplePayload('CANCEL', {}, BOB), BOB, sha256);
  const wire = (bytes: Uint8Array | undefined) => {
    const decoded = decodeCbor(bytes ?? new Uint8Array());
    if (!decoded.ok) throw new Error(decoded.code);
    return decoded.value as unknown as readonly [Uint8Array, readonly DagValue[]];
  };
  const [payload, proof] = wire(first?.bytes);
  const [, [, , , , signature = null]] = wire(second?.bytes);
  const [, [, foreign = null]] = wire(other.bytes);
  const path = proof[3] as readonly DagValue[];
  const sealed = (value: readonly DagValue[]) => encodeCbor([payload, value]);
  return [
    refused('batch signature as single', sealed([0, signature])),
    refused('signed by somebody else', sealed([0, foreign])),
    refused('empty signature', sealed([0, new Uint8Array(64)])),
    refused('path too long', sealed(proof.with(3, [...path, new Uint8Array(32)]))),
    refused('path too short', sealed(proof.with(3, path.slice(1)))),
    refused('another index', sealed(proof.with(2, 1))),
    refused('another count, same path length', sealed(proof.with(1, 4))),
    refused('another count, another path length', sealed(proof.with(1, 5))),
    refused('index beyond count', sealed(proof.with(2, 3))),
    refused('count zero', sealed(proof.with(1, 0))),
    refused('no proof', sealed([])),
    refused('proof of another kind', sealed([2, signature])),
    refused('trailing byte', Uint8Array.of(...(first?.bytes ?? []), 0)),
  ];
}

export const envelopes = defineKind<EnvelopeCase>({
  kind: 'envelopes',
  about: 'wire bytes of envelopes with id, hash and payload, or the code they are refused with',
  generate() {
    const batch = ALL_VERBS.slice(0, 5).map((verb) => samplePayload(verb));
    return [
      ...ALL_VERBS.map((verb) => accepted(`single ${verb}`, signEnvelope(samplePayload(verb), ALICE, sha256).bytes)),
      ...signBatch(batch, ALICE, sha256).map(({ bytes }, i) => accepted(`batch ${i} of ${batch.length}`, bytes)),
      ...signBatch([samplePayload('TICK')], ALICE, sha256).map(({ bytes }) => accepted('batch of one', bytes)),
      ...forgeries(),
    ];
  },
  judge({ hex, verdict, id, hash, payload }) {
    const bytes = fromHex(hex);
    for (const crypto of [sodiumCrypto, nodeCrypto]) {
      const opened = openEnvelope(bytes, crypto);
      expect(opened.ok ? 'accepted' : opened.code).toBe(verdict);
      if (!opened.ok) continue;
      expect([opened.envelope.id, opened.envelope.hash]).toEqual([id, hash]);
      const [payloadBytes] = (decodeCbor(bytes) as { value: unknown }).value as readonly [Uint8Array];
      const decoded = decodeCbor(payloadBytes);
      expect(decoded.ok && toDagJson(decoded.value)).toBe(payload);
    }
  },
});
