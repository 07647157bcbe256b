import type { Commit, Need } from '@canswarm/kernel';
import { sodiumCrypto } from '@canswarm/local';
import {
  type ArtifactRef,
  type Block,
  buildRecord,
  buildTree,
  type Cid,
  cidOf,
  type DagMap,
  EVIDENCE_BYTES_MAX,
  encodeAcceptance,
  encodeEvidence,
  utf8,
} from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { policyViolation, statedResult } from '../src/stated-result.ts';

const { sha256 } = sodiumCrypto();
const kept = new Map<Cid, Uint8Array>();

function keep(blocks: readonly Block[]): void {
  for (const { cid, bytes } of blocks) kept.set(cid, bytes);
}

async function fetch(cid: Cid): Promise<Uint8Array> {
  const bytes = kept.get(cid);
  if (bytes === undefined) throw new Error(`nobody has ${cid}`);
  return bytes;
}

/** A result of so many statements that cite nothing. */
function stating(count: number, more: DagMap = {}): ArtifactRef {
  const records = Array.from({ length: count }, (_, at) => buildRecord({ at, ...more }, sha256));
  return tree(records);
}

function tree(records: readonly ReturnType<typeof buildRecord>[]): ArtifactRef {
  const entries = records.map(({ cid, size }, at) => ({ key: `s/${10_000 + at}`, cid, leaves: 1, size }));
  const { blocks, ref } = buildTree(entries, sha256);
  keep([...records, ...blocks]);
  return ref;
}

const acceptance = pinned(encodeAcceptance({ v: 1, tier: 2, checker: 'any', params: {}, schemas: {}, example: null }));

function pinned(bytes: Uint8Array): Cid {
  const cid = cidOf(bytes, 'dag-cbor', sha256);
  kept.set(cid, bytes);
  return cid;
}

const need = { inputs: [stating(1)], body: { acceptance } } as unknown as Need;
const count = (output: ArtifactRef) => statedResult(need, [output], fetch, sha256);

describe('what a result states', () => {
  it('is counted, with the blocks that show it and no others', async () => {
    const found = await count(stating(3));
    expect(found?.stated).toEqual({ statements: 3, cited: 0 });
    expect(found?.blocks.length).toBe(5);
    expect(found?.blocks.map(({ cid }) => cid)).toContain(acceptance);
  });

  it('is not counted where evidence has no room to show it', async () => {
    expect((await count(stating(1_000)))?.stated.statements).toBe(1_000);
    expect(await count(stating(1_100))).toBe(null);
    const long = { text: 'x'.repeat(10_000) };
    const most = await count(stating(50, long));
    expect(encodeEvidence({ envelopes: [], blocks: most?.blocks ?? [] }).length).toBeLessThan(EVIDENCE_BYTES_MAX);
    expect(await count(stating(60, long))).toBe(null);
  });

  it('is counted to the last byte that evidence has room for', async () => {
    const shown = (result: Awaited<ReturnType<typeof count>>) =>
      encodeEvidence({ envelopes: [], blocks: result?.blocks ?? [] }).length;
    // Records of about 470 bytes, and one that fills up what is left.
    const stating = (left: number) => count(tree([...many, buildRecord({ text: 'y'.repeat(left) }, sha256)]));
    const many = Array.from({ length: 940 }, (_, at) => buildRecord({ at, text: 'x'.repeat(440) }, sha256));
    const least = shown(await stating(300));
    const left = 300 + EVIDENCE_BYTES_MAX - least;
    expect(left).toBeLessThan(16_000);
    const most = await stating(left);
    expect([shown(most), most?.stated.statements]).toEqual([EVIDENCE_BYTES_MAX, 941]);
    expect(await stating(left + 1)).toBe(null);
  });

  it('is not counted where a block is not what it should be, and nobody guesses where one lacks', async () => {
    const none = { ...need, body: { acceptance: pinned(utf8('none')) } } as Need;
    expect(await statedResult(none, [stating(1)], fetch, sha256)).toBe(null);
    await expect(count({ cid: buildRecord({ nobody: 'has it' }, sha256).cid, leaves: 1 })).rejects.toThrow(
      'nobody has',
    );
  });
});

describe('what shows that a policy denies it', () => {
  const asked = (allow: boolean): Commit['asked'] => {
    const telemetry = '{"bytesRead":0,"bytesWritten":0,"wallMs":1}';
    const question = `{"envelope":{"body":{"telemetry":${telemetry}}},"need":{"spent":{"ms":1,"tokens":0}},"work":null}`;
    const decide = () => ({ allow, reasons: [], gasUsed: 1 });
    return {
      input: utf8(question),
      policy: { cid: acceptance, conformance: acceptance, gas: 1_000, decide },
      digest: utf8('asked'),
    };
  };
  const shown = (commit: Partial<Commit>) =>
    policyViolation({ outputs: [stating(2)], ...commit } as Commit, need, fetch, sha256);

  it('is there only where it does', async () => {
    const [denied, allowed] = [asked(false), asked(true)];
    if (denied === undefined || allowed === undefined) throw new Error('they are asked');
    expect((await shown({ asked: denied }))?.blocks.length).toBe(4);
    expect(await shown({ asked: allowed })).toBe(null);
    expect(await shown({})).toBe(null);
    expect(await shown({ asked: denied, outputs: [stating(1_100)] })).toBe(null);
  });
});
