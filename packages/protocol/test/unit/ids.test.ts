import { CID } from 'multiformats/cid';
import { expect, test } from 'vitest';
import {
  cidFromBytes,
  cidOf,
  cidToBytes,
  codecOf,
  compareText,
  didOfKey,
  digestOf,
  fromHex,
  fromUtf8,
  keyOfDid,
  nextLamport,
  parseCid,
  parseDid,
  toHex,
  utf8,
  utf8Length,
} from '../../src/index.ts';
import { sha256 } from '../support/crypto.ts';
import { ALICE, bytes32 } from '../support/samples.ts';

const CODES = { raw: 0x55, 'dag-cbor': 0x71, 'dag-pb': 0x70 } as const;

test('a CID has the text and bytes that multiformats gives it, in every codec', () => {
  for (const codec of ['raw', 'dag-cbor', 'dag-pb'] as const) {
    for (let i = 0; i < 50; i += 1) {
      const block = utf8(`block ${i}`);
      const cid = cidOf(block, codec, sha256);
      const other = CID.parse(cid);
      expect([other.version, other.code, other.toString()]).toEqual([1, CODES[codec], cid]);
      expect(cidToBytes(cid)).toEqual(new Uint8Array(other.bytes));
      expect(cidFromBytes(other.bytes)).toBe(cid);
      expect([codecOf(cid), toHex(digestOf(cid))]).toEqual([codec, toHex(sha256(block))]);
    }
  }
});

test('what is no canonical CID of this network is none', () => {
  const cid = cidOf(utf8('x'), 'raw', sha256);
  const withSpareBits = `${cid.slice(0, 58)}${String.fromCharCode(cid.charCodeAt(58) + 1)}`;
  const foreign = [
    '',
    cid.toUpperCase(),
    cid.slice(1),
    `${cid}a`,
    `z${cid.slice(1)}`,
    withSpareBits,
    'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG',
    'bafkqaaa', // identity hash
    `${cid.slice(0, 20)}1${cid.slice(21)}`,
    `${cid.slice(0, 20)}é${cid.slice(21)}`,
  ];
  for (const text of foreign) expect([text, parseCid(text)]).toEqual([text, undefined]);
  expect(parseCid(cid)).toBe(cid);
  const bytes = cidToBytes(cid) ?? new Uint8Array();
  for (const [at, value] of [
    [0, 0],
    [1, 0x51],
    [2, 0x13],
    [3, 0x1f],
  ] as const) {
    expect(cidFromBytes(bytes.with(at, value))).toBeUndefined();
  }
  expect(cidFromBytes(bytes.subarray(1))).toBeUndefined();
});

test('a did:key and its key are one to one; anything else is no Did', () => {
  const key = keyOfDid(ALICE.did);
  expect(didOfKey(key)).toBe(ALICE.did);
  expect(ALICE.did).toMatch(/^did:key:z6Mk.{44}$/);
  const wrong = [
    '',
    'did:key:',
    ALICE.did.slice(0, -1),
    `${ALICE.did}1`,
    ALICE.did.replace('key', 'web'),
    `${ALICE.did.slice(0, -1)}0`,
  ];
  // the same key in a longer base58 form, and an X25519 key
  wrong.push('did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc', ALICE.did.replace('z6Mk', 'z16M'));
  for (const text of wrong) expect([text, parseDid(text)]).toEqual([text, undefined]);
});

test('keys that are non-canonical or of small order have no Did', () => {
  for (const hex of [
    `01${'00'.repeat(31)}`,
    '00'.repeat(32),
    'ff'.repeat(32),
    `ed${'ff'.repeat(30)}7f`,
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  ]) {
    expect(() => didOfKey(fromHex(hex))).toThrow(TypeError);
  }
  expect(() => didOfKey(bytes32(1).subarray(1))).toThrow(TypeError);
});

test('text helpers agree with UTF-8', () => {
  for (const text of ['', 'a', 'é', '€', '😀', 'a😀é', '\ufeffbom', '\u{10ffff}', '￿']) {
    expect([utf8Length(text), fromUtf8(utf8(text))]).toEqual([Buffer.byteLength(text), text]);
  }
  expect(fromUtf8(Uint8Array.of(0xff))).toBeUndefined();
  expect(() => utf8('\ud800')).toThrow(TypeError);
  expect(() => fromHex('0')).toThrow(TypeError);
  expect(() => fromHex('0G')).toThrow(TypeError);
  // UTF-16 order would put the emoji before U+FFFF
  const sorted = ['😀', '￿', 'é', 'e', '', 'ee'].sort(compareText);
  expect(sorted).toEqual(['', 'e', 'ee', 'é', '￿', '😀']);
});

test('logical time rises strictly and follows the clock', () => {
  expect(nextLamport(-1, 0)).toBe(0);
  expect(nextLamport(5, 1)).toBe(1024);
  expect(nextLamport(1024, 1)).toBe(1025);
  expect(nextLamport(9000, 1)).toBe(9001);
  expect(() => nextLamport(Number.MAX_SAFE_INTEGER, 1)).toThrow(RangeError);
  expect(() => nextLamport(-1, 1.0001)).toThrow(RangeError);
});
