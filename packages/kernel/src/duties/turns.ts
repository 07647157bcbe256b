import type { Micro, Params } from '@canswarm/protocol';
import { mulDivFloor } from '../amounts.ts';
import { improvedPrice } from '../scoring.ts';
import type { EntityId } from '../state.ts';

/** A bid as a node heard it. */
export interface HeardBid {
  readonly id: string;
  readonly entity: EntityId;
  readonly price: Micro;
  readonly score: number;
  readonly turn: number;
  /** Local time of its arrival, ms. */
  readonly at: number;
}

export interface Windows {
  readonly params: Pick<Params, 'bidTurns' | 'bidStepBps' | 'bidLateBps' | 'bidExtensions'>;
  readonly windowMs: number;
  /** When the kernel closed the first window. */
  readonly closedAt: number;
  /** No turn ends later. */
  readonly latest: number;
}

/**
 * When each turn ends, in order. After a turn another is held only if a bid of a later turn was heard by then; a bid that takes the
 * lead from another's late in a turn lengthens it. So nobody waits where nobody is outbid. Source: `spec/05-committees.md`.
 */
export function turnEnds({ params, windowMs, closedAt, latest }: Windows, heard: readonly HeardBid[]): number[] {
  const late = mulDivFloor(windowMs, params.bidLateBps, 10_000);
  const changes = leadChanges(heard);
  const ends: number[] = [];
  let end = closedAt;
  let left = params.bidExtensions;
  for (let turn = 1; turn <= params.bidTurns && (ends.at(-1) ?? 0) < latest; turn += 1) {
    if (turn > 1 && !heard.some((bid) => bid.turn >= turn && bid.at <= end)) break;
    if (turn > 1) end += windowMs;
    for (const at of changes) {
      if (left === 0 || at <= end - late || at > end) continue;
      end += late;
      left -= 1;
    }
    ends.push(Math.min(end, latest));
  }
  return ends;
}

/** When the lead went from one entity's bid to another's. */
function leadChanges(heard: readonly HeardBid[]): readonly number[] {
  const changes: number[] = [];
  let leader: HeardBid | undefined;
  for (const bid of inOrder(heard)) {
    if (leader !== undefined && !isBetter(bid, leader)) continue;
    if (leader !== undefined && leader.entity !== bid.entity) changes.push(bid.at);
    leader = bid;
  }
  return changes;
}

/**
 * The bids that a seat counts, in order of arrival: a bid of a later turn that overtakes another's by less than the step is left out. A
 * seat that heard nothing in the first window, since it was away, counts all.
 */
export function countedBids<B extends HeardBid>(params: Params, firstEnd: number, heard: readonly B[]): readonly B[] {
  if (!heard.some(({ at }) => at <= firstEnd)) return heard;
  const counted: B[] = [];
  for (const bid of inOrder(heard)) {
    const nibbles = ({ entity, price, score }: B): boolean =>
      entity !== bid.entity && bid.score > score && bid.price > improvedPrice(params, price);
    if (bid.at <= firstEnd || !counted.some(nibbles)) counted.push(bid);
  }
  return counted;
}

const inOrder = <B extends HeardBid>(heard: readonly B[]): readonly B[] =>
  [...heard].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));

const isBetter = (a: HeardBid, b: HeardBid): boolean => a.score > b.score || (a.score === b.score && a.id < b.id);
