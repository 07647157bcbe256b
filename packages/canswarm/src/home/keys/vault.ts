import { HomeError } from '../home-error.ts';
import { Secret } from '../secret.ts';
import { type Kdf, MasterKeys, newKdf } from './kdf.ts';
import { publicDid } from './public-did.ts';
import { type KeyFacts, type SealedFormat, type SealedKey, seal, unseal } from './sealed-key.ts';

/** Most different salts that are tried before a new one is made. */
const TRIES_MAX = 8;

/** Seals and unseals keys, and remembers the master keys that it derived. */
export class Vault {
  readonly #masters = new MasterKeys();

  /** The secret of a key. Throws `wrong_passphrase`. */
  async open(path: string, sealed: SealedKey, passphrase: Secret<string>): Promise<Secret<Uint8Array>> {
    const secret = await this.#tryOpen(sealed, passphrase);
    if (secret === null) throw wrongPassphrase(path, sealed);
    if (sealed.kind === 'chain' || publicDid(secret) === sealed.did) return new Secret(secret);
    const todo = 'Restore the key: canswarm key import BACKUP';
    throw new HomeError('damaged', `${path} holds another key than it says`, 'It was not written by canswarm.', todo);
  }

  async #tryOpen(sealed: SealedKey, passphrase: Secret<string>): Promise<Uint8Array | null> {
    return unseal(sealed, await this.#masters.of(passphrase, sealed.kdf));
  }

  /**
   * Seals a key for the keystore, with the salt of the first of `others` that the same passphrase opens: so all keys of a
   * passphrase cost one derivation.
   */
  async sealKey(
    facts: KeyFacts,
    secret: Secret<Uint8Array>,
    passphrase: Secret<string>,
    others: readonly SealedKey[],
  ): Promise<SealedKey> {
    const kdf = (await this.#sharedKdf(facts, passphrase, others)) ?? newKdf('local');
    return this.#seal('canswarm key', facts, secret, passphrase, kdf);
  }

  /** Seals a key as a backup, with a salt of its own at a higher cost. */
  sealBackup(facts: KeyFacts, secret: Secret<Uint8Array>, passphrase: Secret<string>): Promise<SealedKey> {
    const backup: KeyFacts = { ...facts, protection: 'passphrase' };
    return this.#seal('canswarm key backup', backup, secret, passphrase, newKdf('backup'));
  }

  async #sharedKdf(
    { protection }: KeyFacts,
    passphrase: Secret<string>,
    others: readonly SealedKey[],
  ): Promise<Kdf | null> {
    const bySalt = new Map(others.filter((one) => one.protection === protection).map((one) => [one.kdf.salt, one]));
    for (const other of [...bySalt.values()].slice(0, TRIES_MAX)) {
      if ((await this.#tryOpen(other, passphrase)) !== null) return other.kdf;
    }
    return null;
  }

  async #seal(
    format: SealedFormat,
    facts: KeyFacts,
    secret: Secret<Uint8Array>,
    passphrase: Secret<string>,
    kdf: Kdf,
  ): Promise<SealedKey> {
    const master = await this.#masters.of(passphrase, kdf);
    const bytes = secret.reveal();
    const sealed = seal(format, facts, bytes, { kdf, master });
    bytes.fill(0);
    return sealed;
  }

  /** Drops the master keys. */
  forget(): void {
    this.#masters.forget();
  }
}

function wrongPassphrase(path: string, { protection, format }: SealedKey): HomeError {
  const what =
    protection === 'machine'
      ? `the machine's passphrase file does not open ${path}`
      : `the passphrase does not open ${path}`;
  const means = 'It is not the one that it was sealed with. The file itself has not been damaged by accident.';
  const todo =
    protection === 'machine'
      ? 'Put the machine.passphrase of that home back, or restore the key: canswarm key import BACKUP'
      : format === 'canswarm key backup'
        ? 'Give the passphrase that the backup was made with. Without it nobody can open it.'
        : 'Try again. If it is forgotten, restore the key from a backup: canswarm key import BACKUP';
  return new HomeError('wrong_passphrase', what, means, todo);
}
