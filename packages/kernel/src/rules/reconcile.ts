import type { EnvelopeId, VerifiedEnvelope } from '@canswarm/protocol';
import { type Context, isRejection, type Rejection, reject } from '../context.ts';
import { type Branch, branchesOf, HEALED_PER_NEED_MAX, isBidOf, isOver, isOwnBid } from '../heals.ts';
import { seatOfPlanVote } from '../plan-seats.ts';
import { diverges } from '../policy/divergence.ts';
import type { Alternate, Need } from '../state.ts';
import { judgeHead } from '../votes.ts';
import type { Rule } from './rule.ts';

/** RECONCILE: marks what became of a need where the log could not be had; moves no money and no lease. Spec: `spec/04-verbs.md`, RECONCILE. */
export const judgeReconcile: Rule<'RECONCILE'> = (context, { entry, payload }) => {
  const { body } = payload;
  const need = context.state.needs.get(body.need);
  // 1 need_unknown
  if (need === undefined) return reject('need_unknown', { need: body.need });
  // 2 merged_other: what the log adopted last
  const merged = need.adopted.at(-1) ?? null;
  if (body.merged !== merged) return reject('merged_other', { merged });
  // 3 heal_known: nothing is marked twice
  const known = [...body.orphaned, ...body.salvaged].find(
    (id) => need.orphaned.includes(id) || need.alternates.some((alternate) => alternate.id === id),
  );
  if (known !== undefined) return reject('heal_known', { id: known });
  // 4 too_many_open
  const counts = [need.orphaned.length + body.orphaned.length, need.alternates.length + body.salvaged.length];
  if (Math.max(...counts) > HEALED_PER_NEED_MAX) return reject('too_many_open', { most: HEALED_PER_NEED_MAX });
  const { envelopes } = entry.evidence;
  // 5 vote_*: each vote is one of a seat that was drawn for a plan of the need
  const misfit = judgeVotes(context, need, envelopes);
  if (misfit !== null) return misfit;
  const branches = branchesOf(need, envelopes);
  const orphaned: Branch[] = [];
  for (const bid of body.orphaned) {
    const branch = branches.get(bid);
    // 6 votes_too_few: K seats of one ballot chose it
    if (branch === undefined || branch.votes.length < branch.k)
      return reject('votes_too_few', { bid, votes: branch?.votes.length ?? 0, needed: branch?.k ?? null });
    // 7 bids_lacking: it is shown, of the round of those votes, so that no later one can adopt it
    if (!envelopes.some((envelope) => isBidOf(envelope, need, branch))) return reject('bids_lacking', { bid });
    // 8 branch_live: it was adopted, or may be
    if (!isOver(need, branch)) return reject('branch_live', { bid, round: branch.round });
    orphaned.push(branch);
  }
  const lost = new Set([...need.orphaned, ...body.orphaned]);
  const alternates: Alternate[] = [];
  for (const id of body.salvaged) {
    const alternate = judgeAlternate(context, need, { id, lost, envelopes, others: alternates });
    if (isRejection(alternate)) return alternate;
    alternates.push(alternate);
  }
  return () => {
    need.orphaned = [...need.orphaned, ...body.orphaned];
    need.alternates = [...need.alternates, ...alternates];
    for (const { bid, round, votes } of orphaned)
      context.emit({ type: 'branch_orphaned', need: need.id, round, bid, votes: votes.length });
    for (const { id, worker, bid } of alternates)
      context.emit({ type: 'alternate_kept', need: need.id, alternate: id, worker, bid });
  };
};

function judgeVotes(context: Context, need: Need, envelopes: readonly VerifiedEnvelope[]): Rejection | null {
  const cast = new Set<string>();
  for (const vote of envelopes) {
    const { payload } = vote;
    if (payload.verb !== 'ATTEST_PLAN') continue;
    const { from, body } = payload;
    const { round, ballot, draw } = body;
    if (body.need !== need.id) return reject('vote_other_subject', { from, named: body.need });
    const seat = seatOfPlanVote(need, vote);
    if (seat === undefined || seat.struck) return reject('vote_not_seated', { from, round, ballot, draw });
    if (cast.has(`${round}/${from}`)) return reject('vote_twice', { from });
    cast.add(`${round}/${from}`);
    const head = judgeHead(context, vote, need.position);
    if (isRejection(head)) return head;
    if (diverges(context.state, vote)) return reject('vote_policy_other', { from });
  }
  return null;
}

function judgeAlternate(
  context: Context,
  need: Need,
  shown: {
    readonly id: EnvelopeId;
    readonly lost: ReadonlySet<EnvelopeId>;
    readonly envelopes: readonly VerifiedEnvelope[];
    readonly others: readonly Alternate[];
  },
): Rejection | Alternate {
  const { id, lost, envelopes } = shown;
  const alternate = envelopes.find((envelope) => envelope.id === id);
  // 9 alternate_unfit: of this need, by the one whose bid on all of it is orphaned, and the only one of its maker
  if (alternate?.payload.verb !== 'ALTERNATE') return reject('alternate_unfit', { id, why: 'it is not shown' });
  const { body, from } = alternate.payload;
  const unfit = (why: string): Rejection => reject('alternate_unfit', { id, why });
  if (body.need !== need.id) return unfit('it is of another need');
  if (!lost.has(body.bid)) return unfit('its bid is not orphaned');
  if (!envelopes.some((envelope) => isOwnBid(envelope, need, body.bid, from))) return unfit('its bid is not shown');
  if ([...need.alternates, ...shown.others].some(({ worker }) => worker === from)) return unfit('its maker has one');
  const head = judgeHead(context, alternate, need.position);
  if (isRejection(head)) return head;
  // 10 failed_before: its maker may still get the task
  if (need.failed.has(from)) return reject('failed_before', { worker: from });
  return { id, worker: from, bid: body.bid, outputs: body.outputs };
}
