import { expect } from 'vitest';

type Reason = string | RegExp;

const said = (verdict: string, reasons: readonly Reason[]) => ({
  verdict,
  reasons: reasons.map((reason) => (typeof reason === 'string' ? reason : expect.stringMatching(reason))),
});

export const passes = { verdict: 'pass', reasons: [] };
/** What a seat says of work that is wrong, for exactly these reasons. */
export const fails = (...reasons: readonly Reason[]) => said('fail', reasons);
/** What a seat says where somebody else than the worker is at fault. */
export const undecidable = (reason: Reason) => said('undecidable', [reason]);
