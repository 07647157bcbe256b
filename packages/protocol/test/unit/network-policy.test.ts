import { describe, expect, it } from 'vitest';
import { decodeCbor } from '../../src/cbor/decode.ts';
import { encodeCbor } from '../../src/cbor/encode.ts';
import { cidOf } from '../../src/cid.ts';
import { encodeGenesis, type Genesis, parseGenesis } from '../../src/genesis.ts';
import { encodeBody, parseBody } from '../../src/payload.ts';
import { type Capsule, encodeCapsule } from '../../src/policy/capsule.ts';
import { policyOf, policyOfPieces, policyPieces } from '../../src/policy/network-policy.ts';
import { presetParams } from '../../src/presets.ts';
import { sha256 } from '../support/crypto.ts';
import { ALICE, samplePayload } from '../support/samples.ts';

/** A module of three pieces, of which the first two are the same. */
const engine = new Uint8Array(40_000).fill(7).fill(8, 32_768);
const named = cidOf(engine, 'raw', sha256);
const capsule: Capsule = {
  v: 1,
  name: 'sample',
  schema: 1,
  engine: named,
  source: named,
  parameters: {},
  gas: 1,
  memoryBytes: 65_536,
  builtins: [],
  conformance: named,
};
const genesis: Genesis = {
  v: 1,
  kind: 'genesis',
  name: 'sample',
  time: 1,
  incarnation: 1,
  rulesVersion: 1,
  epoch: 1,
  authority: ALICE.did,
  supplyCap: 1,
  params: presetParams('dev'),
  accounts: [],
  members: [],
  arbiters: [],
};

describe('a genesis', () => {
  it('has a policy or no such field', () => {
    const policy = { capsule: encodeCapsule(capsule), engine };
    for (const one of [genesis, { ...genesis, policy }])
      expect(parseGenesis(encodeGenesis(one))).toEqual({ ok: true, genesis: one });
    const decoded = decodeCbor(encodeGenesis(genesis));
    if (!decoded.ok) return expect.fail(decoded.code);
    const fields = decoded.value as Readonly<Record<string, never>>;
    expect(Object.keys(fields)).not.toContain('policy');
    const refusals = [
      [null, 'wrong_type', 'policy'],
      [{ capsule: policy.capsule }, 'lacking_field', 'policy.engine'],
      [{ ...policy, engine: new Uint8Array(491_521) }, 'too_long', 'policy.engine'],
      [{ ...policy, capsule: new Uint8Array(0) }, 'too_short', 'policy.capsule'],
    ] as const;
    for (const [value, code, path] of refusals)
      expect(parseGenesis(encodeCbor({ ...fields, policy: value }))).toEqual({ ok: false, code, path });
    expect(parseGenesis(encodeCbor({ ...fields, other: null }))).toMatchObject({ ok: false, code: 'unknown_field' });
  });
});

describe('a policy in pieces', () => {
  const { body, blocks } = policyPieces({ capsule, engine }, sha256);
  const shown = new Map(blocks.map(({ cid, bytes }) => [cid, bytes]));

  it('is put together again', () => {
    expect([body.pieces.length, blocks.length]).toEqual([3, 3]);
    expect(policyOfPieces(body, shown, sha256)).toEqual({ cid: body.capsule, capsule, engine });
  });

  it('is none where a block lacks, or the pieces are in another order or of another module', () => {
    for (const { cid } of blocks) {
      const without = new Map([...shown].filter(([one]) => one !== cid));
      expect(policyOfPieces(body, without, sha256)).toBe(null);
    }
    expect(policyOfPieces({ ...body, pieces: body.pieces.toReversed() }, shown, sha256)).toBe(null);
    expect(policyOf(encodeCapsule(capsule), engine.slice(1), sha256)).toBe(null);
    expect(policyOf(engine, engine, sha256)).toBe(null);
  });

  it('has a module that an entry can bring', () => {
    const large = new Uint8Array(491_521);
    expect(() => policyPieces({ capsule, engine: large }, sha256)).toThrow(RangeError);
  });
});

describe('telemetry of a result', () => {
  const measured = { wallMs: 1, bytesRead: 2, bytesWritten: 3 };
  const use = { tokens: 1, models: ['m'], tools: ['t'], egress: [{ label: 'l', zone: 'z', bytes: 4 }] };
  const read = (telemetry: unknown) => parseBody('COMMIT', encodeCbor({ ...commitOf({}), telemetry } as never));
  const commitOf = (telemetry: unknown) => {
    const decoded = decodeCbor(encodeBody(samplePayload('COMMIT')));
    if (!decoded.ok) throw new Error(decoded.code);
    return { ...(decoded.value as object), telemetry };
  };

  it('says what was used, or has no such field', () => {
    expect(read(measured)).toMatchObject({ ok: true, value: { telemetry: measured } });
    expect(read({ ...measured, use })).toMatchObject({ ok: true, value: { telemetry: { ...measured, use } } });
  });

  it('is refused with anything else', () => {
    const refusals = [
      [null, 'wrong_type', 'telemetry.use'],
      [{ ...use, tokens: -1 }, 'out_of_range', 'telemetry.use.tokens'],
      [{ ...use, models: [''] }, 'too_short', 'telemetry.use.models.0'],
      [{ ...use, tools: Array.from({ length: 17 }, () => 't') }, 'too_long', 'telemetry.use.tools'],
      [{ ...use, egress: [{ label: 'l', zone: 'z' }] }, 'lacking_field', 'telemetry.use.egress.0.bytes'],
      [{ ...use, more: 1 }, 'unknown_field', 'telemetry.use.more'],
    ] as const;
    for (const [value, code, path] of refusals)
      expect(read({ ...measured, use: value })).toEqual({ ok: false, code, path });
  });
});
