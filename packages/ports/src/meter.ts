/** Most different names a meter keeps; amounts for further names are added to `METER_OVERFLOW` instead. */
export const METER_NAMES_MAX = 1024;

/** The name that collects the amounts of names beyond `METER_NAMES_MAX`. */
export const METER_OVERFLOW = 'meter.overflow';

/** Counts what a node does. Counting never changes what the node does: no rule may read a meter. */
export interface Meter {
  /** Adds a finite `amount` (it may be negative) to the sum kept under `name`. Throws RangeError for NaN and infinities. */
  add(name: string, amount: number): void;

  /** The sums at this moment, names ascending: a copy that later `add`s do not change. */
  read(): Readonly<Record<string, number>>;
}
