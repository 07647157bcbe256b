import type { Did, Micro, Params, Payload, VerifiedEntry } from '@canswarm/protocol';
import { escrowAccount, freeAccount } from './accounts.ts';
import { type Context, type Effect, isRejection, type Rejection, reject } from './context.ts';
import { transfer } from './ledger.ts';
import { freeBalance } from './pool.ts';
import { mayReport } from './reports.ts';
import { exposedStake, takeOwnStake } from './stake-exit.ts';
import type { Need, State } from './state.ts';

/** What a need waits for, whoever sends it: its escrow pays for the log space of the entry that is accepted. */
const DUTIES: ReadonlySet<Payload['verb']> = new Set([
  'DECIDE',
  'COMMIT',
  'CERTIFY',
  'RELEASE',
  'INVALIDATE',
  'DISMISS',
  'FINALIZE',
]);

/** Verbs that need no credits of their sender: time must move, and a life begin, whoever has some; the others are the authority's alone. */
const GRATIS: ReadonlySet<Payload['verb']> = new Set(['TICK', 'MINT', 'POLICY', 'RESTART']);

/** Verbs by which a key takes part and leaves again: whoever has a stake needs no other credits for them. */
const STAKED: ReadonlySet<Payload['verb']> = new Set(['JOIN', 'LEAVE', 'UNBOND', 'WITHDRAW', 'CONFORM']);

/** Bytes that a TICK has for nothing: for itself, and for each verifier whose reports it brings. */
const TICK_BYTES = 1024;

/** What an entry of so many bytes costs. Source: `spec/06-money.md`, log fees. */
export const logFee = ({ logFeeBase, logFeePerByte }: Params, bytes: number): Micro =>
  logFeeBase + logFeePerByte * bytes;

/** What a NEED escrows for the log space of the entries that do its duties. */
export const logFund = (params: Params): Micro => params.logDuties * logFee(params, params.logDutyBytes);

/** Whether the sender of such an entry pays for its log space, be it accepted. */
const senderPays = (verb: Payload['verb']): boolean => !DUTIES.has(verb) && !GRATIS.has(verb);

/** Whether a key has credits for an entry of so many bytes now; those that a need pays for, or nobody, need none. */
export const canPayLog = (state: State, verb: Payload['verb'], did: Did, bytes: number): boolean =>
  !senderPays(verb) || payable(state, verb, did) >= logFee(state.params, bytes);

/**
 * Judges an entry that its sender signed for this log as it is, and takes what its log space costs: from the sender before the rule of
 * its verb sees what is free; for a duty from its need, once the rule would accept it. `judge` writes nothing: it judges by the rule, then
 * by what lacks for the fee of a duty, then by the policy. Whatever comes of it, a signature pays its fee once, since anybody may append an
 * entry again. Spec: `spec/06-money.md`, log fees.
 */
export function judgePaid(
  context: Context,
  entry: VerifiedEntry,
  thread: Rejection | null,
  judge: (lacking: Rejection | null) => Rejection | Effect,
): Rejection | Effect {
  const { state } = context;
  const { verb } = entry.envelope.payload;
  const due = feeDue(state, entry);
  if (thread !== null || senderPays(verb)) {
    const lacking = thread ?? judgeFunds(context, entry, due);
    if (lacking === null && STAKED.has(verb)) return judgeStaked(context, entry, due, judge(null));
    chargeSender(context, entry, due);
    return lacking ?? judge(null);
  }
  const fromNeed = DUTIES.has(verb) ? shareOfNeed(state, entry, due) : 0;
  const judged = judge(DUTIES.has(verb) ? judgeFunds(context, entry, due - fromNeed) : null);
  if (isRejection(judged)) {
    chargeSender(context, entry, verb === 'TICK' && takeLateTick(context, entry) ? tickExcess(state, entry, due) : due);
    return judged;
  }
  if (verb === 'MINT' || verb === 'POLICY' || verb === 'RESTART') return judged;
  if (verb === 'TICK') {
    chargeSender(context, entry, tickExcess(state, entry, due));
    return judged;
  }
  chargeNeed(context, entry, fromNeed);
  chargeSender(context, entry, due - fromNeed);
  return judged;
}

/** Paid out of what is there afterwards: so all of a stake can leave use, and what is withdrawn pays for that. */
function judgeStaked(
  context: Context,
  entry: VerifiedEntry,
  due: Micro,
  judged: Rejection | Effect,
): Rejection | Effect {
  if (!isRejection(judged))
    return () => {
      judged();
      chargeSender(context, entry, due);
    };
  chargeSender(context, entry, due);
  return judged;
}

/** What an entry costs, less what this signature paid before. */
const feeDue = (state: State, { bytes, envelope }: VerifiedEntry): Micro =>
  Math.max(0, logFee(state.params, bytes.length) - (state.charged.get(envelope.id)?.paid ?? 0));

/** 10 fee_lacking: what the entry costs its sender is free. */
function judgeFunds({ state }: Context, { envelope }: VerifiedEntry, due: Micro): Rejection | null {
  const { verb, from } = envelope.payload;
  return payable(state, verb, from) < due ? reject('fee_lacking', { free: freeBalance(state, from), fee: due }) : null;
}

/** What a key can pay log space with. */
const payable = (state: State, verb: Payload['verb'], did: Did): Micro =>
  freeBalance(state, did) + (STAKED.has(verb) ? exposedStake(state, did) : 0);

/** Burns up to `due` of what the sender can pay with, and remembers it: what lacks is due if the same entry comes again. */
function chargeSender(context: Context, { envelope }: VerifiedEntry, due: Micro): void {
  const { state, position } = context;
  const { id, payload } = envelope;
  const { verb, from } = payload;
  const free = Math.min(due, freeBalance(state, from));
  transfer(context, { code: 'log_fee', debit: freeAccount(from), credit: 'burn', amount: free });
  const amount =
    free + (STAKED.has(verb) ? takeOwnStake(context, from, due - free, { code: 'log_fee', credit: 'burn' }) : 0);
  if (amount === 0) return;
  const paid = (state.charged.get(id)?.paid ?? 0) + amount;
  // In order of position, so that what is older than the head window stands first.
  state.charged.delete(id);
  state.charged.set(id, { position, paid });
}

/** The need of an entry; its thread was judged before. */
const needOfEntry = ({ needs }: State, { envelope }: VerifiedEntry): Need | undefined =>
  envelope.payload.thread === null ? undefined : needs.get(envelope.payload.thread);

/** What the need of a duty pays of its fee: no more than for `logDutyBytes`, and than it holds for log space. */
const shareOfNeed = (state: State, entry: VerifiedEntry, due: Micro): Micro =>
  Math.min(
    due,
    logFee(state.params, Math.min(entry.bytes.length, state.params.logDutyBytes)),
    needOfEntry(state, entry)?.logPool ?? 0,
  );

function chargeNeed(context: Context, entry: VerifiedEntry, amount: Micro): void {
  const need = needOfEntry(context.state, entry);
  if (need === undefined) return;
  need.logPool -= amount;
  transfer(context, { code: 'log_fee', debit: escrowAccount(need.id), credit: 'burn', amount });
}

/** What a TICK costs although it is free: bytes beyond its own and those of the verifiers that it brings reports of. */
function tickExcess({ params }: State, { bytes, evidence }: VerifiedEntry, due: Micro): Micro {
  const reporters = new Set(evidence.envelopes.map(({ payload }) => payload.from));
  const excess = Math.max(0, bytes.length - TICK_BYTES * (1 + reporters.size));
  return Math.min(due, params.logFeePerByte * excess);
}

/** Who proposes time and comes too late has one such entry free until log time moves: verifiers race, and none knows of the others. */
function takeLateTick({ state }: Context, { envelope }: VerifiedEntry): boolean {
  const { from } = envelope.payload;
  if (!mayReport(state, from) || state.lateTicks.has(from)) return false;
  state.lateTicks.add(from);
  return true;
}
