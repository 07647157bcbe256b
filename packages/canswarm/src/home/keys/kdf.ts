import { createHash, randomBytes, scrypt } from 'node:crypto';
import type { Secret } from '../secret.ts';

/** How a passphrase becomes a key (RFC 7914): cost, block size, parallelism, and 16 bytes of salt in hexadecimal. */
export interface Kdf {
  readonly name: 'scrypt';
  readonly cost: number;
  readonly blockSize: number;
  readonly parallel: number;
  readonly salt: string;
}

/** About 100 ms and 32 MiB: for files that lie in a private folder. */
const LOCAL_COST = 2 ** 15;
/** About 400 ms and 128 MiB: for backups, which travel. */
const BACKUP_COST = 2 ** 17;
const COST_MIN = 2 ** 14;
/** Most memory that a file may make this process use, in bytes. */
const MEMORY_MAX = 2 ** 28;
const MASTERS_MAX = 16;

/** New parameters with a salt of their own. */
export const newKdf = (purpose: 'local' | 'backup'): Kdf => ({
  name: 'scrypt',
  cost: purpose === 'local' ? LOCAL_COST : BACKUP_COST,
  blockSize: 8,
  parallel: 1,
  salt: randomBytes(16).toString('hex'),
});

/** Whether parameters of a file are such as this software may have written: neither worthless nor a trap. */
export function isSoundKdf({ cost, blockSize, parallel }: Kdf): boolean {
  const powerOfTwo = Number.isSafeInteger(cost) && cost >= COST_MIN && Number.isInteger(Math.log2(cost));
  return powerOfTwo && blockSize === 8 && parallel === 1 && 128 * cost * blockSize <= MEMORY_MAX;
}

/**
 * Derives master keys, each once: files of one passphrase share one salt, so that opening thirty of them costs one
 * derivation. Runs outside the event loop. Holds the master keys until `forget`.
 */
export class MasterKeys {
  readonly #kept = new Map<string, Promise<Buffer>>();

  /** The 32-byte master key. */
  of(passphrase: Secret<string>, kdf: Kdf): Promise<Buffer> {
    const text = passphrase.reveal();
    const name = createHash('sha256').update(`${kdf.salt}/${kdf.cost}/${text}`).digest('hex');
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept;
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size >= MASTERS_MAX && oldest !== undefined) this.#kept.delete(oldest);
    const derived = derive(text, kdf);
    this.#kept.set(name, derived);
    return derived;
  }

  /** Drops all master keys: the next key that is opened costs a derivation again. */
  forget(): void {
    this.#kept.clear();
  }
}

function derive(passphrase: string, { cost, blockSize, parallel, salt }: Kdf): Promise<Buffer> {
  const options = { N: cost, r: blockSize, p: parallel, maxmem: 2 * MEMORY_MAX };
  return new Promise((resolve, reject) => {
    scrypt(passphrase, Buffer.from(salt, 'hex'), 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
