import { type Sha256, toHex, type VerifiedEnvelope, voteSeal } from '@canswarm/protocol';
import { seatedOf, startAnswers } from './committee.ts';
import { type Context, type Effect, type Rejection, reject } from './context.ts';
import { needOf, resultSubject } from './need-life.ts';
import type { Committee, Need, Seat } from './state.ts';
import type { Vote, VoteReader } from './votes.ts';

/** Votes on results of tier 4 (different implementations) and 6 (judged) are sealed: there one could copy the verdict of another. */
export const sealsVotes = ({ body }: Pick<Need, 'body'>): boolean => body.tier === 4 || body.tier === 6;

/** Reads SEAL: its verdict is the seal, hex. Null for anything else. */
export const readSeal: VoteReader = ({ payload }) => {
  if (payload.verb !== 'SEAL') return null;
  const { commit, ballot, draw, seal } = payload.body;
  return { subject: resultSubject(commit), ballot, draw, verdict: toHex(seal), bids: [] };
};

/** Whether a vote is the one that its seat sealed; where votes are not sealed, whether it shows that it never was. */
export function opensSeal(
  { sealed }: Committee,
  { seal }: Seat,
  { payload }: VerifiedEnvelope,
  sha256: Sha256,
): boolean {
  if (payload.verb !== 'ATTEST' && payload.verb !== 'REJECT') return false;
  if (!sealed) return payload.body.salt === null;
  return payload.body.salt !== null && toHex(voteSeal(payload.from, payload, sha256)) === seal;
}

/** Seats of the present ballot whose seal is recorded. */
const sealedSeats = (committee: Committee): readonly Seat[] => seatedOf(committee).filter((seat) => seat.seal !== null);

/** Whether enough sealed for a verdict: then, at the end of the period, votes are opened. */
export const mayOpen = (committee: Committee): boolean => sealedSeats(committee).length >= committee.k;

/** Seals of all n seats open the votes at once; fewer are only recorded, from half of the period on. Source: `spec/05-committees.md`. */
export function judgeSeals(context: Context, committee: Committee, seals: readonly Vote[]): Rejection | Effect {
  const { time } = context.state;
  const sealed = sealedSeats(committee).length + seals.length;
  if (sealed < committee.n && (seals.length === 0 || committee.halfAt === null || time < committee.halfAt)) {
    return reject('votes_too_few', { sealed, needed: committee.n, halfAt: committee.halfAt, time });
  }
  return () => {
    for (const { seat, verdict } of seals) seat.seal = verdict;
    context.emit({ type: 'seals_recorded', subject: committee.subject, count: seals.length, sealed });
    if (sealed === committee.n) openVotes(context, committee);
  };
}

/** No more seals are taken: a period for the votes that were sealed begins. */
export function openVotes(context: Context, committee: Committee): void {
  const { params } = context.state;
  const { windows } = needOf(context.state, committee.need).body;
  context.emit({ type: 'votes_opened', subject: committee.subject, seals: sealedSeats(committee).length });
  startAnswers(context, committee, Math.max(params.answerMs, windows.answerMs), 'opening');
}
