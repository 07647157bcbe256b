import type { VerifiedEnvelope } from '@canswarm/protocol';
import { needRow, planName } from '../committees.ts';
import { digestFaults, frameFaults } from '../evidence.ts';
import type { Part } from '../part.ts';
import type { Model, NeedRow } from '../tables.ts';

const MARKS_MOST = 8;

/** The seat that a vote on a plan was cast from, whatever became of the seat. */
function seatOf(model: Model, need: NeedRow, { payload }: VerifiedEnvelope) {
  if (payload.verb !== 'ATTEST_PLAN') return undefined;
  const { round, ballot, draw } = payload.body;
  const committee = model.committees.find(({ subject }) => subject === planName(need.id, round));
  const seat = committee?.seats.find((one) => one.did === payload.from && one.ballot === ballot && one.draw === draw);
  return committee === undefined || seat === undefined || seat.struck ? undefined : { committee, seat };
}

/** In which round so many seats of one ballot chose a bid that they decide; null if nowhere. */
function chosenIn(model: Model, need: NeedRow, bid: string, votes: readonly VerifiedEnvelope[]): number | null {
  const cast = votes.flatMap((vote) => {
    const { payload } = vote;
    const found = seatOf(model, need, vote);
    if (payload.verb !== 'ATTEST_PLAN' || payload.body.winner !== (bid as never) || found === undefined) return [];
    return [{ ...payload.body, k: found.committee.k }];
  });
  const decisive = cast.find(
    ({ round, ballot, k }) => cast.filter((one) => one.round === round && one.ballot === ballot).length >= k,
  );
  return decisive?.round ?? null;
}

export const reconcile: Part<'RECONCILE'> = {
  verb: 'RECONCILE',
  *faults(model, { body, entry }) {
    const need = model.needs.find(({ id, settled }) => id === body.need && !settled);
    if (need === undefined) return yield 'need_unknown';
    if ((need.adopted.at(-1) ?? null) !== body.merged) yield 'merged_other';
    const marked = [...need.orphaned, ...need.alternates.map(({ id }) => id)];
    if ([...body.orphaned, ...body.salvaged].some((id) => marked.includes(id))) yield 'heal_known';
    const counts = [need.orphaned.length + body.orphaned.length, need.alternates.length + body.salvaged.length];
    if (counts.some((count) => count > MARKS_MOST)) yield 'too_many_open';
    const { envelopes } = entry.evidence;
    const votes = envelopes.filter(({ payload }) => payload.verb === 'ATTEST_PLAN');
    for (const vote of votes) {
      const { payload } = vote;
      if (payload.verb !== 'ATTEST_PLAN') continue;
      if (payload.body.need !== (need.id as never)) yield 'vote_other_subject';
      if (seatOf(model, need, vote) === undefined) yield 'vote_not_seated';
      const same = votes.filter(
        (one) =>
          one.payload.verb === 'ATTEST_PLAN' &&
          one.payload.from === payload.from &&
          one.payload.body.round === payload.body.round,
      );
      if (same.length > 1) yield 'vote_twice';
      yield* frameFaults(model, vote, need.position);
      yield* digestFaults(model, vote);
    }
    for (const bid of body.orphaned) {
      const round = chosenIn(model, need, bid, votes);
      if (round === null) yield 'votes_too_few';
      const isShown = envelopes.some(
        ({ id, payload: shown }) =>
          id === bid &&
          shown.verb === 'PROPOSE' &&
          shown.body.need === (need.id as never) &&
          shown.body.round === round,
      );
      if (!isShown) yield 'bids_lacking';
      const isOpen = round !== null && round === need.round && need.phase === 'bidding';
      if (isOpen || need.adopted.includes(bid)) yield 'branch_live';
    }
    const makers = need.alternates.map(({ worker }) => worker);
    for (const id of body.salvaged) {
      const shown = envelopes.find((envelope) => envelope.id === id);
      if (shown?.payload.verb !== 'ALTERNATE') {
        yield 'alternate_unfit';
        continue;
      }
      const { from, body: said } = shown.payload;
      const isLost = [...need.orphaned, ...body.orphaned].includes(said.bid);
      const own = envelopes.some(
        ({ id: bid, payload }) =>
          bid === said.bid &&
          payload.verb === 'PROPOSE' &&
          payload.body.need === (need.id as never) &&
          payload.body.patch.length === 1 &&
          payload.body.patch[0]?.assignee === from,
      );
      if (said.need !== (need.id as never) || !isLost || !own || makers.includes(from)) yield 'alternate_unfit';
      makers.push(from);
      yield* frameFaults(model, shown, need.position);
      if (need.failed.has(from)) yield 'failed_before';
    }
  },
  follow(model, { body, entry }) {
    const need = needRow(model, body.need);
    need.orphaned.push(...body.orphaned);
    for (const id of body.salvaged) {
      const shown = entry.evidence.envelopes.find((envelope) => envelope.id === id);
      if (shown?.payload.verb === 'ALTERNATE')
        need.alternates.push({ id, worker: shown.payload.from, bid: shown.payload.body.bid });
    }
  },
};
