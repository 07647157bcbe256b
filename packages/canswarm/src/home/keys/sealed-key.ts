import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { type Did, parseDid } from '@canswarm/protocol';
import { HomeError } from '../home-error.ts';
import { type FileFormat, formatJson, isObject, type JsonObject, parseObject, versionOf } from '../versioned-file.ts';
import { isSoundKdf, type Kdf } from './kdf.ts';

/**
 * What a secret is for.
 * - `agent`: the Ed25519 seed of an agent, which signs all it says.
 * - `chain`: the secret at the root of a verifier's hash chain; its `did` is the agent's.
 * - `node`: the Ed25519 seed of a node's address in the network.
 * - `authority`: the Ed25519 seed of a network's genesis authority.
 */
export const KEY_KINDS = ['agent', 'chain', 'node', 'authority'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** What a key file says openly about its key. All of it is authenticated with the secret. */
export interface KeyFacts {
  readonly name: string;
  readonly kind: KeyKind;
  /** The `did:key` of the seed; of a chain, that of the agent whose it is. */
  readonly did: Did;
  /** `machine`: the passphrase lies in a file beside, so whoever can read the home has the key. */
  readonly protection: 'passphrase' | 'machine';
  /** When it was made, ISO 8601 in UTC. */
  readonly createdAt: string;
  /** When it was imported from a backup; null when it was made here. */
  readonly restoredAt: string | null;
}

/** `key`: a file of the keystore. `backup`: what `canswarm key backup` writes. */
export type SealedFormat = 'canswarm key' | 'canswarm key backup';

/** A key file: facts, how its key is derived, and the encrypted secret. Bytes in hexadecimal. */
export interface SealedKey extends KeyFacts {
  readonly format: SealedFormat;
  readonly version: 1;
  readonly kdf: Kdf;
  readonly cipher: 'aes-256-gcm';
  readonly nonce: string;
  /** The encrypted 32 bytes and their 16-byte tag. */
  readonly ciphertext: string;
  /** Of all the rest: tells an accident from a wrong passphrase. */
  readonly sha256: string;
}

/** Size of every secret of the keystore, in bytes. */
export const SECRET_BYTES = 32;
const TAG_BYTES = 16;

/** Largest key or backup file that is read, in bytes. */
export const SEALED_BYTES_MAX = 8192;
const FORMAT: FileFormat = { kind: 'key file', privacy: 'private', bytesMax: SEALED_BYTES_MAX, migrations: [] };

type Header = Omit<SealedKey, 'ciphertext' | 'sha256'>;

/** What is authenticated with the secret: every field but the ciphertext, in this order. */
const headerText = (one: Header): string =>
  JSON.stringify([
    one.format,
    one.version,
    one.name,
    one.kind,
    one.did,
    one.protection,
    one.createdAt,
    one.restoredAt,
    [one.kdf.name, one.kdf.cost, one.kdf.blockSize, one.kdf.parallel, one.kdf.salt],
    one.cipher,
    one.nonce,
  ]);

const checksum = (header: Header, ciphertext: string): string =>
  createHash('sha256')
    .update(`${headerText(header)}\n${ciphertext}`)
    .digest('hex');

/** Encrypts a secret under a master key. The nonce is random: a master key seals far fewer than 2^32 secrets. */
export function seal(
  format: SealedFormat,
  facts: KeyFacts,
  secret: Uint8Array,
  { kdf, master }: { readonly kdf: Kdf; readonly master: Uint8Array },
): SealedKey {
  const { name, kind, did, protection, createdAt, restoredAt } = facts;
  const nonce = randomBytes(12);
  const header: Header = {
    format,
    version: 1,
    name,
    kind,
    did,
    protection,
    createdAt,
    restoredAt,
    kdf,
    cipher: 'aes-256-gcm',
    nonce: nonce.toString('hex'),
  };
  const cipher = createCipheriv('aes-256-gcm', master, nonce).setAAD(Buffer.from(headerText(header)));
  const encrypted = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]).toString('hex');
  return { ...header, ciphertext: encrypted, sha256: checksum(header, encrypted) };
}

/** Decrypts the secret; null when the master key is another's, or any field is not what was sealed. */
export function unseal(sealed: SealedKey, master: Uint8Array): Uint8Array | null {
  const bytes = Buffer.from(sealed.ciphertext, 'hex');
  const decipher = createDecipheriv('aes-256-gcm', master, Buffer.from(sealed.nonce, 'hex'), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(headerText(sealed))).setAuthTag(bytes.subarray(SECRET_BYTES));
  try {
    return Uint8Array.from(Buffer.concat([decipher.update(bytes.subarray(0, SECRET_BYTES)), decipher.final()]));
  } catch {
    return null;
  }
}

export const sealedText = (sealed: SealedKey): string => formatJson(sealed);

/** Reads a key file or backup. Throws `newer` for a later version, `damaged` for what was cut or changed. */
export function parseSealed(path: string, text: string): SealedKey {
  const found = parseObject(path, text);
  if (found['format'] !== 'canswarm key' && found['format'] !== 'canswarm key backup') {
    const todo = 'Name a file that `canswarm key backup` wrote, or one of the folder keys.';
    throw new HomeError('damaged', `${path} is no key file`, 'It does not say that it is one.', todo);
  }
  versionOf(path, found, FORMAT);
  const sealed = asSealed(found);
  if (sealed !== null && sealed.sha256 === checksum(sealed, sealed.ciphertext)) return sealed;
  throw new HomeError(
    'damaged',
    `${path} is not as it was written`,
    'It was cut, changed or damaged. Its key cannot be had from it.',
    'Restore it: canswarm key import BACKUP. Without a backup the key is lost.',
  );
}

const HEX = /^(?:[0-9a-f]{2})*$/;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const FIELDS = 13;

/** The object as a key file, when each field is of its form and there is no other. */
function asSealed(found: JsonObject): SealedKey | null {
  const { kdf } = found;
  const hex = (value: unknown, bytes: number): boolean =>
    typeof value === 'string' && value.length === 2 * bytes && HEX.test(value);
  const date = (value: unknown): boolean => typeof value === 'string' && DATE.test(value);
  const sound =
    Object.keys(found).length === FIELDS &&
    typeof found['name'] === 'string' &&
    KEY_KINDS.some((kind) => kind === found['kind']) &&
    typeof found['did'] === 'string' &&
    parseDid(found['did']) !== undefined &&
    (found['protection'] === 'passphrase' || found['protection'] === 'machine') &&
    date(found['createdAt']) &&
    (found['restoredAt'] === null || date(found['restoredAt'])) &&
    isObject(kdf) &&
    kdf['name'] === 'scrypt' &&
    hex(kdf['salt'], 16) &&
    found['cipher'] === 'aes-256-gcm' &&
    hex(found['nonce'], 12) &&
    hex(found['ciphertext'], SECRET_BYTES + TAG_BYTES) &&
    hex(found['sha256'], 32);
  // Every field was looked at above.
  const sealed = sound ? (found as unknown as SealedKey) : null;
  return sealed !== null && isSoundKdf(sealed.kdf) ? sealed : null;
}
