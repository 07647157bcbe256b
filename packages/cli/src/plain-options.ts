import { InvalidArgumentError } from 'commander';

/** A whole number within bounds, for commander. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is due.`);
  };
}

const MICRO = 1_000_000;

/** An amount in credits with at most six decimals, as micro-credits, for commander. */
export function amount(text: string): number {
  const [, whole = '', part = ''] = /^([0-9]{1,9})(?:\.([0-9]{1,6}))?$/.exec(text) ?? [];
  const micro = Number(whole) * MICRO + Number(part.padEnd(6, '0'));
  if (whole !== '' && micro > 0) return micro;
  throw new InvalidArgumentError('An amount of credits is due, such as 2 or 0.25.');
}

/** A time to wait, as text that the library takes, for commander. */
export function duration(text: string): string {
  const [, count = ''] = /^([0-9]{1,9})(?:ms|s|m|h|d)$/.exec(text) ?? [];
  if (Number(count) > 0) return text;
  throw new InvalidArgumentError('A number with its unit (ms, s, m, h, d) is due, such as 60s or 5m.');
}

/** An amount of credits that may be 0, for commander. */
export const amountOrNone = (text: string): number => (/^0(\.0*)?$/.test(text) ? 0 : amount(text));

/** A need's own policy. */
export const OWN_POLICY_OPTION = [
  '--policy <folder>',
  'a built policy that its work has to pass besides that of the network',
] as const;
