import { HostError } from './host-error.ts';

/** Values of a parsed JSON file; each throws a HostError that names the file and the field. */
export class Fields {
  readonly #path: string;
  readonly #at: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(path: string, value: unknown, at = '') {
    this.#path = path;
    this.#at = at;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#broken('is no object', '');
    this.#values = value as Readonly<Record<string, unknown>>;
  }

  text(key: string): string {
    const value = this.#values[key];
    return typeof value === 'string' && value !== '' ? value : this.#refuse('is no text', key);
  }

  textOrNull(key: string): string | null {
    return this.#values[key] === null ? null : this.text(key);
  }

  integer(key: string, least: number, most: number): number {
    const value = this.#values[key];
    const fits = typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
    return fits ? value : this.#refuse(`is no integer from ${least} to ${most}`, key);
  }

  integerOrNull(key: string, least: number, most: number): number | null {
    return this.#values[key] === null ? null : this.integer(key, least, most);
  }

  flag(key: string): boolean {
    const value = this.#values[key];
    return typeof value === 'boolean' ? value : this.#refuse('is neither true nor false', key);
  }

  texts(key: string): readonly string[] {
    const value = this.#values[key];
    return Array.isArray(value) && value.every((item) => typeof item === 'string')
      ? value
      : this.#refuse('is no list of texts', key);
  }

  recordOrNull(key: string): Fields | null {
    const value = this.#values[key];
    return value === null ? null : new Fields(this.#path, value, `${this.#at}${key}.`);
  }

  list(key: string): readonly Fields[] {
    const value = this.#values[key];
    if (!Array.isArray(value)) return this.#refuse('is no list', key);
    return value.map((item, index) => new Fields(this.#path, item, `${this.#at}${key}.${index}.`));
  }

  #refuse(what: string, key: string): never {
    throw this.#broken(what, key);
  }

  #broken(what: string, key: string): HostError {
    const where = `${this.#at}${key}`.replace(/\.$/, '');
    const hint = 'Restore it from a backup, or remove the network with: canswarm clean';
    return new HostError('file_broken', `${this.#path}: ${where === '' ? 'it' : where} ${what}`, hint);
  }
}
