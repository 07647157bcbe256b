import type { KernelEvent } from '@canswarm/kernel';
import type { Micro } from '@canswarm/protocol';

/** Where the money of a need is and went, micro-credits. */
export interface NeedMoney {
  /** What its requester put into escrow. */
  readonly put: Micro;
  /** What is in escrow now. */
  readonly held: Micro;
  /** Paid for the work, to worker and planner. */
  readonly work: Micro;
  /** Paid to seats. */
  readonly seats: Micro;
  /** Set aside for tasks of its plan, less what they left of it. What came of it stands with each task. */
  readonly tasks: Micro;
  /** Burned for the log space of its duties. */
  readonly logs: Micro;
  /** Paid into the fund that repays plants. */
  readonly plants: Micro;
  /** Burned of fees that no seat earned. */
  readonly unearned: Micro;
  /** What came back to its requester. */
  readonly refunded: Micro;
  /** Bonds of workers and challengers that are locked now. */
  readonly bonds: Micro;
  /** What was taken from those who were wrong or absent. */
  readonly slashed: Micro;
}

type Posting = Extract<KernelEvent, { type: 'posting' }>;

export const NO_MONEY: NeedMoney = {
  put: 0,
  held: 0,
  work: 0,
  seats: 0,
  tasks: 0,
  logs: 0,
  plants: 0,
  unearned: 0,
  refunded: 0,
  bonds: 0,
  slashed: 0,
};

const PUTS: ReadonlySet<string> = new Set(['escrow_price', 'escrow_fees', 'escrow_logs']);
const WORK: ReadonlySet<string> = new Set(['price', 'planner_share', 'undecidable_pay']);
/** Postings that take from somebody who was wrong or absent; out of escrow they move what was taken before. */
const TAKES: ReadonlySet<string> = new Set([
  'bond_burned',
  'bond_shared',
  'bond_funds_attempt',
  'reserve_burned',
  'slash_shared',
  'stake_burned',
  'silence_fee',
  'challenge_bond_burned',
]);

/** The money of a need after one more posting of its story, not of its tasks' own. Source: `spec/06-money.md`. */
export function moneyAfter(money: NeedMoney, { code, debit, credit, amount }: Posting): NeedMoney {
  const [outOfEscrow, intoEscrow] = [debit.startsWith('escrow/'), credit.startsWith('escrow/')];
  const moved = (is: boolean): Micro => (is ? amount : 0);
  return {
    put: money.put + moved(PUTS.has(code)),
    held: money.held + moved(intoEscrow && code !== 'escrow_task') - moved(outOfEscrow && code !== 'task_returned'),
    work: money.work + moved(outOfEscrow && WORK.has(code)),
    seats: money.seats + moved(outOfEscrow && code === 'seat_fee'),
    tasks: money.tasks + moved(code === 'escrow_task') - moved(code === 'task_returned'),
    logs: money.logs + moved(outOfEscrow && code === 'log_fee'),
    plants: money.plants + moved(outOfEscrow && code === 'plant_levy'),
    unearned: money.unearned + moved(code === 'seat_fee_burned'),
    refunded: money.refunded + moved(outOfEscrow && code === 'refund'),
    bonds: money.bonds + moved(credit.startsWith('bond/')) - moved(debit.startsWith('bond/')),
    slashed: money.slashed + moved(!outOfEscrow && TAKES.has(code)),
  };
}
