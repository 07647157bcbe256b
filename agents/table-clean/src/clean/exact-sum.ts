const SCALE = 34;

/** Sum of plain decimals of at most 34 digits, to the last digit. */
export class ExactSum {
  /** In units of 10^-34. */
  #units = 0n;

  add(decimal: string): void {
    const [whole = '', places = ''] = decimal.replace(/^[+-]/, '').split('.');
    const units = BigInt(whole + places.padEnd(SCALE, '0'));
    this.#units += decimal.startsWith('-') ? -units : units;
  }

  /** Without zeros that say nothing. */
  toString(): string {
    const digits = (this.#units < 0n ? -this.#units : this.#units).toString().padStart(SCALE + 1, '0');
    const places = digits.slice(-SCALE).replace(/0+$/, '');
    return `${this.#units < 0n ? '-' : ''}${digits.slice(0, -SCALE)}${places === '' ? '' : `.${places}`}`;
  }
}
