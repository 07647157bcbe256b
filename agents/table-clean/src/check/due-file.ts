import { type Faults, shown } from './faults.ts';

/** A file of the output beside what it must hold, which comes piece by piece. Only the first difference is told. */
export class DueFile {
  readonly #name: string;
  readonly #faults: Faults;
  /** Null: there is no file to compare. */
  readonly #text: string | null;
  #at = 0;
  #bytes = 0;
  #pieces = 0;
  #differs: boolean;

  constructor(name: string, bytes: Uint8Array | null, faults: Faults) {
    this.#name = name;
    this.#faults = faults;
    this.#text = bytes === null ? null : decode(bytes);
    this.#differs = this.#text === null;
    if (bytes !== null && this.#text === null) faults.add(`${name} is not UTF-8`);
  }

  /** What must come next. `where` is asked only when something else comes. */
  due(piece: string, where: () => string): void {
    this.#bytes += Buffer.byteLength(piece, 'utf8');
    this.#pieces += 1;
    if (this.#differs || this.#text === null) return;
    if (this.#text.startsWith(piece, this.#at)) {
      this.#at += piece.length;
      return;
    }
    this.#differs = true;
    const there = this.#text.slice(this.#at, this.#text.indexOf('\n', this.#at) + 1 || undefined);
    this.#faults.add(
      `${this.#name}, line ${this.#pieces}, ${where()}: ${JSON.stringify(shown(piece))} is due, not ${JSON.stringify(shown(there))}`,
    );
  }

  /** Nothing more is due. Gives how many bytes the file must have. */
  end(): number {
    if (!this.#differs && this.#text !== null && this.#at < this.#text.length)
      this.#faults.add(`${this.#name} goes on after its end: ${JSON.stringify(shown(this.#text.slice(this.#at)))}`);
    return this.#bytes;
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
