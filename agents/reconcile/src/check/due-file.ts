import { type Row, renderRow } from '@canswarm/csv';
import { type Faults, shown } from './faults.ts';
import { isFormula } from './figure.ts';

/** Longest file that the worker is to give, bytes. */
const FILE_BYTES_MAX = 25_165_824;
/** Bytes of what stands in a file instead that are shown. */
const SHOWN_BYTES = 512;
const LF = 10;

/** The right result would have a longer file than may be. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** A table of the output beside what it must hold, which comes row by row. Only the first difference is told. */
export class DueFile {
  /** Cells up to here that a spreadsheet may take for formulas. */
  formulas = 0;
  readonly #name: string;
  readonly #faults: Faults;
  /** Null: there is no file to compare. */
  readonly #file: Buffer | null;
  #at = 0;
  #due = 0;
  #rows = 0;
  #differs = false;

  constructor(name: string, bytes: Uint8Array | null, faults: Faults) {
    this.#name = name;
    this.#faults = faults;
    this.#file = bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** What must come next. Throws TooLargeError when that is too much. */
  due(row: Row): void {
    for (const cell of row) if (isFormula(cell)) this.formulas += 1;
    const line = renderRow(row);
    const bytes = Buffer.from(line, 'utf8');
    this.#rows += 1;
    this.#due += bytes.length;
    if (this.#due > FILE_BYTES_MAX) throw new TooLargeError(`${this.#name} has more than ${FILE_BYTES_MAX} bytes`);
    if (this.#differs || this.#file === null) return;
    const end = this.#at + bytes.length;
    if (end <= this.#file.length && bytes.compare(this.#file, this.#at, end) === 0) {
      this.#at = end;
      return;
    }
    this.#differs = true;
    const there = JSON.stringify(shown(this.#next(this.#file)));
    this.#faults.add(`${this.#name}, record ${this.#rows}: ${JSON.stringify(shown(line))} is due, not ${there}`);
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
