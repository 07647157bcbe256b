import { type Bundle, DueFile, type Faults } from '@canswarm/agent';
import { type Row, renderRow } from '@canswarm/csv';
import { isFormula } from './figure.ts';

/** Longest file that the worker is to give, bytes. */
const FILE_BYTES_MAX = 25_165_824;

/** The right result would have a longer file than may be. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** A table of the output beside what it must hold, which comes row by row. */
export class DueTable {
  /** Cells up to here that a spreadsheet may take for formulas. */
  formulas = 0;
  readonly #name: string;
  readonly #file: DueFile;

  private constructor(name: string, file: DueFile) {
    this.#name = name;
    this.#file = file;
  }

  static async open(output: Bundle, name: string, faults: Faults): Promise<DueTable> {
    return new DueTable(name, await DueFile.open(output, name, faults));
  }

  /** What must come next. Throws TooLargeError when that is too much. */
  due(row: Row): void {
    for (const cell of row) if (isFormula(cell)) this.formulas += 1;
    this.#file.due(renderRow(row));
    if (this.#file.size > FILE_BYTES_MAX)
      throw new TooLargeError(`${this.#name} has more than ${FILE_BYTES_MAX} bytes`);
  }

  /** Nothing more is due. */
  end(): void {
    this.#file.end();
  }
}
