import { ceilOf, floorOf } from './ledger.ts';
import type { BidRow, DeedRow, Model, NeedRow } from './tables.ts';

export const JUDGE = 'judge';
export const classOf = ({ body }: NeedRow): string => `work/${body.class}`;

/** An organisation, or the key itself if nobody vouches for it. */
export const identityAs = (entity: string, did: string): string => (entity.startsWith('org:') ? entity : did);
export const identityOf = (model: Model, did: string): string => identityAs(model.members.get(did)?.entity ?? '', did);

/** A number after the halvings of the periods that began between two times. */
export function faded(model: Model, value: number, from: number, to: number): number {
  const { reputationPeriodMs } = model.params;
  let left = value;
  for (let at = Math.floor(from / reputationPeriodMs); at < Math.floor(to / reputationPeriodMs) && left > 0; at += 1)
    left = Math.floor(left / 2);
  return left;
}

/** Points now: every deed so far, one after the other. */
export function points(model: Model, domain: string, identity: string): number {
  let [sum, at] = [0, 0];
  for (const deed of model.deeds) {
    if (deed.identity !== identity || (deed.domain !== null && deed.domain !== domain)) continue;
    sum = faded(model, sum, at, deed.time);
    at = deed.time;
    if (deed.change === 'all') sum = 0;
    else if (deed.change === 'half') sum = Math.floor(sum / 2);
    else sum += deed.change;
  }
  return faded(model, sum, at, model.time);
}

/** How often these two settled something, each time fading. */
export function meetings(model: Model, pair: string): number {
  let [count, at] = [0, 0];
  for (const meeting of model.meetings) {
    if (meeting.pair !== pair) continue;
    count = faded(model, count, at, meeting.time) + 1;
    at = meeting.time;
  }
  return faded(model, count, at, model.time);
}

/** From the floor up to all of it, by what part of points and scale points are. */
export function standing(model: Model, worth: number): number {
  const { reputationFloorBps: floor, reputationScale } = model.params;
  return floor + floorOf(10_000 - floor, worth, worth + reputationScale);
}

export const change = (model: Model, domain: string | null, identity: string, what: DeedRow['change']): void =>
  void model.deeds.push({ time: model.time, domain, identity, change: what });

/** What of a bid's price is burned: of the worker's part, and of the planner's. */
export function burned(model: Model, { price, workerPrice }: BidRow): { worker: number; planner: number } {
  const part = (amount: number): number => ceilOf(amount, model.params.reputationBurnBps, 10_000);
  return { worker: part(workerPrice), planner: part(price - workerPrice) };
}

const half = (model: Model, bid: BidRow): number => {
  const { worker, planner } = burned(model, bid);
  return Math.floor((worker + planner) / 2);
};

export function earnWork(model: Model, need: NeedRow, bid: BidRow): void {
  const [requester, worker] = [identityOf(model, need.requester), identityOf(model, bid.worker)];
  if (requester === worker) return;
  const pair = `${requester} ${worker}`;
  let amount = half(model, bid);
  for (let again = meetings(model, pair); again > 0; again -= 1) amount = Math.floor(amount / 2);
  if (amount === 0) return;
  model.meetings.push({ time: model.time, pair });
  change(model, classOf(need), worker, amount);
}

export function earnJudging(model: Model, bid: BidRow, seats: readonly { did: string; entity: string }[]): void {
  for (const { did, entity } of seats)
    change(model, JUDGE, identityAs(entity, did), Math.floor(half(model, bid) / seats.length));
}
