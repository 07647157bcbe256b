import type { VerifiedEnvelope } from '@canswarm/protocol';
import { seatedOf } from '../committee.ts';
import { diverges } from '../policy/divergence.ts';
import type { Committee, Seat, State } from '../state.ts';
import type { VoteReader } from '../votes.ts';
import { judgeHeadOf } from '../votes.ts';

/** A vote, or a seal, that is not recorded, and the seat that it is of. */
export interface Fresh {
  readonly seat: Seat;
  readonly envelope: VerifiedEnvelope;
  readonly verdict: string;
}

/** Votes, or seals, that an entry may bring: of seats that are not `done`, one each, with a head that is taken. */
export function freshVotes(
  state: State,
  committee: Committee,
  heard: readonly VerifiedEnvelope[],
  read: VoteReader,
  done: (seat: Seat) => boolean = (seat) => seat.vote !== null,
): readonly Fresh[] {
  if (heard.length === 0) return [];
  const seats = new Map(seatedOf(committee).map((seat) => [seat.did, seat]));
  const fresh: Fresh[] = [];
  const seen = new Set<string>();
  for (const envelope of heard) {
    const { from } = envelope.payload;
    const seat = seats.get(from);
    // Most are of seats whose vote is recorded: what they say is not read again.
    if (seat === undefined || done(seat) || seen.has(from)) continue;
    const said = read(envelope);
    if (said === null || said.subject !== committee.subject) continue;
    if (said.ballot !== seat.ballot || said.draw !== seat.draw) continue;
    if (diverges(state, envelope)) continue;
    if (!judgeHeadOf(state, envelope, committee.seeds[seat.draw]?.position ?? 0)) continue;
    seen.add(from);
    fresh.push({ seat, envelope, verdict: said.verdict });
  }
  return fresh;
}

/** Whether votes short of K may be recorded. */
export const halfPassed = ({ time }: State, { halfAt }: Committee): boolean => halfAt !== null && time >= halfAt;
