import type { Bodies, CommitId, VerifiedEnvelope } from '@canswarm/protocol';
import { seatedOf } from '../../../../src/committee.ts';
import { type Disputed, jurySubject } from '../../../../src/jury.ts';
import type { Committee } from '../../../../src/state.ts';
import { LYING } from '../../../support/documents.ts';
import type { Agent } from '../../../support/keys.ts';
import { who } from '../../../support/story.ts';
import { BYSTANDER, REQUESTER } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { type Scene, STRANGER, WORKERS } from '../scene.ts';

type Said = Bodies['JUDGE']['verdict'];

/** Challenges that are before a jury. */
export const disputesOf = (scene: Scene): readonly Disputed[] =>
  [...scene.world.state.challenges.values()].flat().filter((one): one is Disputed => one.dispute !== null);

const hearing = (scene: Scene, { id, dispute }: Disputed): Committee | undefined =>
  scene.world.state.committees.get(jurySubject(id, dispute.instance));

function vote(scene: Scene, about: Disputed, seat: Agent, verdict: Said, own: Partial<Bodies['JUDGE']> = {}) {
  const committee = hearing(scene, about);
  const { draw } = committee?.seats.findLast(({ did }) => did === seat.did) ?? { draw: 0 };
  const { subject, id: challenge, dispute } = about;
  const ballot = committee?.ballot ?? 1;
  const body = { commit: subject as string as CommitId, challenge, instance: dispute.instance, ballot, draw };
  return scene.world.gossip(seat, 'JUDGE', { ...body, verdict, reasons: [], ...own });
}

/** Some seats say what they make of a challenge, alike or not, and somebody sends it. */
export function judge(scene: Scene, choices: Choices, about: Disputed): void {
  const { world } = scene;
  const committee = hearing(scene, about);
  const verdict = choices.from<Said>(['uphold', 'dismiss', 'dismiss', 'undecidable']);
  const seats = choices.some(committee === undefined ? [] : seatedOf(committee).map(({ did }) => who(did)));
  const split = choices.once(6);
  const votes: VerifiedEnvelope[] = seats.map((seat, index) =>
    vote(scene, about, seat, split && index % 2 === 0 ? 'uphold' : verdict),
  );
  const [first] = seats;
  if (first !== undefined && choices.once(8)) {
    const odd = choices.from<Partial<Bodies['JUDGE']>>([{ instance: 9 }, { draw: 7 }, { ballot: 9 }]);
    votes[0] = vote(scene, about, first, verdict, odd);
  }
  if (first !== undefined && choices.once(12)) votes[0] = scene.ended(vote(scene, about, first, verdict));
  if (choices.once(8)) votes.push(vote(scene, about, BYSTANDER, verdict));
  if (first !== undefined && choices.once(12)) votes.push(vote(scene, about, first, 'undecidable'));
  if (choices.once(20)) votes.push(world.report(REQUESTER));
  const verb = (verdict === 'uphold') === choices.once(10) ? 'DISMISS' : 'INVALIDATE';
  const ballot = (committee?.ballot ?? 1) + (choices.once(12) ? 1 : 0);
  const body = { commit: about.subject as string as CommitId, challenge: about.id, ballot };
  scene.send(choices.from(WORKERS), verb, body, { envelopes: votes });
}

/** Somebody does not want a ruling to stand, or appeals where there is none. */
export function appeal(scene: Scene, choices: Choices, about: Disputed): void {
  const by = choices.once(4) ? STRANGER : (choices.of([...WORKERS, ...scene.keys]) ?? BYSTANDER);
  scene.send(by, 'APPEAL', { commit: about.subject as string as CommitId, challenge: about.id });
}

export default {
  name: 'judge',
  often: 4,
  run(scene, choices) {
    const about = choices.of(disputesOf(scene));
    const appeals = choices.once(4);
    if (about !== undefined) return appeals ? appeal(scene, choices, about) : judge(scene, choices, about);
    const commit = choices.of(scene.commits);
    if (commit === undefined || !choices.once(6)) return;
    const body = { commit: commit.id, challenge: LYING.cid as never };
    if (appeals) return scene.send(BYSTANDER, 'APPEAL', body);
    scene.send(BYSTANDER, 'DISMISS', { ...body, ballot: 1 }, { envelopes: [scene.world.report(REQUESTER)] });
  },
} satisfies Command;
