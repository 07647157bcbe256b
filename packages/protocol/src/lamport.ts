const TICKS_PER_MS = 1024;

/**
 * The next logical time of a sender: strictly above the last, and not below its clock (ms, integer). `last` must be durable
 * before anything is signed with the result; the first has -1.
 */
export function nextLamport(last: number, ms: number): number {
  const next = Math.max(last + 1, ms * TICKS_PER_MS);
  if (!Number.isSafeInteger(next) || next < 0) throw new RangeError(`no logical time after ${last} at ${ms} ms`);
  return next;
}
