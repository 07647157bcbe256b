import { expect } from 'vitest';
import {
  cidOf,
  encodeEvidence,
  entryFromJson,
  entryToJson,
  fromHex,
  sealEntry,
  signBatch,
  signEnvelope,
  toHex,
  utf8,
  type Verb,
  verifyEntry,
} from '../../../src/index.ts';
import { nodeCrypto, sha256, sodiumCrypto } from '../../support/crypto.ts';
import { ALICE, BOB, bytes32, samplePayload } from '../../support/samples.ts';
import { defineKind } from '../kind.ts';

interface EntryCase {
  readonly name: string;
  /** the entry as one line of DAG-JSON, which stands for its bytes */
  readonly line: string;
  /** sha256 of the bytes */
  readonly hash: string;
  /** "accepted" or the refusal's code and path */
  readonly verdict: string;
}

function verdictOf(bytes: Uint8Array, crypto = sodiumCrypto): string {
  const verdict = verifyEntry(bytes, crypto);
  return verdict.ok ? 'accepted' : `${verdict.code} ${verdict.path}`.trim();
}

const words = utf8('evidence');

function sealed(verb: Verb, evidence: Uint8Array | null): Uint8Array {
  const own = evidence === null ? {} : { evidence: sha256(evidence) };
  return sealEntry(signEnvelope(samplePayload(verb, own), ALICE, sha256).bytes, evidence);
}

function samples(): readonly (readonly [name: string, bytes: Uint8Array])[] {
  const votes = signBatch([samplePayload('ATTEST', {}, BOB), samplePayload('REJECT', {}, BOB)], BOB, sha256).map(
    ({ bytes }) => bytes,
  );
  const block = { cid: cidOf(words, 'raw', sha256), bytes: words };
  const evidence = encodeEvidence({ envelopes: votes, blocks: [block] });
  const twice = encodeEvidence({ envelopes: votes, blocks: [block, block] });
  const other = encodeEvidence({ envelopes: [], blocks: [{ cid: block.cid, bytes: utf8('other') }] });
  const join = samplePayload('JOIN');
  const foreign = samplePayload('JOIN', { body: samplePayload('JOIN', {}, BOB).body as never });
  const good = sealed('CERTIFY', evidence);
  return [
    ['no evidence', sealed('FINALIZE', null)],
    ['votes of one batch, a block', good],
    ['join with credential', sealEntry(signEnvelope(join, ALICE, sha256).bytes, null)],
    ["join with another key's credential", sealEntry(signEnvelope(foreign, ALICE, sha256).bytes, null)],
    ['gossip', sealEntry(votes[0] ?? words, null)],
    [
      'other evidence than the payload names',
      sealEntry(signEnvelope(samplePayload('CERTIFY'), ALICE, sha256).bytes, evidence),
    ],
    ['a block twice', sealed('CERTIFY', twice)],
    ['a block that is not its CID', sealed('CERTIFY', other)],
    ['evidence that is no list', sealed('TICK', bytes32(0))],
    [
      'a changed signature',
      good.with(good.length - evidence.length - 5, (good[good.length - evidence.length - 5] ?? 0) ^ 1),
    ],
    ['not an entry', utf8('not an entry')],
  ];
}

export const entries = defineKind<EntryCase>({
  kind: 'entries',
  about: 'log entries as DAG-JSON lines, the hash of their bytes, and whether they verify',
  generate: () =>
    samples().map(([name, bytes]) => ({
      name,
      line: entryToJson(bytes),
      hash: toHex(sha256(bytes)),
      verdict: verdictOf(bytes),
    })),
  judge({ line, hash, verdict }) {
    const read = entryFromJson(line);
    if (!read.ok) throw new Error(read.code);
    expect(toHex(sha256(read.bytes))).toBe(hash);
    expect(entryToJson(read.bytes)).toBe(line);
    expect([verdictOf(read.bytes), verdictOf(read.bytes, nodeCrypto)]).toEqual([verdict, verdict]);
    const verified = verifyEntry(read.bytes, sodiumCrypto);
    if (verified.ok) expect(verified.entry.hash).toEqual(fromHex(hash));
  },
});
