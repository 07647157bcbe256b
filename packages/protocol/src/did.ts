import { base58btc } from 'multiformats/bases/base58';
import { BoundedCache } from './bounded-cache.ts';
import { plainBytes, toHex } from './bytes.ts';
import { isCanonicalPoint } from './ed25519.ts';
import type { Did } from './ids.ts';

const PREFIX = 'did:key:';
/** `did:key:z` and 47 base58 characters of 34 bytes beginning ed 01. */
const DID_CHARS = 56;
const CACHE_GENERATION = 4096;

/** Both caches hold only facts about their keys, so forgetting or sharing them changes no result. */
const keys = new BoundedCache<string, Uint8Array>(CACHE_GENERATION);
const dids = new BoundedCache<string, Did>(CACHE_GENERATION);

/** The did:key of a 32 byte Ed25519 public key. A key that `isCanonicalPoint` refuses has none and throws. */
export function didOfKey(publicKey: Uint8Array): Did {
  if (!isCanonicalPoint(publicKey))
    throw new TypeError('not an Ed25519 public key: wrong size, non-canonical or small order');
  const cacheKey = toHex(publicKey);
  const cached = dids.get(cacheKey);
  if (cached !== undefined) return cached;
  const bytes = new Uint8Array(34);
  bytes[0] = 0xed;
  bytes[1] = 0x01;
  bytes.set(publicKey, 2);
  const did = (PREFIX + base58btc.encode(bytes)) as Did;
  dids.set(cacheKey, did);
  return did;
}

function decodeKey(text: string): Uint8Array | undefined {
  if (text.length !== DID_CHARS || !text.startsWith('did:key:z6Mk')) return undefined;
  try {
    const bytes = plainBytes(base58btc.decode(text.slice(PREFIX.length)));
    if (bytes.length !== 34 || bytes[0] !== 0xed || bytes[1] !== 0x01) return undefined;
    const key = bytes.slice(2);
    return isCanonicalPoint(key) && didOfKey(key) === text ? key : undefined;
  } catch {
    return undefined;
  }
}

/** The text as a Did when it is the canonical did:key of a usable Ed25519 key. */
export function parseDid(text: string): Did | undefined {
  if (keys.get(text) !== undefined) return text as Did;
  const key = decodeKey(text);
  if (key === undefined) return undefined;
  keys.set(text, key);
  return text as Did;
}

/** The 32 byte public key of a Did. */
export function keyOfDid(did: Did): Uint8Array {
  const cached = keys.get(did);
  if (cached !== undefined) return cached;
  const key = decodeKey(did);
  if (key === undefined) throw new Error('a branded Did is canonical');
  keys.set(did, key);
  return key;
}
