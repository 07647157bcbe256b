import type { Micro } from '@canswarm/protocol';

const MICRO_PER_CREDIT = 1_000_000;
const DECIMALS = 6;

/** An amount as people write it: credits, as a number or decimal text of at most six places ("0.5"). */
export type Credits = number | string;

/** Micro-credits of an amount. Throws a RangeError for what is none: negative, finer than a micro-credit, too large. */
export function microOf(amount: Credits): Micro {
  const text = typeof amount === 'number' ? decimal(amount) : amount;
  const [, whole = '', places = ''] = /^([0-9]{1,9})(?:\.([0-9]{1,6}))?$/.exec(text) ?? [];
  if (whole === '')
    throw new RangeError(
      `${typeof amount === 'number' ? amount : JSON.stringify(amount)} is no amount: credits, at most ${DECIMALS} places, such as 0.5`,
    );
  return Number(whole) * MICRO_PER_CREDIT + Number(places.padEnd(DECIMALS, '0'));
}

/** What sums of amounts may be off by, as a part of the amount: 0.1 + 0.2 is 0.3. */
const ROUNDING = 2 ** -50;

/** Decimal text of a number, never in exponent form. Rounds what a number cannot hold anyway, and nothing that was meant. */
function decimal(amount: number): string {
  const text = Number.isFinite(amount) ? amount.toFixed(DECIMALS) : '';
  return Math.abs(Number(text) - amount) <= Math.abs(amount) * ROUNDING ? text : '';
}
