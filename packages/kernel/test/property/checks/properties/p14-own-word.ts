import type { KernelEvent } from '../../../../src/events.ts';
import { JURY_CLASSES } from '../../model/disputes.ts';
import { everOf, lastSeen, ofType, type Property, type Seen, type Step } from '../step.ts';

/** Transfers that take free credits or stake of a key at its own word in this very entry. */
const OWN = [
  'transfer',
  'stake',
  'delegate',
  'unbond',
  'hold',
  'escrow_price',
  'escrow_fees',
  'escrow_logs',
  'challenge_bond',
  'appeal_bond',
];

/** What stands behind a key is its delegator's: `delegation/FROM/TO`. */
const ownerOf = (account: string): string =>
  account.startsWith('delegation/') ? (account.split('/')[1] ?? '') : account.slice(account.lastIndexOf('/') + 1);

const signerOf = (trace: readonly Seen[], id: string): string | undefined =>
  trace.find(({ entry }) => entry.envelope.id === id)?.entry.envelope.payload.from;

/** Whether a key said, in an entry that was accepted, that it would do the task. */
function offered(trace: readonly Seen[], worker: string, need: string): boolean {
  const opened = everOf(trace, 'task_opened').find((event) => event.need === need);
  const { root, task } = opened ?? { root: need, task: 'main' };
  return trace.some(({ entry, applied }) => {
    const { payload } = entry.envelope;
    if (!applied.outcome.accepted) return false;
    if (payload.verb === 'CLAIM') return payload.from === worker && payload.body.need === need;
    return entry.evidence.envelopes.some(({ payload: bid }) => {
      if (bid.verb !== 'PROPOSE' || bid.from !== worker || bid.body.need !== root) return false;
      return bid.body.patch.some((own) => own.task === task && own.assignee === worker);
    });
  });
}

/** Who posted a need, or the need that it is a task of. */
function requesterOf(trace: readonly Seen[], need: string): string {
  const root = everOf(trace, 'task_opened').find((event) => event.need === need)?.root ?? need;
  return everOf(trace, 'need_opened').find((event) => event.need === root)?.requester ?? '';
}

/** Whether who is stood behind said, in an entry that was accepted, that it takes stake of this key. */
const admitted = (trace: readonly Seen[], delegation: string): boolean =>
  trace.some(({ entry, applied }) => {
    const { payload } = entry.envelope;
    if (!applied.outcome.accepted || payload.verb !== 'DELEGATE') return false;
    const { delegator, delegate } = payload.body;
    return payload.from === delegate && delegation === `delegation/${delegator}/${delegate}`;
  });

function* money({ applied, trace }: Step, signer: string): Iterable<string> {
  for (const { code, rule, debit, credit } of ofType(applied.events, 'posting')) {
    if (OWN.includes(code) && ownerOf(debit) !== signer) yield `${signer} moves what is ${debit}`;
    if (
      code === 'log_fee' &&
      !debit.startsWith('escrow/') &&
      ![ownerOf(debit), signerOf(trace, ownerOf(debit))].includes(signer)
    )
      yield `${debit} pays for an entry of ${signer}`;
    if (code === 'delegate' && !admitted(trace, credit)) yield `${signer} puts stake behind who does not take it`;
    if (code === 'withdraw' && (ownerOf(credit) !== signer || signerOf(trace, ownerOf(debit)) !== signer))
      yield `${signer} withdraws what another unbonded`;
    if (code === 'hold_paid' && (rule !== 'SETTLE' || signerOf(trace, ownerOf(debit)) !== signer))
      yield `${debit} is paid without its payer's word`;
    if (code === 'work_bond' && !offered(trace, ownerOf(debit), credit.split('/')[2] ?? ''))
      yield `${debit} is bonded for a task that nobody of that key took`;
  }
}

/** Who had to say so, for what happens at somebody's word; null for what happens by itself. */
function speaker({ trace }: Step, event: KernelEvent): string | null {
  switch (event.type) {
    case 'committed':
      return event.worker;
    case 'member_joined':
    case 'member_left':
      return event.did;
    case 'appealed':
      return event.appellant;
    case 'challenge_judged':
      // A jury's word needs no more of the challenger.
      return JURY_CLASSES.includes(event.class) ? null : event.challenger;
    case 'challenge_sealed':
      return event.challenger;
    case 'need_opened':
      return event.requester;
    case 'need_closed':
      return event.status === 'cancelled' ? requesterOf(trace, event.need) : null;
    case 'lease_lost':
      return event.reason === 'yielded' ? event.holder : null;
    case 'lease_renewed': {
      const granted = lastSeen(trace, (other) => other.type === 'lease_granted' && other.need === event.need);
      return (
        ofType(granted?.applied.events ?? [], 'lease_granted').findLast(({ need }) => need === event.need)?.holder ??
        null
      );
    }
    default:
      return null;
  }
}

export default {
  id: 'P14',
  holds: 'nothing of a key moves or is promised without its word',
  needsModel: false,
  *check(step) {
    const { applied, entry, model } = step;
    const signer = entry.envelope.payload.from;
    yield* money(step, signer);
    for (const event of applied.events) {
      const due = speaker(step, event);
      if (due !== null && due !== signer) yield `${event.type} at the word of ${signer}, not of ${due}`;
      if (event.type === 'posting' && event.code === 'mint' && signer !== model.genesis.authority)
        yield `${signer} makes credits`;
      if (event.type === 'revealed' && !entry.evidence.envelopes.some(({ payload }) => payload.from === event.did))
        yield `${event.did} reveals and did not say so`;
    }
  },
} satisfies Property;
