import { alarmOf, dropAlarm } from '../alarms.ts';
import { commitRow, needRow } from '../committees.ts';
import { type Bench, benchFor, disputed, openInstance } from '../disputes.ts';
import { balance, move } from '../ledger.ts';
import type { Part, Said } from '../part.ts';
import type { Model, SealRow } from '../tables.ts';

/** Who would hear an appeal, and the dispute. */
function asked(
  model: Model,
  { body, from }: Said<'APPEAL'>,
): { seal: SealRow | undefined; bench: Bench | null; bond: number } {
  const seal = disputed(model, body.commit, body.challenge);
  if (seal === undefined) return { seal, bench: null, bond: 0 };
  const commit = commitRow(model, body.commit);
  const { dispute } = seal;
  const bench = benchFor(model, commit, { asker: from, seal, instance: (dispute?.instance ?? 0) + 1 });
  return { seal, bench, bond: (bench?.n ?? 0) * needRow(model, commit.need).body.seatFee };
}

export const appeal: Part<'APPEAL'> = {
  verb: 'APPEAL',
  *faults(model, said) {
    const { seal, bench, bond } = asked(model, said);
    if (seal === undefined) return yield 'dispute_unknown';
    if (alarmOf(model, `appeal:${seal.id}`) === undefined) yield 'appeal_closed';
    if (bench === null) yield 'jury_lacking';
    if (balance(model, `free/${said.from}`) < bond) yield 'funds_lacking';
  },
  follow(model, said) {
    const { seal, bench, bond } = asked(model, said);
    if (seal?.dispute == null || bench === null) return;
    const { id, from, body } = said;
    dropAlarm(model, `appeal:${seal.id}`);
    seal.dispute.appeals.push({ id, by: from, against: seal.dispute.ruling ?? '' });
    seal.dispute.instance += 1;
    move(model, `free/${from}`, `bond/appeal/${id}`, bond);
    openInstance(model, commitRow(model, body.commit), seal, bench);
  },
};
