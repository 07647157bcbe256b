import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Did } from '@canswarm/protocol';
import { readText, sweepTemporary, taken, writeNewText } from '../files.ts';
import { HomeError } from '../home-error.ts';
import type { Holder } from '../noted-lock.ts';
import { Secret } from '../secret.ts';
import { type BrokenKey, KEYS_MAX, KeyFolder } from './key-folder.ts';
import { holderOf, lockKey } from './key-lock.ts';
import { assertKeyName } from './key-name.ts';
import { MACHINE_PASSPHRASE, machinePassphrase, makeMachinePassphrase } from './machine-passphrase.ts';
import { publicDid } from './public-did.ts';
import {
  type KeyFacts,
  type KeyKind,
  parseSealed,
  SEALED_BYTES_MAX,
  SECRET_BYTES,
  type SealedKey,
  sealedText,
} from './sealed-key.ts';
import { Vault } from './vault.ts';

/** What is openly known of a key. */
export interface KeyInfo extends KeyFacts {
  readonly file: string;
  /** The process that uses it now. */
  readonly heldBy: Holder | null;
}

/** A key that this process holds: no other can open it until `close` or the end of the process. */
export interface OpenKey extends KeyFacts {
  readonly secret: Secret<Uint8Array>;
  /** Wipes the secret and lets the key go. Idempotent. */
  close(): void;
}

/** How a key is to be protected: by a passphrase, or by the machine's passphrase file. */
export type Protection = Secret<string> | 'machine';

/** Chooses the protection, once all else is known to be right. */
export type ChooseProtection = () => Promise<Protection>;

/** Gives the passphrase of a key; asked only for keys that have one of their own. */
export type PassphraseOf = (key: KeyFacts) => Promise<Secret<string>>;

export interface NewKey {
  readonly name: string;
  readonly kind: KeyKind;
  /** Name of the agent whose chain it is; null for all other kinds. */
  readonly of: string | null;
  readonly protection: ChooseProtection;
}

export interface KeyStoreOptions {
  /** The home. */
  readonly path: string;
  readonly passphraseOf: PassphraseOf;
  /** Runs `work` as the only one who changes the home, which is made when it is missing. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

/** The encrypted keys of a home: one file each, one holder each. All failures are HomeErrors; none loses a key. */
export class KeyStore {
  readonly #options: KeyStoreOptions;
  readonly #folder: KeyFolder;
  readonly #vault = new Vault();

  constructor(options: KeyStoreOptions) {
    this.#options = options;
    this.#folder = new KeyFolder(join(options.path, 'keys'));
  }

  /** All keys by name; files that are no readable keys apart. */
  list(): { readonly keys: readonly KeyInfo[]; readonly broken: readonly BrokenKey[] } {
    const { keys, broken } = this.#folder.all();
    return { keys: keys.map((sealed) => this.#info(sealed)), broken };
  }

  /** What is openly known of one key. Throws `unknown`. */
  show(name: string): KeyInfo {
    return this.#info(this.#folder.read(name));
  }

  /** Makes a key. Throws `exists` for a name that is taken. */
  async create({ name, kind, of, protection: choose }: NewKey): Promise<KeyInfo> {
    assertKeyName(name);
    this.#assertFree(name);
    const agent = this.#agentOf(kind, of);
    const protection = await choose();
    return this.#change(async () => {
      this.#assertFree(name);
      const secret = new Secret(Uint8Array.from(randomBytes(SECRET_BYTES)));
      const did = agent ?? publicDid(secret.reveal());
      const createdAt = new Date().toISOString();
      return this.#keep({ name, kind, did, createdAt, restoredAt: null }, secret, protection);
    });
  }

  /** The agent whose chain is made; null for all other kinds. */
  #agentOf(kind: KeyKind, name: string | null): Did | null {
    if (kind !== 'chain' && name === null) return null;
    const agent = kind === 'chain' && name !== null ? this.#folder.read(name) : null;
    if (agent?.kind === 'agent') return agent.did;
    const means = 'A hash chain belongs to the agent that commits to it, and nothing else does.';
    const what =
      kind !== 'chain'
        ? `a key of kind ${kind} belongs to nobody else`
        : name === null
          ? 'a chain needs an agent'
          : `${name} is no agent`;
    throw new HomeError('invalid', what, means, 'For a chain name its agent, --of NAME, and for no other kind.');
  }

  /** Opens a key for this process alone. Throws `in_use`, `wrong_passphrase`. */
  async open(name: string): Promise<OpenKey> {
    const lock = lockKey(this.#locks, this.#folder.read(name));
    try {
      // Read again: until the lock was had another process may have changed it.
      const sealed = this.#folder.read(name);
      const secret = await this.#open(sealed);
      return {
        ...factsOf(sealed),
        secret,
        close() {
          secret.wipe();
          lock.release();
        },
      };
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Writes a key to a new file, sealed with a passphrase of its own. Throws `exists` when the file is there. */
  async backup(name: string, file: string, choose: () => Promise<Secret<string>>): Promise<KeyInfo> {
    const sealed = this.#folder.read(name);
    if (existsSync(file)) throw taken(file);
    const secret = await this.#open(sealed);
    const backup = await this.#vault.sealBackup(factsOf(sealed), secret, await choose());
    secret.wipe();
    writeNewText(file, sealedText(backup));
    return this.#info(sealed);
  }

  /**
   * Takes a key from a backup (or from a file of another home's `keys/`) and marks it restored. Throws `exists` when the
   * key, under any name, or the name is there already.
   */
  async import(
    file: string,
    how: { readonly name: string | null; readonly protection: ChooseProtection; readonly passphraseOf: PassphraseOf },
  ): Promise<KeyInfo> {
    const text = readText(file, { privacy: 'any', bytesMax: SEALED_BYTES_MAX });
    if (text === null) {
      const means = 'There is nothing to import at this path.';
      throw new HomeError('unknown', `there is no file ${file}`, means, 'Name the file of the backup.');
    }
    const sealed = parseSealed(file, text);
    const name = how.name ?? sealed.name;
    assertKeyName(name);
    this.#assertImportable(name, sealed);
    const secret = await this.#vault.open(file, sealed, await how.passphraseOf(sealed));
    const protection = await how.protection();
    return this.#change(async () => {
      this.#assertImportable(name, sealed);
      const { kind, did, createdAt } = sealed;
      const facts = { name, kind, did, createdAt, restoredAt: new Date().toISOString() };
      return this.#keep(facts, secret, protection);
    });
  }

  /** Seals a key anew. The old passphrase opens it no more; copies of the old file remain as they are. */
  async changePassphrase(name: string, choose: ChooseProtection): Promise<KeyInfo> {
    const secret = await this.#open(this.#folder.read(name));
    const protection = await choose();
    return this.#change(async () => {
      const { protection: _before, ...facts } = factsOf(this.#folder.read(name));
      return this.#keep(facts, secret, protection);
    });
  }

  /** Removes a key for ever. Throws `in_use` while a process holds it. */
  async remove(name: string): Promise<KeyInfo> {
    return this.#change(async () => {
      const sealed = this.#folder.read(name);
      const lock = lockKey(this.#locks, sealed);
      try {
        this.#folder.remove(name);
      } finally {
        lock.release();
      }
      return { ...factsOf(sealed), file: this.#folder.file(name), heldBy: null };
    });
  }

  /** Drops the derived master keys; open keys stay open. For a node that has opened all it needs. */
  forget(): void {
    this.#vault.forget();
  }

  get #locks(): string {
    return join(this.#folder.path, '.locks');
  }

  get #machineFile(): string {
    return join(this.#options.path, MACHINE_PASSPHRASE);
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    return this.#options.exclusively(async () => {
      sweepTemporary(this.#folder.path);
      return work();
    });
  }

  async #open(sealed: SealedKey): Promise<Secret<Uint8Array>> {
    const machine = sealed.protection === 'machine';
    const passphrase = machine
      ? machinePassphrase(this.#machineFile)
      : await this.#options.passphraseOf(factsOf(sealed));
    return this.#vault.open(this.#folder.file(sealed.name), sealed, passphrase);
  }

  /** Seals and writes a key; wipes the secret. For who changes the home exclusively. */
  async #keep(
    facts: Omit<KeyFacts, 'protection'>,
    secret: Secret<Uint8Array>,
    protection: Protection,
  ): Promise<KeyInfo> {
    const others = this.#folder.all().keys;
    const machine = protection === 'machine';
    const needed = others.some((one) => one.protection === 'machine');
    const passphrase = machine ? makeMachinePassphrase(this.#machineFile, needed) : protection;
    const whole: KeyFacts = { ...facts, protection: machine ? 'machine' : 'passphrase' };
    const sealed = await this.#vault.sealKey(whole, secret, passphrase, others);
    secret.wipe();
    this.#folder.write(sealed);
    return this.#info(sealed);
  }

  #info(sealed: SealedKey): KeyInfo {
    return { ...factsOf(sealed), file: this.#folder.file(sealed.name), heldBy: holderOf(this.#locks, sealed) };
  }

  #assertFree(name: string): void {
    if (this.#folder.has(name)) {
      const todo = `Choose another name, or look at that one: canswarm key show ${name}`;
      throw new HomeError('exists', `there is a key ${name} already`, 'A key is never overwritten.', todo);
    }
    const { keys, broken } = this.#folder.all();
    if (keys.length + broken.length < KEYS_MAX) return;
    const means = 'That is the limit of a home.';
    throw new HomeError('invalid', `there are ${KEYS_MAX} keys already`, means, 'Use another home: --home FOLDER');
  }

  #assertImportable(name: string, { did, kind }: SealedKey): void {
    const same = this.#folder.all().keys.find((one) => one.did === did && one.kind === kind && kind !== 'chain');
    if (same !== undefined) {
      const means = 'The same key under two names would be two holders of one key.';
      const todo = `Use it as it is: canswarm key show ${same.name}`;
      throw new HomeError('exists', `this key is here already, as ${same.name}`, means, todo);
    }
    this.#assertFree(name);
  }
}

function factsOf({ name, kind, did, protection, createdAt, restoredAt }: KeyFacts): KeyFacts {
  return { name, kind, did, protection, createdAt, restoredAt };
}
