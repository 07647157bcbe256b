import { nearest } from '../home/config/nearest.ts';
import type { Hindrance } from './hindrance.ts';

/** Somebody who has a skill, as far as a node knows. */
export interface KnownOffer {
  readonly did: string;
  readonly agent: string;
  /** As the log knows it; null: no authority vouches for it. */
  readonly org: string | null;
  /** What it asks; null: a share of what the need gives, whatever that is. */
  readonly price: number | null;
  /** What it has free to lock a bond. */
  readonly free: number;
  /** `stopped`: the node of this home that has its key, and does not run. */
  readonly presence: 'here' | 'away' | 'busy' | { readonly stopped: string };
}

/** What a need without bids is judged by. */
export interface UnbidFacts {
  readonly skill: string;
  readonly priceCap: number;
  readonly bidMs: number;
  /** Whether the cap was sealed, so that what agents ask may be above it. */
  readonly capSealed: boolean;
  /** Whether it is work that was hired for a budget, of which seats get a part. */
  readonly isHired: boolean;
  /** The requester's organisation; null: none. */
  readonly org: string | null;
  /** The bond a worker has to lock. */
  readonly bond: number;
  /** What it has to have free to bid: the bond, and the log space of its work. */
  readonly funds: number;
  /** Who has the skill, the requester's own organisation included. */
  readonly offers: readonly KnownOffer[];
  /** Every skill that the node knows of. */
  readonly skills: readonly string[];
  /** Nodes that this one is connected with. */
  readonly peers: number;
}

/** Work gets this part of a budget at least, and seats the rest. */
const WORK_PART = { numerator: 2n, denominator: 3n };

/**
 * Why nobody bids: the first cause that holds for all who have the skill. Each names who is nearest to bidding, so that the way out is
 * one step. Never empty.
 */
export function whyUnbid(facts: UnbidFacts): readonly Hindrance[] {
  const { skill, offers, org, skills, peers } = facts;
  if (offers.length === 0) {
    const near = nearest(
      skill,
      skills.filter((one) => one !== skill),
    );
    return [{ code: 'skill_unknown', skill, near, peers }];
  }
  const others = offers.filter((offer) => org === null || offer.org !== org);
  if (others.length === 0 && org !== null)
    return [{ code: 'own_only', skill, org, agents: offers.map(({ agent }) => agent) }];
  const able = others.filter((offer) => hindranceOf(offer, facts) === null);
  if (able.length > 0) {
    const { bidMs, capSealed } = facts;
    return [{ code: 'window_missed', bidMs, agents: able.map(({ agent }) => agent), capSealed }];
  }
  const found = others.map((offer) => hindranceOf(offer, facts)).filter((one) => one !== null);
  return nearestOf(found);
}

/** What keeps one who has the skill from bidding; null: nothing that is known. */
function hindranceOf(offer: KnownOffer, { priceCap, bond, funds, isHired }: UnbidFacts): Hindrance | null {
  const { did, agent, org, price, free, presence } = offer;
  if (org === null) return { code: 'unvouched', agent, did };
  if (typeof presence === 'object') return { code: 'node_stopped', node: presence.stopped, agent, org };
  if (presence !== 'here') return { code: presence, agent, org };
  if (price !== null && price > priceCap)
    return { code: 'price_low', priceCap, least: price, agent, org, budget: isHired ? budgetFor(price) : null };
  return free < funds ? { code: 'bond_short', bond, funds, agent, org, did, free } : null;
}

/** The smallest budget whose part for the work is enough for a price, whatever the seats get. */
function budgetFor(price: number): number {
  const { numerator, denominator } = WORK_PART;
  return Number((BigInt(price) * denominator + numerator - 1n) / numerator);
}

/** One of each kind: for a price the least, for a bond who lacks least. */
function nearestOf(all: readonly Hindrance[]): readonly Hindrance[] {
  const best = new Map<string, Hindrance>();
  for (const one of all) {
    const known = best.get(one.code);
    if (known === undefined || distanceOf(one) < distanceOf(known)) best.set(one.code, one);
  }
  return ORDER.flatMap((code) => best.get(code) ?? []);
}

const distanceOf = (one: Hindrance): number => {
  if (one.code === 'price_low') return one.least - one.priceCap;
  return one.code === 'bond_short' ? one.funds - one.free : 0;
};

/** What the requester can change comes before what others can. */
const ORDER = ['price_low', 'node_stopped', 'away', 'busy', 'bond_short', 'unvouched'] as const;
