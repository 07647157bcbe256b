import type { Did, EnvelopeId, Micro, Params, PatchTask, ProposeBody, VerifiedEnvelope } from '@canswarm/protocol';
import { mulDivCeil, mulDivFloor } from './amounts.ts';
import { affordableTasks } from './need-money.ts';
import type { Offer, Proposal } from './plan/merge.ts';
import { type PlanBase, readPatch } from './plan/read-patch.ts';
import { doneTasks } from './plan/tasks.ts';
import { entityOf } from './pool.ts';
import { identityOf, standingBps } from './reputation.ts';
import type { Need, State } from './state.ts';

/**
 * The score of a bid in basis points times ten thousand, an integer: the need's weights on how far price and eta stay
 * below their caps, and on the worker's standing in its class when the round opened. Ties are broken by the smaller id.
 * Source: `spec/04-verbs.md`, bids.
 */
export function scoreBid(
  state: State,
  { body, standings }: Pick<Need, 'body' | 'standings'>,
  { price, etaMs, worker }: { readonly price: number; readonly etaMs: number; readonly worker: Did },
): number {
  const { scoring, priceCap, deadlineMs } = body;
  const saved = mulDivFloor(priceCap - price, 10_000, priceCap);
  const early = mulDivFloor(deadlineMs - etaMs, 10_000, deadlineMs);
  const points = standings?.get(identityOf(state, worker)) ?? 0;
  const standing = scoring.reputationBps === 0 ? 0 : standingBps(state.params, points);
  return scoring.priceBps * saved + scoring.etaBps * early + scoring.reputationBps * standing;
}

type Find = (id: EnvelopeId) => VerifiedEnvelope | undefined;

/** What is shown with a bid. */
export interface Shown {
  /** Assignees' acceptances and the bids outdone, by their ids. */
  readonly find: Find;
  /** Whether the hash of a bid was shown before it. */
  readonly wasSealed: (bid: VerifiedEnvelope) => boolean;
  /** The most that a bid may cost. */
  readonly cap: Micro;
}

/** The highest price at which a bid improves on one of `price`; negative where none does. */
export const improvedPrice = ({ bidStepBps }: Params, price: Micro): number =>
  price - Math.max(1, mulDivCeil(price, bidStepBps, 10_000));

/** What a proposal rests on: assignees' acceptances, and the bid it outdoes. DECIDE shows them with it. */
export function groundsOf({ payload }: VerifiedEnvelope): readonly EnvelopeId[] {
  if (payload.verb !== 'PROPOSE') return [];
  const { outbids, patch } = payload.body;
  return [...patch.map(({ acceptance }) => acceptance), outbids].filter((id) => id !== null);
}

/** The turn of a bid: one more than that of the bid it outdoes; beyond `most` it is not counted further. */
export function turnOf(proposal: VerifiedEnvelope, find: Find, most: number): number {
  const { payload } = proposal;
  const outdone = payload.verb === 'PROPOSE' && payload.body.outbids !== null ? find(payload.body.outbids) : undefined;
  return outdone === undefined || most <= 1 ? 1 : 1 + turnOf(outdone, find, most - 1);
}

/**
 * Whether a bid is better than another whatever the standings of their workers are: those are of the round, and forgotten with it.
 * False for what is no PROPOSE. Source: `spec/07-challenges.md`, classes.
 */
export function outscoresAnyhow(
  { body }: Pick<Need, 'body'>,
  better: VerifiedEnvelope,
  chosen: VerifiedEnvelope,
): boolean {
  const plain = ({ payload }: VerifiedEnvelope): number => {
    if (payload.verb !== 'PROPOSE') return Number.NaN;
    const { price, etaMs } = payload.body;
    const saved = mulDivFloor(body.priceCap - price, 10_000, body.priceCap);
    const early = mulDivFloor(body.deadlineMs - etaMs, 10_000, body.deadlineMs);
    return body.scoring.priceBps * saved + body.scoring.etaBps * early;
  };
  return plain(better) > plain(chosen) + body.scoring.reputationBps * 10_000;
}

/**
 * Reads a PROPOSE as a bid on the need's present round. Returns why it is none: a text. Of the bids outdone `turns - 1` may stand behind
 * one another. Source: `spec/04-verbs.md`, bids.
 */
export function readProposal(
  state: State,
  need: Need,
  proposal: VerifiedEnvelope,
  shown: Shown,
  turns = state.params.bidTurns,
): Proposal | string {
  const bid = readOffer(state, need, proposal, shown);
  const outbids = proposal.payload.verb === 'PROPOSE' ? proposal.payload.body.outbids : null;
  if (typeof bid === 'string' || outbids === null) return bid;
  if (turns <= 1) return 'a turn too many';
  const outdone = shown.find(outbids);
  if (outdone === undefined) return 'the bid it outdoes is not shown';
  const other = readProposal(state, need, outdone, shown, turns - 1);
  if (typeof other === 'string') return `it outdoes no bid: ${other}`;
  if (entityOf(state, other.lead) === entityOf(state, bid.lead)) return 'it outdoes its own bid';
  const improves = bid.price <= improvedPrice(state.params, other.price) && bid.score > other.score;
  return improves ? bid : 'it improves too little';
}

const NO_TASKS: ReadonlySet<string> = new Set();

/** What a patch of a need builds on now. */
export const planBaseOf = (state: State, need: Need): PlanBase => ({
  version: need.planVersion,
  division: need.body.plan,
  done: need.plan === null ? NO_TASKS : new Set(doneTasks(need).map(({ task }) => task)),
  affordable: affordableTasks(state, need),
});

/** As `readProposal`, whatever it outdoes. */
function readOffer(state: State, need: Need, proposal: VerifiedEnvelope, shown: Shown): Proposal | string {
  const { payload } = proposal;
  if (payload.verb !== 'PROPOSE') return 'not a PROPOSE';
  const { body, from } = payload;
  if (body.need !== need.id || body.round !== need.round) return 'other need or round';
  const sealFault = sealFaultOf(need, proposal, body, shown);
  if (sealFault !== null) return sealFault;
  if (body.price > shown.cap) return 'price over the cap';
  if (body.etaMs > need.body.deadlineMs) return 'eta after the deadline';
  if (body.planner !== null && body.planner !== from) return 'an acceptance, not a bid';
  if (body.planner !== null && need.body.trial !== null) return "a trial is its worker's own";
  const tasks = readPatch(planBaseOf(state, need), body.base, body.patch);
  if (typeof tasks === 'string') return tasks;
  const fault = assigneeFault(need, body, shown.find);
  if (fault !== null) return fault;
  const offers = tasks.map(offerOf);
  const lead = offers.at(-1)?.worker ?? from;
  return {
    id: proposal.id,
    planner: body.planner,
    lead,
    price: body.price,
    score: scoreBid(state, need, { price: body.price, etaMs: body.etaMs, worker: lead }),
    offers,
  };
}

/** In a sealed auction what was not sealed is no bid, whoever put it together; in an open one nothing is opened. */
function sealFaultOf(
  { body }: Need,
  proposal: VerifiedEnvelope,
  { salt, planner }: ProposeBody,
  shown: Shown,
): string | null {
  if (body.auction === 'open') return salt === null ? null : 'opened where nothing is sealed';
  if (salt === null || planner !== null) return 'not sealed';
  return shown.wasSealed(proposal) ? null : 'not what was sealed';
}

const offerOf = ({ task, part, goal, after, price, assignee }: PatchTask): Offer => ({
  task,
  part,
  goal,
  after,
  price,
  worker: assignee,
});

/** An assignee has not failed the need, and has accepted its task, unless it bids itself. */
function assigneeFault(need: Need, { planner, patch }: ProposeBody, find: Find): string | null {
  for (const task of patch) {
    if (task.assignee === null) continue;
    if (need.failed.has(task.assignee)) return 'assignee failed before';
    if (planner === null) continue;
    const acceptance = task.acceptance === null ? undefined : find(task.acceptance);
    if (acceptance === undefined) return 'acceptance not shown';
    if (!accepts(need, acceptance, planner, task)) return 'assignee did not accept';
  }
  return null;
}

/** Whether an envelope is the assignee's acceptance of just this task from a planner. */
function accepts(need: Need, { payload }: VerifiedEnvelope, planner: string, task: PatchTask): boolean {
  if (payload.verb !== 'PROPOSE' || payload.from !== task.assignee) return false;
  const { body } = payload;
  const own = body.patch[0];
  return (
    body.need === need.id &&
    body.round === need.round &&
    body.base === need.planVersion &&
    body.planner === planner &&
    body.patch.length === 1 &&
    own !== undefined &&
    own.assignee === task.assignee &&
    own.acceptance === null &&
    own.price === task.price &&
    own.task === task.task &&
    own.part === task.part &&
    own.goal === task.goal &&
    own.after.length === task.after.length &&
    own.after.every((name, index) => name === task.after[index])
  );
}
