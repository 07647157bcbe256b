import { toHex, type VerifiedEnvelope } from '@canswarm/protocol';
import { digestOf } from '../../../../src/policy/divergence.ts';
import type { Commit } from '../../../../src/state.ts';
import { LYING } from '../../../support/documents.ts';
import type { Agent } from '../../../support/keys.ts';
import type { Story, Verdict } from '../../../support/story.ts';
import { BYSTANDER, type Frame, REQUESTER } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { type Scene, WORKERS } from '../scene.ts';
import { STRAY_DIGEST } from './diverge.ts';

const VERDICTS: readonly [Verdict, ...Verdict[]] = ['pass', 'pass', 'pass', 'fail', 'undecidable'];

/** A vote that is not as it must be. */
function oddVote(scene: Scene, choices: Choices, story: Story, seat: Agent): VerifiedEnvelope {
  const { world } = scene;
  const { ballot, draw } = story.seatOf(story.jury, seat.did);
  const body = { commit: story.commit.id, ballot, draw, steps: [], salt: null, policyDigest: digestOf(story.commit) };
  const steps = Array.from({ length: 16 }, () => new Uint8Array(32));
  const attest = (by: Agent, own: object, frame: Frame = {}): VerifiedEnvelope =>
    world.gossip(by, 'ATTEST', { ...body, steps, ...own }, frame);
  switch (choices.below(8)) {
    case 0:
      return attest(seat, { draw: draw + 1 });
    case 1:
      return attest(seat, { ballot: ballot + 1 });
    case 2:
      return attest(BYSTANDER, {});
    case 3:
      return attest(seat, {}, { network: LYING.cid });
    case 4:
      return attest(seat, { policyDigest: STRAY_DIGEST });
    case 5:
      return attest(seat, {}, { head: { ...world.head(), digest: new Uint8Array(32) } });
    case 6:
      return scene.ended(attest(seat, {}));
    default:
      return attest(seat, {}, { head: world.head(Math.max(0, (story.jury.seeds[draw]?.position ?? 1) - 1)) });
  }
}

/** The seal of a vote, in its own frame; what is no vote stays. */
function sealOr(scene: Scene, story: Story, vote: VerifiedEnvelope): VerifiedEnvelope {
  const { payload } = vote;
  if (payload.verb !== 'ATTEST' && payload.verb !== 'REJECT') return vote;
  const sealed = story.sealOf(vote, {}, { network: payload.network, head: payload.head });
  if (sealed.payload.verb === 'SEAL') scene.hidden.set(toHex(sealed.payload.body.seal), vote);
  return sealed;
}

/** What seats say of a result: where they sealed it, mostly that. */
function spokenBy(scene: Scene, choices: Choices, story: Story, seats: readonly Agent[]): VerifiedEnvelope[] {
  const { jury } = story;
  const verdict = choices.from(VERDICTS);
  const split = choices.once(3);
  const honest = choices.once(6);
  const opens = jury.sealed && jury.phase !== 'voting' && !choices.once(6);
  return seats.flatMap((seat, index) => {
    const hidden = opens ? scene.hidden.get(story.seatOf(jury, seat.did).seal ?? '') : undefined;
    if (opens) return hidden === undefined ? [] : [hidden];
    return [scene.vote(story, seat, split && index % 2 === 0 ? 'fail' : verdict, honest && index === 0)];
  });
}

/** A committee that seals opens nothing before all did, or half of its time is over: mostly all of it, and often all but one. */
function sealers(seats: readonly Agent[], choices: Choices): readonly Agent[] {
  const turn = choices.below(4);
  if (turn === 0) return choices.some(seats);
  return turn === 1 ? seats.slice(1) : seats;
}

/** Some seats vote on a result, alike or not, and somebody sends it. */
export function certify(scene: Scene, choices: Choices, story: Story): void {
  const { commit, jury } = story;
  const seats = jury.sealed ? sealers(scene.seats(jury), choices) : choices.some(scene.seats(jury));
  const votes = spokenBy(scene, choices, story, seats);
  const [first] = seats;
  if (first !== undefined && choices.once(6)) votes[0] = oddVote(scene, choices, story, first);
  if (first !== undefined && choices.once(12)) votes.push(scene.vote(story, first, 'pass', false));
  if (choices.once(20)) votes.push(scene.world.report(REQUESTER));
  // Seals where they are due, and now and then where they are not.
  const sealing = jury.sealed && jury.phase === 'voting';
  const envelopes = sealing !== choices.once(15) ? votes.map((vote) => sealOr(scene, story, vote)) : votes;
  const ballot = jury.ballot + (choices.once(12) ? 1 : 0);
  scene.send(choices.from(WORKERS), 'CERTIFY', { commit: commit.id, ballot }, { envelopes });
}

/** Stories whose last commit is still judged. */
export const judged = (scene: Scene): readonly Story[] =>
  scene.needs.filter((need) => isJudged(scene, need.commits.at(-1))).map((need) => scene.story(need));

const isJudged = (scene: Scene, id: Commit['id'] | undefined): boolean =>
  id !== undefined && scene.world.state.committees.has(`result/${id}`);

export default {
  name: 'certify',
  often: 4,
  run(scene, choices) {
    const story = choices.of(judged(scene));
    if (story !== undefined) certify(scene, choices, story);
  },
} satisfies Command;
