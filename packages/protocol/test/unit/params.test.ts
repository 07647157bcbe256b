import { expect, test } from 'vitest';
import type { DagValue } from '../../src/cbor/value.ts';
import {
  challengeSeal,
  type DagMap,
  decodeCbor,
  encodeCbor,
  encodeGenesis,
  type Genesis,
  genesisCid,
  PRESETS,
  type ProtocolCode,
  parseGenesis,
  parseParams,
  presetParams,
  type RawParams,
  toHex,
} from '../../src/index.ts';
import { RELATION_NAMES } from '../../src/params.ts';
import { sha256 } from '../support/crypto.ts';
import { ALICE, BOB, bytes32, cidOfText, sampleGenesis } from '../support/samples.ts';

const DAY = 24 * 3600 * 1000;

/** For each relation, a change of the dev preset that breaks it and no earlier one. */
const BREAKS: Readonly<Record<string, Partial<RawParams>>> = {
  'unbonding outlives hold': { unbondingMs: 4000 },
  'hold is twice the challenge window': { holdMs: 3999 },
  'an opening fits the challenge window': { openingMs: 2001 },
  'seats answer within the challenge window': { answerMs: 2001 },
  'time moves within every window': { reportStepMs: 51 },
  'stale reports outlive ticks': { staleMs: 100 },
  'a backoff is short of an answer': { backoffMsMax: 501 },
  'a lease outlives its missed heartbeats': { leaseMs: 4000 },
  'the least pool seats K of 3': { minEligible: 6 },
  'the least pool can reveal a seed': { seedReveals: 8 },
  'capped weights fill a draw': { weightCapBps: 1428 },
  'slashing an accomplice never gains': { challengerShareBps: 9001 },
  'a result without verdict pays less than a pass': { undecidablePayBps: 10_000 },
  'a plant costs more than it is repaid': { plantRepayBps: 5001 },
  'a failure burns what a pass burns': { reputationBurnBps: 1001 },
  'after bootstrap committees can sit': { bootstrapVerifiers: 6 },
  'a chain outlives silences': { chainLength: 2 },
};

test('both presets hold, are frozen, and have the numbers of the plan', () => {
  const dev = presetParams('dev');
  const main = presetParams('main');
  expect([Object.isFrozen(dev), Object.isFrozen(main)]).toEqual([true, true]);
  expect([dev.tickMs, dev.bidMs, dev.answerMs, dev.challengeMs, dev.holdMs, dev.unbondingMs]).toEqual([
    50, 300, 1000, 2000, 4000, 10_000,
  ]);
  expect([main.tickMs, main.bidMs, main.answerMs, main.challengeMs, main.holdMs, main.unbondingMs]).toEqual([
    5000,
    30_000,
    600_000,
    DAY,
    2 * DAY,
    7 * DAY,
  ]);
  expect([dev.kTarget, main.kTarget, dev.checkpointMs, main.checkpointMs]).toEqual([3, 7, null, 300_000]);
});

test('every relation is asserted, under its name', () => {
  expect(Object.keys(BREAKS)).toEqual(RELATION_NAMES);
  for (const [name, change] of Object.entries(BREAKS)) {
    expect(parseParams({ ...PRESETS.dev, ...change })).toEqual({ ok: false, code: 'params_relation', path: name });
    expect(() => presetParams('dev', change)).toThrow(name);
  }
});

test('every field is there, an integer or a table of them, and within its range', () => {
  for (const key of Object.keys(PRESETS.dev)) {
    const { [key as keyof RawParams]: _gone, ...rest } = PRESETS.dev;
    expect(parseParams(rest)).toEqual({ ok: false, code: 'lacking_field', path: key });
    if (key === 'seatFeeMax') continue;
    expect(parseParams({ ...PRESETS.dev, [key]: -1 })).toEqual({ ok: false, code: 'out_of_range', path: key });
    expect(parseParams({ ...PRESETS.dev, [key]: 'x' })).toEqual({ ok: false, code: 'wrong_type', path: key });
  }
  const caps = (seatFeeMax: DagValue) => parseParams({ ...PRESETS.dev, seatFeeMax });
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`class-${index}`, 1]));
  expect(caps({ some: 0 })).toEqual({ ok: false, code: 'out_of_range', path: 'seatFeeMax.some' });
  expect(caps(many)).toEqual({ ok: false, code: 'too_long', path: 'seatFeeMax' });
  expect(caps(1)).toEqual({ ok: false, code: 'wrong_type', path: 'seatFeeMax' });
  expect(parseParams({ ...PRESETS.dev, other: 1 })).toEqual({ ok: false, code: 'unknown_field', path: 'other' });
  expect(parseParams(null)).toEqual({ ok: false, code: 'wrong_type', path: '' });
});

test('a genesis goes there and back, and its CID names it', () => {
  const genesis = sampleGenesis();
  const bytes = encodeGenesis(genesis);
  expect(parseGenesis(bytes)).toEqual({ ok: true, genesis });
  expect(genesisCid(genesis, sha256)).not.toBe(genesisCid({ ...genesis, name: 'other' }, sha256));
});

test('a genesis says in how many buckets its log is, and nothing where that is one', () => {
  const genesis = sampleGenesis();
  expect('buckets' in genesis).toBe(false);
  for (const buckets of [2, 256]) {
    const spread = { ...genesis, buckets };
    expect(parseGenesis(encodeGenesis(spread))).toEqual({ ok: true, genesis: spread });
    expect(genesisCid(spread, sha256)).not.toBe(genesisCid(genesis, sha256));
  }
  for (const buckets of [0, 1, 257]) expect(() => encodeGenesis({ ...genesis, buckets })).toThrow('out_of_range');
});

test('a genesis that contradicts itself is refused', () => {
  const genesis = sampleGenesis();
  const [account, member] = [genesis.accounts[0], genesis.members[0]];
  if (account === undefined || member === undefined) throw new Error('a sample has both');
  const cases: readonly (readonly [change: Partial<Genesis>, code: ProtocolCode, path: string])[] = [
    [{ supplyCap: 2_999_999 }, 'supply_exceeded', 'accounts'],
    [{ accounts: [account, account] }, 'duplicate', 'accounts.1'],
    [
      {
        accounts: [{ did: ALICE.did, free: Number.MAX_SAFE_INTEGER, stake: Number.MAX_SAFE_INTEGER }],
        supplyCap: Number.MAX_SAFE_INTEGER,
      },
      'supply_exceeded',
      'accounts',
    ],
    [{ arbiters: [member.did, member.did] }, 'duplicate', 'arbiters.1'],
    [{ members: [member, member] }, 'duplicate', 'members.1'],
    [{ members: [{ ...member, tip: null }] }, 'out_of_range', 'members.0.chainLength'],
    [{ members: [{ ...member, chainLength: 0 }] }, 'out_of_range', 'members.0.chainLength'],
    [{ name: '' }, 'too_short', 'name'],
    [{ epoch: 0 }, 'out_of_range', 'epoch'],
  ];
  const decoded = decodeCbor(encodeGenesis(genesis));
  const base = (decoded.ok ? decoded.value : {}) as DagMap;
  for (const [change, code, path] of cases) {
    expect(() => encodeGenesis({ ...genesis, ...change })).toThrow(code);
    expect(parseGenesis(encodeCbor({ ...base, ...wireOf(change) }))).toEqual({ ok: false, code, path });
  }
  expect(parseGenesis(new Uint8Array(1024 * 1024 + 1))).toEqual({ ok: false, code: 'genesis_too_large', path: '' });
  expect(parseGenesis(encodeCbor({ ...base, params: { ...(base['params'] as DagMap), minEligible: 6 } }))).toEqual({
    ok: false,
    code: 'params_relation',
    path: 'params.the least pool seats K of 3',
  });
  const none = { ...genesis, members: [{ ...member, tip: null, chainLength: 0, org: null }], accounts: [] };
  expect(parseGenesis(encodeGenesis(none)).ok).toBe(true);
});

/** These fields of a genesis are the same in memory and on the wire. */
const wireOf = (change: Partial<Genesis>) => change as DagMap;

test('a seal binds each of its parts', () => {
  const sealed = {
    challenger: ALICE.did,
    subject: cidOfText('commit'),
    class: 'missing_citation',
    salt: bytes32(1),
    claim: { output: 0, key: 's/0001', step: 0 },
    evidence: bytes32(2),
  } as const;
  const variants = [
    sealed,
    { ...sealed, challenger: BOB.did },
    { ...sealed, subject: cidOfText('other') },
    { ...sealed, class: 'schema_violation' } as const,
    { ...sealed, salt: bytes32(3) },
    { ...sealed, claim: { ...sealed.claim, output: 1 } },
    { ...sealed, claim: { ...sealed.claim, key: 's/0002' } },
    { ...sealed, claim: { ...sealed.claim, step: 1 } },
    { ...sealed, evidence: null },
  ];
  expect(new Set(variants.map((one) => toHex(challengeSeal(one, sha256)))).size).toBe(variants.length);
  expect(challengeSeal(sealed, sha256)).toHaveLength(32);
});
