import type { Cid, Did, EnvelopeId, VerifiedEnvelope } from '@canswarm/protocol';
import { challengesOf } from '../challenges.ts';
import { outscoresAnyhow } from '../scoring.ts';
import type { Need, State } from '../state.ts';
import { canSeal } from './can-seal.ts';
import type { AccusedVote, Me, OwnDuty, View } from './duty.ts';

/** Votes that this node heard and that prove the fault of who cast them, while they may be challenged: each is sealed. */
export function accuseDuties(state: State, view: View, me: Me, need: Need): readonly OwnDuty[] {
  if (!me.inspects) return [];
  const subjects: readonly Cid[] = [need.id, ...need.commits];
  return subjects.flatMap((subject) => accuseOf(state, me, need, faultsOf(state, view, need, subject)));
}

/** Faults that are not punished yet, the oldest first. */
function faultsOf(state: State, view: View, need: Need, subject: Cid): readonly AccusedVote[] {
  const twice: readonly AccusedVote[] = view
    .doubles(need.id, subject)
    .map((pair) => ({ class: 'equivocation', subject, envelopes: pair }));
  const all = subject === (need.id as string) ? [...twice, ...worseBids(view, need)] : twice;
  return all.filter((fault) => isOpen(state, need, fault, accusedOf(fault)));
}

const accusedOf = ({ envelopes }: AccusedVote): Did | undefined => envelopes[0]?.payload.from;

function isOpen(state: State, need: Need, { subject }: AccusedVote, accused: Did | undefined): boolean {
  if (subject === (need.id as string)) return need.planSat.some(({ did, struck }) => did === accused && !struck);
  const commit = state.commits.get(subject as never);
  const seats = state.committees.get(`result/${subject}`)?.seats ?? [];
  return commit?.holdPassed === false && seats.some(({ did, reserved }) => did === accused && reserved > 0);
}

/** Votes for a winner that a bid which they name outscores, with the bids that show it. */
function worseBids(view: View, need: Need): readonly AccusedVote[] {
  if (need.phase !== 'bidding') return [];
  const votes = view.votes(need.id, need.id);
  if (votes.length === 0) return [];
  const proposals = view.proposals(need.id, need.round);
  const before = found.get(votes);
  if (before?.proposals === proposals) return before.worse;
  const worse = findWorse(need, votes, proposals);
  found.set(votes, { proposals, worse });
  return worse;
}

/** What was found in a list of votes last: a node asks at each look, and lists that changed are others. */
const found = new WeakMap<
  readonly VerifiedEnvelope[],
  { readonly proposals: readonly VerifiedEnvelope[]; readonly worse: readonly AccusedVote[] }
>();

function findWorse(
  need: Need,
  votes: readonly VerifiedEnvelope[],
  proposals: readonly VerifiedEnvelope[],
): readonly AccusedVote[] {
  const byId = new Map(proposals.map((proposal) => [proposal.id, proposal]));
  const find = (id: EnvelopeId): VerifiedEnvelope | undefined => byId.get(id);
  return votes.flatMap((vote) => {
    const { payload } = vote;
    if (payload.verb !== 'ATTEST_PLAN' || payload.body.winner === null) return [];
    const winner = find(payload.body.winner);
    if (winner === undefined) return [];
    for (const id of payload.body.bidsSeen) {
      const other = find(id);
      if (other !== undefined && outscoresAnyhow(need, other, winner))
        return [{ class: 'worse_bid', subject: need.id, envelopes: [vote, winner, other] }];
    }
    return [];
  });
}

/** Seals of this key that may be opened now, whoever had them laid. */
export function openDuties(state: State, view: View, me: Me, need: Need): readonly OwnDuty[] {
  const subjects: readonly Cid[] = [need.id, ...need.commits];
  return subjects.flatMap((subject) =>
    (state.challenges.get(subject) ?? [])
      .filter((challenge) => challenge.challenger === me.did && challenge.dispute === null)
      .filter((challenge) => challengesOf(state, subject, challenge.class)[0] === challenge)
      .filter(({ seal }) => view.opens(need.id, seal))
      .map(({ id, seal }) => ({ key: `open/${id}`, type: 'open', need: need.id, seal })),
  );
}

/** One fault after the other. Who comes later waits for the challenge that is there. */
function accuseOf(state: State, me: Me, need: Need, faults: readonly AccusedVote[]): readonly OwnDuty[] {
  const [fault] = faults;
  const accused = fault === undefined ? undefined : accusedOf(fault);
  if (fault === undefined || accused === undefined) return [];
  const [live] = challengesOf(state, fault.subject, fault.class);
  if (live !== undefined) return [];
  if (need.phase === 'final' && need.commits.length + need.children.length === 0) return [];
  const shown = fault.envelopes.map(({ bytes }) => bytes);
  if (!canSeal(state, me, fault.subject, fault.class, shown)) return [];
  const key = `accuse/${fault.class}/${fault.subject}/${accused}/${me.did}`;
  return [{ key, type: 'accuse', need: need.id, accused: fault }];
}
