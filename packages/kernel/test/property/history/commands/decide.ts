import type { Bodies, VerifiedEnvelope } from '@canswarm/protocol';
import { planSubject } from '../../../../src/need-life.ts';
import { digestOf } from '../../../../src/policy/divergence.ts';
import { LYING } from '../../../support/documents.ts';
import type { Agent } from '../../../support/keys.ts';
import { SALT, type Story } from '../../../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT, type Frame } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { type Divided, divide } from '../plans.ts';
import { type Scene, WORKERS } from '../scene.ts';

/** A vote that is not as it must be. */
function oddVote(scene: Scene, choices: Choices, story: Story, seat: Agent, bids: readonly VerifiedEnvelope[]) {
  const { world } = scene;
  const ids = bids.map(({ id }) => id);
  const { ballot, draw } = story.seatOf(story.plan, seat.did);
  const { round } = story.need;
  const policyDigest = digestOf(story.need);
  const body = { need: story.id, round, ballot, draw, winner: ids[0] ?? null, bidsSeen: ids, policyDigest };
  const vote = (by: Agent, own: Partial<Bodies['ATTEST_PLAN']>, frame: Frame = {}) =>
    world.gossip(by, 'ATTEST_PLAN', { ...body, ...own }, frame);
  switch (choices.below(8)) {
    case 0:
      return vote(seat, { draw: draw + 1 });
    case 1:
      return vote(seat, { ballot: ballot + 1 });
    case 2:
      return vote(seat, { round: round + 1 });
    case 3:
      return vote(BYSTANDER, {});
    case 4:
      return vote(seat, {}, { network: LYING.cid });
    case 5:
      return vote(seat, {}, { head: { ...world.head(), digest: new Uint8Array(32) } });
    case 6:
      return scene.ended(vote(seat, {}));
    default:
      return vote(seat, {}, { head: world.head(Math.max(0, (story.plan.seeds[draw]?.position ?? 1) - 1)) });
  }
}

/** Bids that one vote may name. */
const BIDS_SEEN_MAX = 4;

/** The same bids, with one that outdoes the first before them: by a step, by nearly one, of a turn too many, or of its own entity. */
function outbid(choices: Choices, story: Story, bids: readonly VerifiedEnvelope[]): readonly VerifiedEnvelope[] {
  const [first] = bids;
  if (first?.payload.verb !== 'PROPOSE') return bids;
  let { id, price, by } = { id: first.id, price: first.payload.body.price, by: first.payload.from };
  const chain: VerifiedEnvelope[] = [];
  const turns = choices.from([1, 1, 2, 3]);
  const bidders = bids.map(({ payload }) => payload.from);
  for (let turn = 0; turn < turns; turn += 1) {
    price -= choices.once(6) ? Math.ceil(price / 100) - 1 : Math.ceil(price / 100);
    const rivals = WORKERS.filter(({ did }) => did !== by || choices.once(8));
    const again = rivals.filter(({ did }) => bidders.includes(did));
    const worker = choices.from((again.length > 0 && choices.once(2) ? again : rivals) as [Agent, ...Agent[]]);
    const next = story.bid(worker, Math.max(0, price), { outbids: id });
    [id, by] = [next.id, worker.did];
    chain.unshift(next);
  }
  return [...chain, ...bids];
}

/** Bids as they are opened, what shows that they were sealed, and the cap; now and then something of it is not as it was sealed. */
function sealedBids(choices: Choices, story: Story): Divided {
  const workers = choices.some(WORKERS).slice(0, BIDS_SEEN_MAX);
  const pairs = workers.map((worker, index) => story.sealedBid(worker, (index + 1) * CREDIT));
  const [bids, seals] = [pairs.map(([bid]) => bid), pairs.map(([, seal]) => seal)];
  const [leader] = workers;
  if (leader !== undefined && choices.once(5)) {
    const other = [
      { salt: SALT },
      { etaMs: 1 },
      { salt: new Uint8Array(32) },
      { salt: null },
      { round: story.need.round + 1 },
    ];
    bids[0] = story.bid(leader, choices.from([CREDIT, CREDIT / 2]), { salt: SALT, ...choices.of(other) });
  }
  if (choices.once(8)) seals.shift();
  const caps = choices.once(8) ? [] : [2, 4].map((cap) => story.openCap(cap * CREDIT));
  if (choices.once(8)) caps.splice(0, caps.length, story.openCap(4 * CREDIT, BYSTANDER));
  return { named: bids, shown: [...bids, ...seals, ...caps] };
}

/** Bids as workers make them: by the first the cheapest, mostly; now and then one that is no bid, or a planner's. */
function bidsOf(choices: Choices, story: Story): Divided {
  if (story.need.body.auction === 'sealed' && !choices.once(12)) return sealedBids(choices, story);
  if (story.need.body.plan !== null && choices.below(3) < 2) return divide(choices, story);
  const workers = choices.some(WORKERS).slice(0, 4);
  const bids = workers.map((worker, index) => story.bid(worker, (index + 1) * CREDIT));
  if (choices.once(8)) bids.unshift(story.bid(BOB, 11 * CREDIT));
  if (choices.once(8)) bids.reverse();
  if (choices.once(2)) bids.splice(0, bids.length, ...outbid(choices, story, bids));
  if (!choices.once(5)) return { named: bids.slice(0, BIDS_SEEN_MAX), shown: bids };
  const [acceptance, planned] = story.plannedBid(BYSTANDER, ADA, CREDIT / 2, CREDIT - 1);
  const shown = [planned, ...bids, ...(choices.once(4) ? [] : [acceptance])];
  return { named: [planned, ...bids].slice(0, BIDS_SEEN_MAX), shown };
}

/** The same bids, the first of them made in a life that ended. */
function withEnded(scene: Scene, { named, shown }: Divided): Divided {
  const [first] = named;
  if (first === undefined) return { named, shown };
  const ended = scene.ended(first);
  const replaced = (bids: readonly VerifiedEnvelope[]) => bids.map((bid) => (bid.id === first.id ? ended : bid));
  return { named: replaced(named), shown: replaced(shown) };
}

/** Some seats of a plan vote for somebody, and somebody sends it. */
function decide(scene: Scene, choices: Choices, story: Story): void {
  const bids = bidsOf(choices, story);
  const { named, shown } = choices.once(6) ? withEnded(scene, bids) : bids;
  const seats = choices.some(scene.seats(story.plan));
  const split = choices.once(8);
  const votes = seats.flatMap((seat, index) => story.planVotes(split && index % 2 === 0 ? [] : named, [seat]));
  const [first] = seats;
  if (first !== undefined && choices.once(6)) votes[0] = oddVote(scene, choices, story, first, named);
  if (first !== undefined && choices.once(12)) votes.push(...story.planVotes(named, [first]));
  const own = choices.once(12) ? { ballot: story.plan.ballot + 1 } : {};
  const other = choices.once(12) ? { round: story.need.round + 1 } : {};
  const body = { need: story.id, round: story.need.round, ballot: story.plan.ballot, ...own, ...other };
  const envelopes = [...votes, ...(choices.once(10) ? shown.slice(1) : shown)];
  scene.send(choices.from(WORKERS), 'DECIDE', body, { envelopes });
}

export default {
  name: 'decide',
  often: 4,
  run(scene, choices) {
    const { committees } = scene.world.state;
    const planned = scene.needs.filter(({ id, round }) => committees.has(planSubject(id, round)));
    const voting = planned.filter(({ id, round }) => committees.get(planSubject(id, round))?.phase === 'voting');
    const need = choices.of(voting.length === 0 || choices.once(5) ? planned : voting);
    if (need !== undefined) decide(scene, choices, scene.story(need));
  },
} satisfies Command;
