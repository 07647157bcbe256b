import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../config/nearest.ts';
import { readText, syncFolder, writeText } from '../files.ts';
import { assertPrivateFolder } from '../folder.ts';
import { attempt, HomeError } from '../home-error.ts';
import { assertKeyName } from './key-name.ts';
import { parseSealed, SEALED_BYTES_MAX, type SealedKey, sealedText } from './sealed-key.ts';

const SUFFIX = '.json';
/** Most keys of a home. */
export const KEYS_MAX = 1024;

/** A file of the folder that is no readable key, and why. */
export interface BrokenKey {
  readonly name: string;
  readonly error: HomeError;
}

/** The files of `keys/`: one key each, named after it. */
export class KeyFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  file(name: string): string {
    return join(this.path, `${name}${SUFFIX}`);
  }

  /** All keys by name, those that cannot be read apart. */
  all(): { readonly keys: readonly SealedKey[]; readonly broken: readonly BrokenKey[] } {
    const keys: SealedKey[] = [];
    const broken: BrokenKey[] = [];
    for (const name of this.#names()) {
      try {
        keys.push(this.read(name));
      } catch (error) {
        if (!(error instanceof HomeError)) throw error;
        broken.push({ name, error });
      }
    }
    return { keys, broken };
  }

  #names(): readonly string[] {
    if (!assertPrivateFolder(this.path)) return [];
    const files = attempt(this.path, () => readdirSync(this.path)).filter(
      (file) => file.endsWith(SUFFIX) && !file.startsWith('.'),
    );
    return files.map((file) => file.slice(0, -SUFFIX.length)).sort();
  }

  /** The key of that name. Throws `unknown` when there is none, `damaged` when the file is not its own. */
  read(name: string): SealedKey {
    assertKeyName(name);
    assertPrivateFolder(this.path);
    const path = this.file(name);
    const text = readText(path, { privacy: 'private', bytesMax: SEALED_BYTES_MAX });
    if (text === null) throw this.#unknown(name);
    const sealed = parseSealed(path, text);
    if (sealed.name === name && sealed.format === 'canswarm key') return sealed;
    const what =
      sealed.format === 'canswarm key' ? `${path} holds the key named ${sealed.name}` : `${path} holds a backup`;
    const means = 'Key files are not renamed or copied, so that no key is there twice.';
    const todo = `Move the file out of this folder; then, if its key is not here: canswarm key import FILE --name ${name}`;
    throw new HomeError('damaged', what, means, todo);
  }

  #unknown(name: string): HomeError {
    const meant = nearest(name, this.#names());
    const todo = 'List keys with: canswarm key list. Make one with: canswarm key new NAME';
    const hint = meant === null ? '' : `: did you mean ${meant}?`;
    return new HomeError('unknown', `there is no key ${name}${hint}`, `Keys are files of ${this.path}.`, todo);
  }

  /** Whether anything, sound or not, has that name. */
  has(name: string): boolean {
    return this.#names().includes(name);
  }

  write(sealed: SealedKey): void {
    writeText(this.file(sealed.name), sealedText(sealed));
  }

  remove(name: string): void {
    attempt(this.file(name), () => {
      rmSync(this.file(name));
      syncFolder(this.path);
    });
  }
}
