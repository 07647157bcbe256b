import type { Model } from './tables.ts';

/** Whether a key was suspended and did not conform since. */
export const isSuspended = ({ suspensions }: Pick<Model, 'suspensions'>, did: string): boolean =>
  suspensions.some((row) => row.did === did && row.conformedAt === null);

/** Where a key conformed last; 0 if it never did. */
export const conformedAt = ({ suspensions }: Pick<Model, 'suspensions'>, did: string): number =>
  Math.max(0, ...suspensions.filter((row) => row.did === did).map((row) => row.conformedAt ?? 0));
