import { plantMark, toHex } from '@canswarm/protocol';
import { sha256 } from '../../../support/keys.ts';
import { everOf, ofType, type Property, type Step } from '../step.ts';

/** What was paid and burned over the first result of a need: all that a plant can have cost its requester and worker. */
function lossOf(
  { trace }: Step,
  need: string,
  worker: string,
  codes: readonly string[] = ['seat_fee', 'bond_burned'],
): number {
  const own = (account: string): boolean => account === `escrow/${need}` || account === `bond/work/${need}/${worker}`;
  return everOf(trace, 'posting')
    .filter(({ code, debit }) => codes.includes(code) && own(debit))
    .reduce((sum, { amount }) => sum + amount, 0);
}

export default {
  id: 'P20',
  holds:
    'a plant was one before it was judged, is repaid once, less than it cost and no more than it burned, and out of what needs paid for it',
  needsModel: true,
  *check(step) {
    const { applied, trace, model, entry } = step;
    const { payload } = entry.envelope;
    for (const { need, worker } of ofType(applied.events, 'plant_opened')) {
      const row = model.needs.find(({ id }) => id === need);
      const salt = payload.verb === 'PLANT' ? payload.body.salt : new Uint8Array();
      const mark = plantMark({ requester: (row?.requester ?? worker) as never, worker, salt }, sha256);
      if (row === undefined || toHex(mark) !== toHex(row.body.mark)) yield `${need} was no plant of ${worker}`;
      const failed = everOf(trace, 'lease_lost').find((event) => event.need === need);
      if (failed?.holder !== worker || !['failed', 'overturned'].includes(failed.reason))
        yield `${need} was not judged wrong by the first result of ${worker}`;
      if (everOf(trace, 'plant_opened').filter((event) => event.need === need).length > 1)
        yield `${need} is opened twice`;
    }
    for (const { need, worker, cost, paid } of ofType(applied.events, 'plant_repaid')) {
      const { plantRepayBps } = model.params;
      const loss = lossOf(step, need, worker);
      if (cost > loss) yield `${need} is said to have cost ${cost}, of ${loss}`;
      if (paid * 10_000 > loss * plantRepayBps) yield `${need} cost ${loss} and is repaid ${paid}`;
      if (paid > lossOf(step, need, worker, ['bond_burned'])) yield `${need} is repaid more than was burned for it`;
      const opened = everOf(trace, 'plant_opened').some((event) => event.need === need && event.worker === worker);
      if (!opened) yield `${need} is repaid and was never opened`;
      if (everOf(trace, 'plant_repaid').filter((event) => event.need === need).length > 1)
        yield `${need} is repaid twice`;
    }
  },
} satisfies Property;
