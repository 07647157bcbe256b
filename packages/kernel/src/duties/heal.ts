import type { EnvelopeId, VerifiedEnvelope } from '@canswarm/protocol';
import { type Branch, branchesOf, HEALED_PER_NEED_MAX, isBidOf, isOver, isOwnBid } from '../heals.ts';
import { diverges } from '../policy/divergence.ts';
import type { Need, State } from '../state.ts';
import { judgeHeadOf } from '../votes.ts';
import type { Me, OwnDuty, SharedDuty, View } from './duty.ts';
import { speculationKey } from './foreseen.ts';

/** Branches that votes heard show, and that the log did not adopt; those first that are marked. */
function lostBranches(state: State, view: View, need: Need): readonly Branch[] {
  if (need.round === 1 && need.phase === 'bidding') return [];
  // As a rule all chose what the log adopted.
  const left = view.votes(need.id, need.id).filter((vote) => choosesOther(need, vote) && !diverges(state, vote));
  if (left.length === 0) return [];
  const votes = left.filter((vote) => judgeHeadOf(state, vote, need.position));
  return [...branchesOf(need, votes).values()].filter(
    (branch) => branch.votes.length >= branch.k && isOver(need, branch),
  );
}

/** What a key says once of a need: what it made by a bid that was lost. */
export const alternateKey = (need: string, did: string): string => `alternate/${need}/${did}`;

/** Whether a vote chose a bid that the log did not adopt. */
const choosesOther = ({ adopted }: Need, { payload }: VerifiedEnvelope): boolean =>
  payload.verb === 'ATTEST_PLAN' && payload.body.winner !== null && !adopted.includes(payload.body.winner);

/** A worker whose work by an orphaned bid is done says what it made, for when it gets the task after all. Spec: `spec/10-peers.md`, speculative work. */
export function alternateDuties(state: State, view: View, me: Me, need: Need): readonly OwnDuty[] {
  const key = alternateKey(need.id, me.did);
  if (view.work(need.id, speculationKey(need.id, me.did)) !== 'done' || need.failed.has(me.did)) return [];
  if (view.signedAt(need.id, key) !== null || need.alternates.some(({ worker }) => worker === me.did)) return [];
  const branch = lostBranches(state, view, need).find(({ bid, round }) =>
    view.proposals(need.id, round).some((shown) => isOwnBid(shown, need, bid, me.did)),
  );
  return branch === undefined ? [] : [{ key, type: 'alternate', need: need.id, bid: branch.bid }];
}

/** RECONCILE: what was chosen and made where the log could not be had, once it can. */
export function reconcileDuty(state: State, view: View, need: Need): readonly SharedDuty[] {
  const lost = lostBranches(state, view, need);
  if (lost.length === 0) return [];
  const bids = new Map<EnvelopeId, VerifiedEnvelope>();
  const fresh: Branch[] = [];
  for (const branch of lost) {
    if (need.orphaned.includes(branch.bid) || need.orphaned.length + fresh.length >= HEALED_PER_NEED_MAX) continue;
    const bid = view.proposals(need.id, branch.round).find((shown) => isBidOf(shown, need, branch));
    if (bid === undefined) continue;
    bids.set(bid.id, bid);
    fresh.push(branch);
  }
  const marked = new Set<EnvelopeId>([...need.orphaned, ...fresh.map(({ bid }) => bid)]);
  const alternates: VerifiedEnvelope[] = [];
  for (const alternate of view.alternates(need.id)) {
    const { payload } = alternate;
    if (payload.verb !== 'ALTERNATE' || !marked.has(payload.body.bid)) continue;
    const { from, body } = payload;
    if (need.failed.has(from) || need.alternates.some(({ worker }) => worker === from)) continue;
    const round = lost.find(({ bid }) => bid === body.bid)?.round ?? need.round;
    const bid = view.proposals(need.id, round).find((shown) => isOwnBid(shown, need, body.bid, from));
    const isFull = need.alternates.length + alternates.length >= HEALED_PER_NEED_MAX;
    if (bid === undefined || isFull || !judgeHeadOf(state, alternate, need.position)) continue;
    alternates.push(alternate);
    bids.set(bid.id, bid);
  }
  if (fresh.length + alternates.length === 0) return [];
  return [
    {
      key: `reconcile/${need.id}/${need.orphaned.length}/${need.alternates.length}`,
      first: alternates.map(({ payload }) => payload.from),
      complete: true,
      type: 'reconcile',
      need: need.id,
      merged: need.adopted.at(-1) ?? null,
      orphaned: fresh.map(({ bid }) => bid),
      salvaged: alternates.map(({ id }) => id),
      evidence: [...fresh.flatMap(({ votes }) => votes), ...bids.values(), ...alternates],
    },
  ];
}
