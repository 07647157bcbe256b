import { everOf, ofType, type Property } from '../step.ts';

const sum = (amounts: readonly { readonly amount: number }[]): number =>
  amounts.reduce((all, { amount }) => all + amount, 0);

export default {
  id: 'reputation',
  holds:
    'reputation comes of what is settled alone, at most what was burned, and half as much for a pair that meets again',
  needsModel: false,
  *check({ applied, trace }) {
    const earned = ofType(applied.events, 'reputation_earned');
    if (earned.length === 0) return;
    const burned = everOf(trace, 'posting').filter(({ credit }) => credit === 'burn');
    const all = sum(everOf(trace, 'reputation_earned'));
    if (all > sum(burned)) yield `${all} points earned, ${sum(burned)} burned`;
    const work = earned.filter(({ domain }) => domain !== 'judge');
    const judging = earned.length - work.length;
    const finals = ofType(applied.events, 'finalized');
    if (work.length > finals.length) yield `${work.length} earn by work, ${finals.length} results are final`;
    const seats = ofType(applied.events, 'seats_paid').reduce((count, paid) => count + paid.seats, 0);
    if (judging > seats) yield `${judging} earn by judging, ${seats} are paid`;
    const paid = ofType(applied.events, 'posting').filter(({ code }) => code === 'reputation_burned');
    if (2 * sum(work) > sum(paid)) yield `work earns ${sum(work)}, more than half of the ${sum(paid)} that it burned`;
  },
} satisfies Property;
