const CODE = /^[A-Z]+$/;

/** Whether the cells of one column that are no markers are all codes of capital letters, and how long these are. */
export class CodeEvidence {
  readonly #markers: ReadonlySet<string>;
  /** Undefined: no cell was seen. Null: they are not all codes of one length. */
  #length: number | null | undefined;

  constructor(markers: ReadonlySet<string>) {
    this.#markers = markers;
  }

  add(cell: string): void {
    if (this.#length === null || cell === '' || this.#markers.has(cell)) return;
    const length = CODE.test(cell) ? cell.length : null;
    this.#length = this.#length === undefined || this.#length === length ? length : null;
  }

  /** Markers that say that there is nothing in this column: not those that look like its codes, as NA (Namibia) among countries. */
  markers(): ReadonlySet<string> {
    const length = this.#length ?? null;
    if (length === null) return this.#markers;
    return new Set([...this.#markers].filter((marker) => marker.length !== length || !CODE.test(marker)));
  }
}
