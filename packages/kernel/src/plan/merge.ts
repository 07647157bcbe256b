import type { Did, EnvelopeId, Micro } from '@canswarm/protocol';
import { MAIN_TASK } from '@canswarm/protocol';
import type { Bid } from '../state.ts';

/** A task as a proposal has it, with who would do it. */
export interface Offer {
  readonly task: string;
  readonly part: number | null;
  readonly goal: string | null;
  readonly after: readonly string[];
  readonly price: Micro;
  /** Null: it is open to CLAIM. */
  readonly worker: Did | null;
}

/** A PROPOSE that is a bid on the present round: the whole plan that it would make. */
export interface Proposal {
  readonly id: EnvelopeId;
  readonly planner: Did | null;
  /** Who stands for it in the auction: who would do `main`, or the planner where that is open. */
  readonly lead: Did;
  readonly price: Micro;
  readonly score: number;
  /** In the order of the plan; `main` is the last. */
  readonly offers: readonly Offer[];
}

/** Who would be paid for a proposal. */
export const partiesOf = ({ planner, offers }: Proposal): readonly Did[] =>
  [planner, ...offers.map(({ worker }) => worker)].filter((did) => did !== null);

/** Another proposal has a task of the same name, and it is another task. */
export interface Conflict {
  readonly bid: EnvelopeId;
  readonly task: string;
  readonly field: 'part' | 'goal' | 'after';
}

export interface MergedTask {
  readonly offer: Offer;
  /** Who gets the task in turn. */
  readonly queue: readonly Bid[];
}

export interface MergedPlan {
  readonly base: Proposal;
  readonly tasks: readonly MergedTask[];
  readonly conflicts: readonly Conflict[];
}

/** The best first; among equals the smaller id. */
export const byScore = (a: Proposal, b: Proposal): number => b.score - a.score || (a.id < b.id ? -1 : 1);

/** What a proposal leaves to its planner. */
export const plannerShare = ({ price, offers }: Proposal): Micro =>
  price - offers.reduce((sum, offer) => sum + offer.price, 0);

/**
 * One plan of competing proposals, whatever order they come in: the tasks are those of the best. Another proposal adds, to each task
 * that it has just so, its worker as a runner-up; what it has otherwise is a conflict and left out. One offer an entity and task.
 * Invariant: the tasks are the best's, so that the others can add neither a task nor a circle. Source: `spec/04-verbs.md`, plans.
 */
export function mergeProposals(
  proposals: readonly [Proposal, ...Proposal[]],
  { most, entityOf }: { readonly most: number; readonly entityOf: (did: Did) => string },
): MergedPlan {
  const ranked = [...proposals].sort(byScore);
  const base = ranked[0] ?? proposals[0];
  const conflicts = ranked.slice(1).flatMap((other) => conflictsBetween(base, other));
  const tasks = base.offers.map((offer) => {
    const entities = new Set<string>();
    const queue = ranked
      .flatMap((proposal) => bidsFor(base, proposal, offer))
      .filter(({ worker }) => {
        const entity = entityOf(worker);
        return !entities.has(entity) && entities.add(entity);
      });
    return { offer, queue: queue.slice(0, most) };
  });
  return { base, tasks, conflicts };
}

/** Where two proposals change the same task otherwise: of each such task the first field that differs. */
export function conflictsBetween(base: Proposal, other: Proposal): readonly Conflict[] {
  return base.offers.flatMap((offer) => {
    const same = other.offers.find(({ task }) => task === offer.task);
    const field = same === undefined ? null : difference(offer, same);
    return field === null ? [] : [{ bid: other.id, task: offer.task, field }];
  });
}

function difference(one: Offer, other: Offer): Conflict['field'] | null {
  if (one.part !== other.part) return 'part';
  if (one.goal !== other.goal) return 'goal';
  const same = one.after.length === other.after.length && one.after.every((name, index) => name === other.after[index]);
  return same ? null : 'after';
}

/** Who a proposal has for a task of the plan, if it has the task just so and within what the plan pays for it. */
function bidsFor(base: Proposal, proposal: Proposal, due: Offer): readonly Bid[] {
  const offer = proposal.offers.find(({ task }) => task === due.task);
  if (offer === undefined || offer.worker === null || difference(due, offer) !== null) return [];
  const { id, score } = proposal;
  const bid = { id, worker: offer.worker, workerPrice: offer.price, score };
  // A bid on the whole of an undivided need is paid as it says, its own planner with it.
  if (base.offers.length === 1) return [{ ...bid, planner: proposal.planner, price: proposal.price }];
  if (offer.price > due.price) return [];
  const share = due.task === MAIN_TASK ? plannerShare(base) : 0;
  return [{ ...bid, planner: base.planner, price: offer.price + share }];
}
