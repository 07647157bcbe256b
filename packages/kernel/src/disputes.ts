import type { CommitId, Did } from '@canswarm/protocol';
import { type AccountId, appealBondAccount, balanceOf, challengeBondAccount, freeAccount } from './accounts.ts';
import { endChallenge, resumeSettlement } from './challenges.ts';
import { endCommittee } from './committee.ts';
import type { Context } from './context.ts';
import { invariant } from './invariant.ts';
import {
  appealTimer,
  caseOf,
  type Disputed,
  disputeBefore,
  hearingOf,
  instancesOf,
  jurySubject,
  openInstance,
} from './jury.ts';
import { transfer, transferAll } from './ledger.ts';
import { needOf } from './need-life.ts';
import { identityOf, JUDGING, loseHalf } from './reputation.ts';
import type { Commit, Committee, Ruling } from './state.ts';
import { overturn } from './verdict.ts';

function commitOf(context: Context, { subject }: Disputed): Commit {
  const commit = context.state.commits.get(subject as string as CommitId);
  invariant('INV-DISPUTE', commit !== undefined, `${subject} is disputed and gone`);
  return commit;
}

/** K votes of an instance match: it can be appealed where another can be had; what arbiters say is final at once. */
export function ruleInstance(context: Context, committee: Committee, ruling: Ruling): void {
  const { state } = context;
  const challenge = disputeBefore(state, committee);
  const { dispute } = challenge;
  committee.phase = 'certified';
  committee.verdict = ruling;
  dispute.ruling = ruling;
  state.timers.cancel(`half:${committee.subject}`);
  const votes = committee.seats.filter((seat) => seat.vote?.verdict === ruling).length;
  context.emit({ type: 'instance_ruled', challenge: challenge.id, instance: dispute.instance, ruling, votes });
  if (!committee.drawn) return concludeDispute(context, challenge);
  if (hearingOf(state, caseOf(commitOf(context, challenge), challenge), dispute.instance + 1) !== null)
    state.timers.open(appealTimer(challenge.id), state.params.appealMs);
}

/** The answer period of a jury that ruled ended: its word is the last one where nobody can appeal. */
export function endHearing(context: Context, committee: Committee): void {
  const { timers } = context.state;
  const challenge = disputeBefore(context.state, committee);
  const appeal = appealTimer(challenge.id);
  const present = committee.subject === jurySubject(challenge.id, challenge.dispute.instance);
  if (present && !timers.started.has(appeal) && !timers.unstarted.has(appeal)) concludeDispute(context, challenge);
}

/**
 * An instance came to nothing: arbiters hear the dispute instead, where there are any. Else the ruling before it stands and the
 * appeal's bond goes back; if there is none, nobody decided, the challenger's bond goes back and the result stands.
 */
export function failInstance(context: Context, committee: Committee, reason: string): void {
  const challenge = disputeBefore(context.state, committee);
  const { dispute } = challenge;
  context.emit({ type: 'instance_failed', challenge: challenge.id, instance: dispute.instance, reason });
  const commit = commitOf(context, challenge);
  const last = 2 + context.state.params.maxAppeals;
  const hearing = committee.drawn ? hearingOf(context.state, caseOf(commit, challenge), last) : null;
  endCommittee(context, committee);
  if (hearing !== null) {
    dispute.instance += 1;
    openInstance(context, commit, challenge, hearing);
    return;
  }
  const appeal = dispute.appeals.pop();
  if (appeal !== undefined) {
    const credit = freeAccount(appeal.appellant);
    transferAll(context, { code: 'appeal_bond_returned', debit: appealBondAccount(appeal.id), credit });
  }
  concludeDispute(context, challenge);
}

/** A bond that was laid for or against a challenge. */
interface Stake {
  readonly account: AccountId;
  readonly by: Did;
  readonly lost: boolean;
  readonly kind: 'challenge' | 'appeal';
}

/** The last instance has spoken: only now anything moves. Spec: `spec/07-challenges.md`, juries. */
export function concludeDispute(context: Context, challenge: Disputed): void {
  const { state } = context;
  const { id, subject, class: kind, challenger, dispute } = challenge;
  const commit = commitOf(context, challenge);
  const { ruling } = dispute;
  const upheld = ruling === 'uphold';
  const reason = ruling === null ? 'nobody could decide' : `instance ${dispute.instance} has the last word`;
  context.emit({ type: 'challenge_judged', subject, class: kind, challenger, upheld, reason });
  state.timers.cancel(appealTimer(id));
  const jurors = agreeing(context, challenge, ruling);
  for (const committee of instancesOf(state, id)) endCommittee(context, committee);
  endChallenge(context, challenge);
  const stakes = stakesOf(challenge, ruling);
  const fee = needOf(state, commit.need).body.seatFee;
  if (upheld) {
    overturn(context, commit, challenge, (workBond) => {
      settleStakes(context, stakes, jurors, fee, [workBond]);
    });
    return;
  }
  settleStakes(context, stakes, jurors, fee, []);
  if (ruling === 'dismiss') loseHalf(context, JUDGING, identityOf(state, challenger), 'accused falsely');
  resumeSettlement(context, subject);
}

/** Seats of every instance whose recorded vote is what the last one said. */
const agreeing = ({ state }: Context, { id }: Disputed, ruling: Ruling | null): readonly Did[] =>
  instancesOf(state, id)
    .filter(({ phase }) => phase === 'certified')
    .flatMap(({ seats, ballot }) => seats.filter((seat) => seat.ballot === ballot && seat.vote?.verdict === ruling))
    .map(({ did }) => did);

function stakesOf({ id, challenger, dispute }: Disputed, ruling: Ruling | null): readonly Stake[] {
  const own: Stake = {
    account: challengeBondAccount(id),
    by: challenger,
    lost: ruling === 'dismiss',
    kind: 'challenge',
  };
  const appeals = dispute.appeals.map<Stake>((appeal) => ({
    account: appealBondAccount(appeal.id),
    by: appeal.appellant,
    lost: appeal.against === ruling,
    kind: 'appeal',
  }));
  return [own, ...appeals];
}

/**
 * Pays the jurors, from the bonds of those who lost and from `others`, and where those do not suffice from the bonds of those who won; then
 * bonds that lost are burned and the others go back.
 */
function settleStakes(
  context: Context,
  stakes: readonly Stake[],
  jurors: readonly Did[],
  fee: number,
  others: readonly AccountId[],
): void {
  const [lost, won] = [stakes.filter((stake) => stake.lost), stakes.filter((stake) => !stake.lost)];
  const purses = [...lost.map(({ account }) => account), ...others, ...won.map(({ account }) => account)];
  for (const did of jurors) {
    let due = fee;
    for (const debit of purses) {
      const amount = Math.min(due, balanceOf(context.state.accounts, debit));
      transfer(context, { code: 'jury_fee', debit, credit: freeAccount(did), amount });
      due -= amount;
    }
  }
  for (const { account, kind } of lost)
    transferAll(context, { code: `${kind}_bond_burned`, debit: account, credit: 'burn' });
  for (const { account, by, kind } of won)
    transferAll(context, { code: `${kind}_bond_returned`, debit: account, credit: freeAccount(by) });
}
