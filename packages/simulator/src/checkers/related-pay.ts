import type { AppliedEntry } from '@canswarm/node';
import type { Genesis } from '@canswarm/protocol';
import type { Checker, Fault } from './checker.ts';

const RESULT = 'result/';

/** Whose work the winning bid of an entry is: who bids, who plans, who is to do the tasks. */
function partiesOf({ entry, events }: AppliedEntry): readonly string[] {
  const winner = events.find((event) => event.type === 'need_decided')?.winner ?? null;
  const bid = entry.evidence.envelopes.find(({ id }) => id === winner)?.payload;
  if (bid?.verb !== 'PROPOSE') return [];
  const { planner, patch } = bid.body;
  return [bid.from, planner, ...patch.map(({ assignee }) => assignee)].filter((did) => did !== null);
}

/** P13: nobody is paid for judging what its own organisation wants or did. Seats may be paid long after another took the task. */
export function relatedPay(fault: Fault, { members }: Genesis): Checker {
  const orgs = new Map(members.map(({ did, org }) => [did as string, org]));
  const workers = new Map<string, string>();
  const requesters = new Map<string, string>();
  const isOne = (a: string, b: string | undefined): boolean =>
    b !== undefined && (a === b || (orgs.get(a) !== undefined && orgs.get(a) === orgs.get(b)));

  return {
    properties: ['P13'],
    onEntry(applied) {
      const { events, position } = applied;
      let paid: string[] = [];
      for (const event of events) {
        if (event.type === 'committed') workers.set(event.commit, event.worker);
        else if (event.type === 'need_opened') requesters.set(event.need, event.requester);
        else if (event.type === 'task_opened') requesters.set(event.need, requesters.get(event.root) ?? '');
        else if (event.type === 'posting' && event.code === 'seat_fee') {
          const payee = event.credit.slice('free/'.length);
          paid.push(payee);
          if (isOne(payee, requesters.get(event.debit.slice('escrow/'.length))))
            fault('P13', `position ${position}: ${payee} is paid for judging what it wants`);
        } else if (event.type === 'seats_paid') {
          const { subject } = event;
          const worker = workers.get(subject.slice(RESULT.length));
          const parties = subject.startsWith(RESULT) ? [worker] : partiesOf(applied);
          for (const payee of paid)
            if (parties.some((party) => isOne(payee, party)))
              fault('P13', `position ${position}: ${payee} is paid for judging its own, ${subject}`);
          paid = [];
        }
      }
    },
  };
}
