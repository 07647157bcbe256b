import { fromAscii } from './bytes.ts';
import type { Sha256 } from './crypto.ts';
import type { Cid } from './ids.ts';

/** Codecs a CID of this network may name. */
export type CidCodec = 'raw' | 'dag-cbor' | 'dag-pb';

/** A block and its name. */
export interface Block {
  readonly cid: Cid;
  readonly bytes: Uint8Array;
}

/** Bytes of a binary CID: version, codec, hash function, hash length, 32 byte digest. */
export const CID_BYTES = 36;
const CID_CHARS = 59;
const CODES = { raw: 0x55, 'dag-cbor': 0x71, 'dag-pb': 0x70 } as const;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const VALUES = new Int8Array(128).fill(-1);
const CODES_OF_VALUES = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
/** Where the characters of a CID are put together; the first is always b. */
const CHARACTERS = new Uint8Array(CID_CHARS).fill(0x62);
for (let i = 0; i < ALPHABET.length; i += 1) VALUES[ALPHABET.charCodeAt(i)] = i;

function isCodecCode(code: number | undefined): boolean {
  return code === CODES.raw || code === CODES['dag-cbor'] || code === CODES['dag-pb'];
}

/** Base32 text of the 36 bytes of a CID that begin at `at`; undefined when they are no CID of this network. */
export function cidFromBytes(bytes: Uint8Array, at = 0): Cid | undefined {
  if (bytes.length < at + CID_BYTES || bytes[at] !== 1 || bytes[at + 2] !== 0x12 || bytes[at + 3] !== 0x20)
    return undefined;
  if (!isCodecCode(bytes[at + 1])) return undefined;
  // Five bytes are eight characters; the 36th byte is two more, the last two bits of the second zero.
  let to = 1;
  for (let i = at; i < at + 35; i += 5) {
    const high = ((bytes[i] ?? 0) << 12) | ((bytes[i + 1] ?? 0) << 4) | ((bytes[i + 2] ?? 0) >>> 4);
    const low = (((bytes[i + 2] ?? 0) & 15) << 16) | ((bytes[i + 3] ?? 0) << 8) | (bytes[i + 4] ?? 0);
    for (let shift = 15; shift >= 0; shift -= 5, to += 1) {
      CHARACTERS[to] = CODES_OF_VALUES[(high >>> shift) & 31] ?? 0;
      CHARACTERS[to + 4] = CODES_OF_VALUES[(low >>> shift) & 31] ?? 0;
    }
    to += 4;
  }
  const last = bytes[at + 35] ?? 0;
  CHARACTERS[to] = CODES_OF_VALUES[last >>> 3] ?? 0;
  CHARACTERS[to + 1] = CODES_OF_VALUES[(last << 2) & 31] ?? 0;
  return fromAscii(CHARACTERS) as Cid;
}

/** The 36 bytes a CID stands for; undefined when the text is no canonical CID of this network. */
export function cidToBytes(text: string): Uint8Array | undefined {
  if (text.length !== CID_CHARS || text.charCodeAt(0) !== 0x62) return undefined;
  const bytes = new Uint8Array(CID_BYTES);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 1; i < CID_CHARS; i += 1) {
    const value = VALUES[text.charCodeAt(i)] ?? -1;
    if (value < 0) return undefined;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >>> bits) & 0xff;
      at += 1;
      held &= 0xff;
    }
  }
  const unusedBits = held & ((1 << bits) - 1);
  if (unusedBits !== 0 || bytes[0] !== 1 || bytes[2] !== 0x12 || bytes[3] !== 0x20) return undefined;
  return isCodecCode(bytes[1]) ? bytes : undefined;
}

/** The text as a CID when it is one in canonical form. */
export function parseCid(text: string): Cid | undefined {
  return cidToBytes(text) === undefined ? undefined : (text as Cid);
}

/** CID of a digest already computed (32 bytes). */
export function cidOfDigest(digest: Uint8Array, codec: CidCodec): Cid {
  if (digest.length !== 32) throw new RangeError('a sha2-256 digest has 32 bytes');
  const bytes = new Uint8Array(CID_BYTES);
  bytes[0] = 1;
  bytes[1] = CODES[codec];
  bytes[2] = 0x12;
  bytes[3] = 0x20;
  bytes.set(digest, 4);
  const cid = cidFromBytes(bytes);
  if (cid === undefined) throw new Error('a CID just made is a CID');
  return cid;
}

/** CID of a block. */
export function cidOf(bytes: Uint8Array, codec: CidCodec, sha256: Sha256): Cid {
  return cidOfDigest(sha256(bytes), codec);
}

/** Which codec a CID names. The third character holds the low bits of it: `bafk` raw, `bafy` dag-cbor, `bafyb` dag-pb. */
export function codecOf(cid: Cid): CidCodec {
  const code = cidToBytes(cid)?.[1];
  if (code === CODES.raw) return 'raw';
  return code === CODES['dag-pb'] ? 'dag-pb' : 'dag-cbor';
}

/** The 32 byte digest a CID names. */
export function digestOf(cid: Cid): Uint8Array {
  const bytes = cidToBytes(cid);
  if (bytes === undefined) throw new Error('a branded Cid is canonical');
  return bytes.slice(4);
}
