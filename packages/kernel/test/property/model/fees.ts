import type { Params, VerifiedEntry } from '@canswarm/protocol';
import { threadFaults } from './frame.ts';
import { balance, burnFrom, exposedAccounts, move } from './ledger.ts';
import { openNeed } from './needs.ts';
import { verifiers } from './people.ts';
import type { Model } from './tables.ts';

const DUTIES = ['DECIDE', 'COMMIT', 'CERTIFY', 'RELEASE', 'INVALIDATE', 'DISMISS', 'FINALIZE'];

/** What needs no credits of its sender. */
const GRATIS = ['TICK', 'MINT', 'POLICY', 'RESTART'];

const feeOf = ({ logFeeBase, logFeePerByte }: Params, bytes: number): number => logFeeBase + logFeePerByte * bytes;

/** What a need sets aside for log space. */
export const fundOf = ({ params }: Model): number => params.logDuties * feeOf(params, params.logDutyBytes);

const sizeOf = ({ bytes }: VerifiedEntry): number => bytes.length;

const paidBefore = ({ charges }: Model, id: string): number =>
  charges.filter((charge) => charge.id === id).reduce((sum, { amount }) => sum + amount, 0);

function dueOf(model: Model, entry: VerifiedEntry): number {
  return Math.max(0, feeOf(model.params, sizeOf(entry)) - paidBefore(model, entry.envelope.id));
}

/** What the need of a duty has for it. */
function needPays(model: Model, entry: VerifiedEntry): number {
  const row = openNeed(model, entry.envelope.payload.thread ?? '');
  const most = feeOf(model.params, Math.min(sizeOf(entry), model.params.logDutyBytes));
  return Math.min(row?.logs ?? 0, most, dueOf(model, entry));
}

export const isDuty = ({ envelope }: VerifiedEntry): boolean => DUTIES.includes(envelope.payload.verb);

/** What its sender needs free for an entry that would be accepted. */
function senderNeeds(model: Model, entry: VerifiedEntry): number {
  const { verb } = entry.envelope.payload;
  if (GRATIS.includes(verb)) return 0;
  return dueOf(model, entry) - (isDuty(entry) ? needPays(model, entry) : 0);
}

/** Whether the sender pays before its verb is judged, so that the verb sees what is left. */
export const paysFirst = (entry: VerifiedEntry): boolean =>
  !isDuty(entry) && !isStaked(entry) && !GRATIS.includes(entry.envelope.payload.verb);

/** What is about the sender's own part in the pool. */
const isStaked = ({ envelope }: VerifiedEntry): boolean =>
  ['JOIN', 'LEAVE', 'UNBOND', 'WITHDRAW', 'CONFORM'].includes(envelope.payload.verb);

/** Whether what an accepted entry costs is taken when it has had its effects. */
export const paysLast = isStaked;

/** What its sender can pay with: free credits, and for what is about its own part in the pool its stake. */
function sources(model: Model, entry: VerifiedEntry): readonly string[] {
  const { from } = entry.envelope.payload;
  const staked = isStaked(entry) ? exposedAccounts(model, from) : [];
  return [`free/${from}`, ...staked];
}

/** Whether its sender has what it needs. */
export const lacksFee = (model: Model, entry: VerifiedEntry): boolean =>
  sources(model, entry).reduce((sum, account) => sum + balance(model, account), 0) < senderNeeds(model, entry);

/** What the law sees while it judges an entry whose sender paid first. */
export function afterFee<T>(model: Model, entry: VerifiedEntry, look: () => T): T {
  const { length } = model.moves;
  burnFrom(model, sources(model, entry), senderNeeds(model, entry));
  const seen = look();
  model.moves.splice(length);
  return seen;
}

/** Of a TICK, the bytes beyond one KiB and one for each key that reports. */
function tickExcess(model: Model, entry: VerifiedEntry): number {
  const reporters = new Set(entry.evidence.envelopes.map(({ payload }) => payload.from));
  const bytes = sizeOf(entry) - 1024 - 1024 * reporters.size;
  return Math.min(dueOf(model, entry), Math.max(0, bytes) * model.params.logFeePerByte);
}

/** The first refused TICK of a verifier at this log time. */
function isLateTick(model: Model, entry: VerifiedEntry): boolean {
  const { verb, from } = entry.envelope.payload;
  if (verb !== 'TICK' || [...threadFaults(model, entry)].length > 0) return false;
  const keys = verifiers(model).map(({ did }) => did);
  const may = keys.includes(from) || (keys.length === 0 && from === model.genesis.authority);
  return may && !model.lateTicks.some(({ did, time }) => did === from && time === model.time);
}

/** Takes what an entry costs for its place in the log, unless it is not for here. */
export function payLog(model: Model, entry: VerifiedEntry, accepted: boolean): void {
  const { payload, id } = entry.envelope;
  let due = dueOf(model, entry);
  if (accepted && ['MINT', 'POLICY', 'RESTART'].includes(payload.verb)) return;
  if (accepted && payload.verb === 'TICK') due = tickExcess(model, entry);
  if (!accepted && isLateTick(model, entry)) {
    due = tickExcess(model, entry);
    model.lateTicks.push({ did: payload.from, time: model.time });
  }
  if (accepted && isDuty(entry)) {
    const row = openNeed(model, payload.thread ?? '');
    const amount = needPays(model, entry);
    if (row !== undefined) row.logs -= amount;
    move(model, `escrow/${payload.thread}`, 'burn', amount);
    due -= amount;
  }
  const amount = burnFrom(model, sources(model, entry), due);
  model.charges.push({ id, amount });
}
