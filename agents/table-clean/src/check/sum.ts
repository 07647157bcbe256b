import type { Exact } from './figure.ts';

/** Sums numbers apart by their places, and brings them together at the end. */
export class Sum {
  readonly #byPlaces = new Map<number, bigint>();

  add({ units, places }: Exact): void {
    this.#byPlaces.set(places, (this.#byPlaces.get(places) ?? 0n) + units);
  }

  /** A decimal without a sign at zero and without zeros at the end of its places. */
  text(): string {
    let places = Math.max(0, ...this.#byPlaces.keys());
    let units = 0n;
    for (const [own, sum] of this.#byPlaces) units += sum * 10n ** BigInt(places - own);
    while (places > 0 && units % 10n === 0n) {
      units /= 10n;
      places -= 1;
    }
    const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
    const split = digits.length - places;
    return (units < 0n ? '-' : '') + digits.slice(0, split) + (places > 0 ? `.${digits.slice(split)}` : '');
  }
}
