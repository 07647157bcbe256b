import type { Bodies, EnvelopeId, NeedId, VerifiedEnvelope } from '@canswarm/protocol';
import { planSubject } from '../../../../src/need-life.ts';
import type { Need } from '../../../../src/state.ts';
import { TRUTHFUL } from '../../../support/documents.ts';
import { ADA, BYSTANDER, CREDIT } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import type { Lost } from '../lost.ts';
import { type Scene, WORKERS } from '../scene.ts';

const LOST_MOST = 6;

/** Seats of a plan choose a bid, and no entry says so. */
function loseBranch(scene: Scene, choices: Choices, need: Need): void {
  const story = scene.story(need);
  const { plan } = story;
  const worker = choices.from(WORKERS);
  const bid = story.bid(worker, (5 + choices.below(4)) * CREDIT);
  const seats = scene.seats(plan).slice(0, choices.once(5) ? plan.k - 1 : plan.n);
  scene.lost.push({ need: need.id, worker, bid, votes: story.planVotes([bid], seats) });
  if (scene.lost.length > LOST_MOST) scene.lost.shift();
}

/** A vote that is not as it must be: of another draw, or on another need. */
function oddVote(scene: Scene, choices: Choices, { votes }: Lost): readonly VerifiedEnvelope[] {
  const [first, ...others] = votes;
  if (first?.payload.verb !== 'ATTEST_PLAN') return votes;
  const { body, from } = first.payload;
  const odd = choices.once(2)
    ? { ...body, draw: body.draw + 1 }
    : { ...body, need: (others[0] ?? first).id as string as NeedId };
  const by = scene.keys.find(({ did }) => did === from) ?? ADA;
  return [scene.world.gossip(by, 'ATTEST_PLAN', odd), ...others];
}

/** What a branch brings; every second time one thing of it otherwise. */
function heal(scene: Scene, choices: Choices, lost: Lost): void {
  const { world } = scene;
  const need = world.state.needs.get(lost.need);
  const { bid, worker } = lost;
  const odd = choices.below(18);
  const about = odd === 1 ? (scene.needs[0]?.id ?? lost.need) : lost.need;
  const of = odd === 2 ? (lost.votes[0]?.id ?? bid.id) : bid.id;
  const said: Bodies['ALTERNATE'] = { need: about, bid: of, outputs: [TRUTHFUL] };
  const alternate = world.gossip(odd === 3 ? BYSTANDER : worker, 'ALTERNATE', said);
  const isMarked = need?.orphaned.includes(bid.id) === true;
  const isMade = isMarked || choices.once(2);
  const votes = odd === 4 ? oddVote(scene, choices, lost) : odd === 5 ? lost.votes.slice(2) : lost.votes;
  const shown = [...votes, ...(odd === 6 ? [] : [bid]), ...(isMade && odd !== 7 ? [alternate] : [])];
  const orphaned: EnvelopeId[] = isMarked && choices.below(3) > 0 ? [] : [bid.id];
  const merged = odd === 8 ? bid.id : (need?.adopted.at(-1) ?? null);
  const body = { need: lost.need, merged, orphaned, salvaged: isMade ? [alternate.id] : [] };
  scene.send(choices.from(WORKERS), 'RECONCILE', body, { envelopes: unique(shown) });
}

/** No envelope stands twice in evidence. */
const unique = (envelopes: readonly VerifiedEnvelope[]): readonly VerifiedEnvelope[] => [
  ...new Map(envelopes.map((envelope) => [envelope.id, envelope])).values(),
];

export default {
  name: 'heal',
  often: 5,
  run(scene, choices) {
    const { committees } = scene.world.state;
    const voting = scene.needs.filter(({ id, round }) => committees.get(planSubject(id, round))?.phase === 'voting');
    const over = scene.lost.filter(({ need }) => scene.world.state.needs.get(need)?.phase !== 'bidding');
    const lost = choices.of(over.length > 0 && !choices.once(6) ? over : scene.lost);
    const need = choices.of(voting);
    if (need !== undefined && (lost === undefined || choices.once(2))) loseBranch(scene, choices, need);
    else if (lost !== undefined) heal(scene, choices, lost);
  },
} satisfies Command;
