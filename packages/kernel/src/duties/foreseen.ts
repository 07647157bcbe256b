import { type EnvelopeId, MAIN_TASK } from '@canswarm/protocol';
import { seatedOf } from '../committee.ts';
import { planSubject } from '../need-life.ts';
import { readPlanVote } from '../rules/plan-vote.ts';
import type { Need, State } from '../state.ts';
import type { Me, OwnDuty, View } from './duty.ts';
import { freshVotes } from './fresh.ts';

const SPECULATIVE = 'speculate/';

/** Names a key's own work on a need that it expects to get. */
export const speculationKey = (need: string, did: string): string => `${SPECULATIVE}${need}/${did}`;

export const isSpeculative = (key: string): boolean => key.startsWith(SPECULATIVE);

/** The bid that K seats chose by votes that were heard, though no entry says so; null where they did not. */
function foreseenWinner(state: State, view: View, need: Need): EnvelopeId | null {
  const committee = state.committees.get(planSubject(need.id, need.round));
  if (need.phase !== 'bidding' || committee?.phase !== 'voting') return null;
  const fresh = freshVotes(state, committee, view.votes(need.id, need.id), readPlanVote);
  const recorded = seatedOf(committee).flatMap(({ vote }) => (vote === null ? [] : [vote]));
  const counts = new Map<string, number>();
  for (const { verdict } of [...recorded, ...fresh]) {
    const count = (counts.get(verdict) ?? 0) + 1;
    if (count >= committee.k) return verdict as EnvelopeId;
    counts.set(verdict, count);
  }
  return null;
}

/**
 * What a key may begin before the log says that it is its: work on an undivided need whose seats chose its bid. Due only while the log
 * cannot be had; it binds nobody. Spec: `spec/10-peers.md`, speculative work.
 */
export function speculativeDuties(state: State, view: View, me: Me, need: Need): readonly OwnDuty[] {
  const key = speculationKey(need.id, me.did);
  if (!me.worksOn.has(need.body.skill) || view.work(need.id, key) !== 'none') return [];
  const winner = foreseenWinner(state, view, need);
  const bid = view.proposals(need.id, need.round).find(({ id }) => id === winner);
  if (bid?.payload.verb !== 'PROPOSE') return [];
  const [only, ...others] = bid.payload.body.patch;
  if (only === undefined || others.length > 0 || only.task !== MAIN_TASK || only.assignee !== me.did) return [];
  return [{ key, type: 'speculate', need: need.id, price: only.price }];
}
