const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration as people write it: "500ms", "30s", "5m", "2h", "1d", or milliseconds as a number. */
export type Duration = number | string;

/** Milliseconds, a positive whole number. Throws a RangeError for what is no duration. */
export function milliseconds(duration: Duration): number {
  const [, amount = '', unit = ''] =
    typeof duration === 'string' ? (/^([0-9]{1,9})(ms|s|m|h|d)$/.exec(duration) ?? []) : [];
  const ms = typeof duration === 'number' ? duration : Number(amount || Number.NaN) * (UNITS[unit] ?? Number.NaN);
  if (Number.isSafeInteger(ms) && ms > 0) return ms;
  throw new RangeError(`${JSON.stringify(duration)} is no duration, such as "30s", "5m" or a number of milliseconds`);
}
