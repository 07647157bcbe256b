import type { NeedBody, Params } from '@canswarm/protocol';

/** Documents a skill reads in a second, at a careful guess, on one of two slow cores. */
const BYTES_PER_SECOND = 2_000_000;
/** Starting a thread and a job. */
const JOB_MS = 1_500;
/** What workers need to have the policy of a need and to load it, twice over: a node asks it for half the bid window at most. */
const POLICY_MS = 4_000;
/** Seats that may evaluate at once on the skill threads of this machine, as a multiple of one. */
const SEATS_AT_ONCE = 5;

/**
 * Periods of a need, lengthened by how much there is to read; the params are least values. `outageMs` is how long nodes may be
 * cut from each other without seats giving up, `tasks` how many results may be judged at once; both cost time only when seats are silent. Bidding is open for longer where the need has a policy of its own.
 */
export function windowsFor(
  bytes: number,
  params: Params,
  {
    outageMs = 0,
    tasks = 1,
    hasPolicy = false,
  }: { readonly outageMs?: number; readonly tasks?: number; readonly hasPolicy?: boolean } = {},
): Pick<NeedBody, 'windows' | 'deadlineMs'> {
  const jobMs = JOB_MS + Math.ceil((bytes * 1000) / BYTES_PER_SECOND);
  const answerMs = Math.max(params.answerMs, tasks * SEATS_AT_ONCE * jobMs) + outageMs;
  const bidMs = params.bidMs + (hasPolicy ? POLICY_MS : 0);
  const leaseMs = Math.max(params.leaseMs, 4 * jobMs);
  const challengeMs = Math.max(params.challengeMs, Math.min(2 * jobMs, 120_000));
  const attemptMs = leaseMs + 2 * answerMs + challengeMs + params.openingMs;
  const deadlineMs = 2 * (bidMs + answerMs) + (params.runnersUp + 2) * attemptMs;
  return { windows: { bidMs, answerMs, challengeMs, leaseMs }, deadlineMs };
}
