import type { KernelEvent } from '../../../../src/events.ts';
import { largest } from '../../model/committees.ts';
import type { NeedRow } from '../../model/tables.ts';
import { logFees } from '../log-fees.ts';
import { everOf, ofType, type Property } from '../step.ts';

type Posting = Extract<KernelEvent, { type: 'posting' }>;

const sumOf = (postings: readonly Posting[], ...codes: readonly string[]): number =>
  postings.filter(({ code }) => codes.includes(code)).reduce((sum, { amount }) => sum + amount, 0);

/** Committees whose fees a need sets aside. */
const committees = ({ parent, body }: NeedRow): number => (parent === null ? 2 + (body.plan?.tasks ?? 1) : 1);

export default {
  id: 'P11',
  holds:
    'a need pays its price cap and the fees of its seats at most, and each seat its fee once; an entry pays its log fee once',
  needsModel: true,
  *check(step) {
    const { applied, trace, model } = step;
    yield* logFees(step);
    const { payload } = step.entry.envelope;
    if (payload.verb === 'NEED' && applied.outcome.accepted) {
      const { seatFeeMax, seatFeeMaxElse } = model.params;
      const most = seatFeeMax[payload.body.class] ?? seatFeeMaxElse;
      if (payload.body.seatFee > most) yield `a need pays each seat ${payload.body.seatFee}, the cap is ${most}`;
    }
    for (const { need } of ofType(applied.events, 'need_decided')) {
      const { body } = model.needs.find(({ id }) => id === need) ?? {};
      const [{ subject } = {}] = ofType(applied.events, 'seats_paid');
      const committee = model.committees.find((one) => one.subject === subject);
      const out = ofType(applied.events, 'posting').filter(({ debit }) => debit === `escrow/${need}`);
      const cost = sumOf(out, 'seat_fee', 'seat_fee_burned');
      const due = (committee?.n ?? 0) * (body?.seatFee ?? 0);
      if (cost !== due) yield `the choice of a plan of ${need} costs ${cost}, its seats ${due}`;
    }
    const paying = ofType(applied.events, 'posting').filter(({ debit }) => debit.startsWith('escrow/'));
    for (const id of new Set(paying.map(({ debit }) => debit.slice('escrow/'.length)))) {
      const row = model.needs.find((need) => need.id === id);
      if (row === undefined) return yield `${id} pays and is no need`;
      const { priceCap, seatFee } = row.body;
      const paid = everOf(trace, 'posting').filter(({ debit }) => debit === `escrow/${id}`);
      const added = everOf(trace, 'posting').filter(({ credit }) => credit === `escrow/${id}`);
      const price = sumOf(paid, 'price', 'planner_share', 'undecidable_pay');
      if (price > priceCap) yield `${id} pays ${price}, its cap is ${priceCap}`;
      const fees = paid.filter(({ code }) => code === 'seat_fee');
      if (fees.some(({ amount }) => amount !== seatFee)) yield `${id} pays a seat other than ${seatFee}`;
      const funds = committees(row) * largest(model, 1) * seatFee + sumOf(added, 'bond_funds_attempt', 'task_returned');
      if (sumOf(fees, 'seat_fee') > funds) yield `${id} pays ${sumOf(fees, 'seat_fee')} in fees of ${funds}`;
      const whole = row.parent?.need ?? id;
      const cap = model.needs.find((need) => need.id === whole)?.body.priceCap ?? 0;
      const family = model.needs.filter((need) => need.id === whole || need.parent?.need === whole);
      const all = everOf(trace, 'posting').filter(({ debit }) => family.some((need) => debit === `escrow/${need.id}`));
      const prices = sumOf(all, 'price', 'planner_share', 'undecidable_pay');
      if (prices > cap) yield `${whole} and its tasks pay ${prices}, the cap is ${cap}`;
      const seated = model.committees
        .filter(({ need }) => need === id)
        .flatMap(({ seats }) => seats.map(({ did }) => did));
      for (const credit of new Set(fees.map((fee) => fee.credit))) {
        const [got, sat] = [
          fees.filter((fee) => fee.credit === credit),
          seated.filter((did) => credit === `free/${did}`),
        ];
        if (got.length > sat.length) yield `${credit} gets ${got.length} fees of ${id} for ${sat.length} seats`;
      }
    }
  },
} satisfies Property;
