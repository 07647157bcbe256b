import { oneLine } from '../text.ts';

/**
 * Why a need ended without a result, in a few words. It can be taken back only while nobody works on it: after `attempts` that means that
 * all came to nothing and nobody else took it.
 */
export function endedText({ status, reason }: { status: string; reason: string | null }, attempts: number): string {
  if (status !== 'cancelled') return reason === null ? status : oneLine(reason);
  return attempts > 0
    ? 'no attempt passed and nobody else took it, so it was taken back'
    : 'taken back by its requester';
}

/** Attempts that came to nothing. */
export const lostOf = (hindrances: readonly { readonly code: string }[]): number =>
  hindrances.filter(({ code }) => code === 'attempt_lost').length;
