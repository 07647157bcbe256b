import type { Bundle } from '../../bundle/bundle.ts';
import { type Faults, shown } from './faults.ts';

/** Bytes of what stands in a file instead that are shown. */
const SHOWN_BYTES = 512;
const LF = 10;

/** A file of an output beside what it must hold, which comes piece by piece. Only the first difference is told. */
export class DueFile {
  readonly #name: string;
  readonly #faults: Faults;
  /** Null: there is no file to compare. */
  readonly #file: Buffer | null;
  #at = 0;
  #due = 0;
  #pieces = 0;
  #differs = false;

  private constructor(name: string, bytes: Uint8Array | null, faults: Faults) {
    this.#name = name;
    this.#faults = faults;
    this.#file = bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Reads the file as far as there is one; that it is missing, `compareOutput` says. */
  static async open({ files }: Bundle, name: string, faults: Faults): Promise<DueFile> {
    return new DueFile(name, files.names().includes(name) ? await files.bytes(name) : null, faults);
  }

  /** Bytes that the file must have up to here. */
  get size(): number {
    return this.#due;
  }

  /** What must come next. `where` is asked for words about it when something else comes. */
  due(piece: string, where?: () => string): void {
    this.#pieces += 1;
    if (this.#differs || this.#file === null) {
      this.#due += Buffer.byteLength(piece, 'utf8');
      return;
    }
    const bytes = Buffer.from(piece, 'utf8');
    this.#due += bytes.length;
    const end = this.#at + bytes.length;
    if (end <= this.#file.length && bytes.compare(this.#file, this.#at, end) === 0) {
      this.#at = end;
      return;
    }
    this.#differs = true;
    const there = JSON.stringify(shown(this.#next(this.#file)));
    const place = where === undefined ? '' : `, ${where()}`;
    this.#faults.add(
      `${this.#name}, record ${this.#pieces}${place}: ${JSON.stringify(shown(piece))} is due, not ${there}`,
    );
  }

  /** Nothing more is due. */
  end(): void {
    if (!this.#differs && this.#file !== null && this.#at < this.#file.length)
      this.#faults.add(`${this.#name} goes on after its end: ${JSON.stringify(shown(this.#next(this.#file)))}`);
  }

  /** The line that comes next in the file, or its beginning. */
  #next(file: Buffer): string {
    const rest = file.subarray(this.#at, this.#at + SHOWN_BYTES);
    const end = rest.indexOf(LF);
    return rest.toString('utf8', 0, end === -1 ? rest.length : end + 1);
  }
}
