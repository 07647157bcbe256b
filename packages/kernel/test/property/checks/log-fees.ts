import type { VerifiedEntry } from '@canswarm/protocol';
import type { KernelEvent } from '../../../src/events.ts';
import { everOf, ofType, type Step } from './step.ts';

/** Codes of entries that their senders did not sign for this log as it is. */
const FOREIGN = [
  'epoch_other',
  'policy_unknown',
  'incarnation_other',
  'head_ahead',
  'head_stale',
  'head_forked',
  'replayed',
];
const DUTIES = ['DECIDE', 'COMMIT', 'CERTIFY', 'RELEASE', 'INVALIDATE', 'DISMISS', 'FINALIZE'];

type Posting = Extract<KernelEvent, { type: 'posting' }>;

const sum = (postings: readonly Posting[]): number => postings.reduce((all, { amount }) => all + amount, 0);

/** Log fees, from bytes and postings alone: each signature pays once and in full, a need for its duties within bounds. */
export function* logFees({ entry, applied, trace, state, model }: Step): Iterable<string> {
  const { params } = model;
  const fee = params.logFeeBase + params.logFeePerByte * entry.bytes.length;
  const { verb, from } = entry.envelope.payload;
  const now = ofType(applied.events, 'posting').filter(({ code }) => code === 'log_fee');
  const { outcome } = applied;
  const fromNeed = now.filter(({ debit }) => debit.startsWith('escrow/'));
  yield* ofNeed(fromNeed, trace, { entry, accepted: outcome.accepted, model });
  // What an entry shows may be of another network too, with the same code.
  const isForeign = entry.envelope.payload.network !== model.network;
  if (!outcome.accepted && (isForeign || FOREIGN.includes(outcome.code))) {
    if (now.length > 0) yield `an entry that is not for here costs ${sum(now)}`;
    return;
  }
  const paid = sum(paidFor(trace, entry));
  if (paid > fee) yield `an entry of ${fee} cost ${paid}`;
  if (verb === 'TICK' || verb === 'MINT' || verb === 'POLICY') return;
  if (verb === 'RESTART' && outcome.accepted) return;
  const free = state.accounts.get(`free/${from}`) ?? 0;
  if (outcome.accepted && paid !== fee) yield `${verb} cost ${paid}, its fee is ${fee}`;
  if (!outcome.accepted && paid < fee && free > 0) yield `a refused ${verb} cost ${paid} of ${fee}, ${free} is left`;
}

/** Every log fee for the same signature: an entry comes again where it was refused. */
const paidFor = (trace: Step['trace'], { envelope }: VerifiedEntry): readonly Posting[] =>
  trace
    .filter(({ entry }) => entry.envelope.id === envelope.id)
    .flatMap(({ applied }) => ofType(applied.events, 'posting'))
    .filter(({ code }) => code === 'log_fee');

interface Duty extends Pick<Step, 'entry' | 'model'> {
  readonly accepted: boolean;
}

function* ofNeed(postings: readonly Posting[], trace: Step['trace'], duty: Duty): Iterable<string> {
  const { verb } = duty.entry.envelope.payload;
  const { logFeeBase, logFeePerByte, logDuties, logDutyBytes } = duty.model.params;
  const most = logFeeBase + logFeePerByte * logDutyBytes;
  for (const { debit, amount } of postings) {
    if (!duty.accepted || !DUTIES.includes(verb)) yield `${debit} pays for a ${verb} that does nothing for it`;
    if (amount > most) yield `${debit} pays ${amount} for one entry`;
    const ever = everOf(trace, 'posting').filter((one) => one.code === 'log_fee' && one.debit === debit);
    const funds = duty.model.needs.find(({ id }) => debit === `escrow/${id}`)?.body.plan?.tasks ?? 1;
    if (sum(ever) > funds * logDuties * most) yield `${debit} pays ${sum(ever)} for the log`;
  }
}
