import { appealBondAccount, freeAccount } from '../accounts.ts';
import { reject } from '../context.ts';
import { appealTimer, caseOf, disputeOf, hearingFees, hearingOf, openInstance } from '../jury.ts';
import { transfer } from '../ledger.ts';
import { freeBalance } from '../pool.ts';
import type { Rule } from './rule.ts';

/** APPEAL: the next instance hears the dispute, paid by a bond. Spec: `spec/07-challenges.md`, appeals. */
export const judgeAppeal: Rule<'APPEAL'> = (context, { entry, payload }) => {
  const { state } = context;
  const { from, body } = payload;
  // 1 dispute_unknown
  const challenge = disputeOf(state, body.commit, body.challenge);
  const commit = state.commits.get(body.commit);
  if (challenge === undefined || commit === undefined) return reject('dispute_unknown', { challenge: body.challenge });
  // 2 appeal_closed: an instance has ruled, and its appeal period runs
  const { dispute } = challenge;
  const timer = appealTimer(challenge.id);
  const open = state.timers.started.has(timer) || state.timers.unstarted.has(timer);
  if (!open || dispute.ruling === null) return reject('appeal_closed', { instance: dispute.instance });
  const against = dispute.ruling;
  // 3 jury_lacking: the next instance can be had
  const hearing = hearingOf(state, caseOf(commit, challenge, from), dispute.instance + 1);
  if (hearing === null) return reject('jury_lacking', { instance: dispute.instance + 1 });
  // 4 funds_lacking: its bond is free
  const bond = hearingFees(state, commit, hearing);
  const free = freeBalance(state, from);
  if (free < bond) return reject('funds_lacking', { free, bond });
  return () => {
    const { id } = entry.envelope;
    state.timers.cancel(timer);
    dispute.appeals.push({ id, appellant: from, against });
    dispute.instance += 1;
    const credit = appealBondAccount(id);
    transfer(context, { code: 'appeal_bond', debit: freeAccount(from), credit, amount: bond });
    context.emit({ type: 'appealed', challenge: challenge.id, instance: dispute.instance, appellant: from });
    openInstance(context, commit, challenge, hearing);
  };
};
