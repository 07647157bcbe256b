import type { State } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import {
  bidSeal,
  capSeal,
  type Did,
  type Genesis,
  type NeedBody,
  type PayloadOf,
  type Sha256,
  toHex,
} from '@canswarm/protocol';
import type { Checker, Fault } from './checker.ts';

const BPS = 10_000;

interface Posted {
  readonly requester: Did;
  readonly body: NeedBody;
  /** The most that its price may be, as far as the log shows it. */
  most: number;
}

/**
 * P18: of each organisation one bid is adopted, and one that outdoes another does so by the step, within the turns. P19: in a sealed auction
 * bids are adopted as they were sealed, and at most at the cap that was. Which bids are adopted is looked up in the state.
 */
export function auctions(fault: Fault, { members, params }: Genesis, sha256: Sha256): Checker {
  const orgs = new Map(members.map(({ did, org }) => [did as string, org]));
  const posted = new Map<string, Posted>();

  const onCap = ({ entry }: AppliedEntry, need: string, cap: number): void => {
    const row = posted.get(need);
    if (row === undefined) return;
    const { capSeal: seal } = row.body;
    row.most = Math.min(row.most, cap);
    const isOpened = entry.evidence.envelopes.some(
      ({ payload }) =>
        payload.verb === 'OPEN_CAP' &&
        payload.body.cap === cap &&
        seal !== null &&
        toHex(capSeal(row.requester, cap, payload.body.salt, sha256)) === toHex(seal),
    );
    if (!isOpened) fault('P19', `${need} pays at most ${cap}, which it did not seal`);
  };

  const onSealed = ({ entry }: AppliedEntry, need: string, id: string, bid: PayloadOf<'PROPOSE'>): void => {
    const due = toHex(bidSeal(bid.from, bid.body, sha256));
    const isSealed = entry.evidence.envelopes.some(
      ({ payload }) => payload.verb === 'SEAL_BID' && payload.from === bid.from && toHex(payload.body.seal) === due,
    );
    if (!isSealed) fault('P19', `${id} is adopted otherwise than it was sealed`);
    const most = posted.get(need)?.most ?? 0;
    if (bid.body.price > most) fault('P19', `${id} is adopted at ${bid.body.price}, and ${most} was sealed`);
  };

  const onDecided = (applied: AppliedEntry, need: string, winner: string, state: State): void => {
    const bids = new Map(
      applied.entry.evidence.envelopes.flatMap(({ id, payload }) =>
        payload.verb === 'PROPOSE' ? [[id as string, payload] as const] : [],
      ),
    );
    const row = state.needs.get(need as never);
    const adopted = row === undefined ? [] : [...(row.lease === null ? [] : [row.lease.bid]), ...row.runnersUp];
    const entities = adopted.map(({ worker }) => orgs.get(worker) ?? '');
    if (new Set(entities).size < entities.length) fault('P18', `${need} has two bids of one organisation`);
    for (const id of new Set([winner, ...adopted.map((bid) => bid.id as string)])) {
      const bid = bids.get(id);
      if (bid === undefined) fault('P18', `${id} is adopted, and not shown`);
      else if (posted.get(need)?.body.auction === 'sealed') onSealed(applied, need, id, bid);
      for (let [at, turn] = [bid, 1]; at !== undefined && at.body.outbids !== null; turn += 1) {
        const behind: PayloadOf<'PROPOSE'> | undefined = bids.get(at.body.outbids);
        if (behind === undefined) fault('P18', `${id} outdoes what is not shown`);
        else if ((behind.body.price - at.body.price) * BPS < Math.max(1, behind.body.price * params.bidStepBps))
          fault('P18', `${id} goes from ${behind.body.price} to ${at.body.price} only`);
        if (turn >= params.bidTurns) fault('P18', `${id} is of turn ${turn + 1}`);
        at = behind;
      }
    }
  };

  return {
    properties: ['P18', 'P19'],
    onEntry(applied, state) {
      const { entry, outcome, events } = applied;
      const { payload, id } = entry.envelope;
      if (outcome.accepted && payload.verb === 'NEED')
        posted.set(id, { requester: payload.from, body: payload.body, most: payload.body.priceCap });
      for (const event of events) if (event.type === 'cap_opened') onCap(applied, event.need, event.cap);
      for (const event of events)
        if (event.type === 'need_decided' && event.winner !== null) onDecided(applied, event.need, event.winner, state);
    },
  };
}
