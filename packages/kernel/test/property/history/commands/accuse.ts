import { type Bodies, type EnvelopeId, JURY_CLASSES, type VerifiedEnvelope, wholeTask } from '@canswarm/protocol';
import { digestOf } from '../../../../src/policy/divergence.ts';
import {
  type Accusation,
  equivocation,
  falseDigest,
  lay,
  missingCitation,
  opening,
  policyViolation,
  schemaViolation,
  sealBytes,
} from '../../../support/accusation.ts';
import { beforeJury } from '../../../support/dispute.ts';
import type { Agent } from '../../../support/keys.ts';
import { type Story, type Verdict, who } from '../../../support/story.ts';
import { BYSTANDER, CREDIT } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { type Scene, STRANGER, WORKERS } from '../scene.ts';
import { judged } from './certify.ts';

const maybeEnded = (scene: Scene, choices: Choices, vote: VerifiedEnvelope): VerifiedEnvelope =>
  choices.once(3) ? scene.ended(vote) : vote;

/** Something that is said against a result or a vote, true or not, with what shows it or with nothing. */
function accusation(scene: Scene, choices: Choices, story: Story): Accusation {
  const salt = `${choices.below(4)}`;
  const seat = choices.of(scene.seats(story.jury));
  const bare = choices.once(8) ? { blocks: [] } : {};
  const kind = choices.below(8);
  if (kind === 7) return { ...policyViolation(story), ...bare, salt };
  if (kind > 3) return beforeJury(choices.from(JURY_CLASSES), salt);
  if (kind === 0 || seat === undefined) return { ...missingCitation(story), ...bare, salt };
  if (kind === 1) return { ...schemaViolation(story), ...bare, salt };
  const vote = scene.vote(story, seat, 'pass', choices.once(2));
  if (kind === 3)
    return {
      ...equivocation(
        vote,
        maybeEnded(scene, choices, scene.vote(story, seat, choices.from<Verdict>(['fail', 'pass']), false)),
      ),
      salt,
    };
  const { seats, ballot } = story.jury;
  const recorded = seats.find((cast) => cast.vote !== null && cast.ballot === ballot)?.vote?.id;
  const shown = scene.world.entries.flatMap(({ evidence }) => evidence.envelopes).find(({ id }) => id === recorded);
  return { ...falseDigest(story, shown ?? vote, choices.below(16)), ...bare, salt };
}

/** Something that is said against a vote on the plan of a need: true, or not. */
function planAccusation(scene: Scene, choices: Choices, { id, need }: Story): Accusation | undefined {
  const { world } = scene;
  const seat = choices.of(need.planSat);
  if (seat === undefined) return undefined;
  const { did, round, ballot, draw } = seat;
  const bid = (worker: Agent, price: number): VerifiedEnvelope => {
    return world.gossip(worker, 'PROPOSE', {
      need: id,
      round,
      base: need.planVersion,
      price,
      etaMs: 1000,
      planner: null,
      outbids: null,
      salt: null,
      patch: [wholeTask(worker.did, price)],
    });
  };
  const bids = [bid(WORKERS[0], CREDIT), bid(BYSTANDER, choices.from([2, 1]) * CREDIT)];
  const [cheap, dear] = bids.map((one) => one.id);
  const vote = (winner: EnvelopeId | undefined, own: Partial<Bodies['ATTEST_PLAN']> = {}): VerifiedEnvelope => {
    const seen = [cheap, dear].filter((one) => one !== undefined && one !== winner) as EnvelopeId[];
    const bidsSeen = winner === undefined ? seen : [winner, ...seen];
    const policyDigest = digestOf(need);
    const body = { need: id, round, ballot, draw, winner: winner ?? null, bidsSeen, policyDigest, ...own };
    return world.gossip(who(did), 'ATTEST_PLAN', body);
  };
  const claim = { output: 0, key: '', step: 0 };
  const salt = `${choices.below(4)}`;
  if (choices.once(2)) {
    const second = choices.once(3) ? vote(cheap) : vote(dear, choices.once(4) ? { draw: draw + 1 } : {});
    return { class: 'equivocation', claim, salt, envelopes: [vote(cheap), maybeEnded(scene, choices, second)] };
  }
  const worse = !choices.once(3);
  const [winner, better] = worse ? [...bids].reverse() : bids;
  if (winner === undefined || better === undefined) return undefined;
  const shown = choices.once(8) ? [winner] : [winner, better];
  return { class: 'worse_bid', claim, salt, envelopes: [vote(winner.id), ...shown] };
}

/** Somebody lays a seal against a vote on a plan. */
function accusePlan(scene: Scene, choices: Choices): void {
  const need = choices.of(scene.needs);
  const said = need === undefined ? undefined : planAccusation(scene, choices, scene.story(need));
  if (need === undefined || said === undefined || scene.holding) return;
  const by = choices.of([BYSTANDER, ...WORKERS, ...scene.keys]) ?? BYSTANDER;
  scene.sealed.push({ who: by, subject: need.id, accusation: said });
  lay(scene.world, by, need.id, said);
  if (choices.once(2)) scene.put(opening(scene.world, by, need.id, said));
}

/** Somebody lays a seal; now and then a copy of another's. */
export function accuse(scene: Scene, choices: Choices, story: Story): void {
  const { commit } = story;
  const by = choices.of([BYSTANDER, ...WORKERS, ...scene.keys, STRANGER]) ?? BYSTANDER;
  const last = scene.sealed.at(-1);
  if (last !== undefined && choices.once(6)) {
    const { accusation: copied } = last;
    const seal = sealBytes(last.who, last.subject, copied);
    const copier = choices.once(2) ? last.who : by;
    return scene.send(copier, 'CHALLENGE', { subject: last.subject, class: copied.class, seal, opening: null });
  }
  const said = accusation(scene, choices, story);
  scene.sealed.push({ who: by, subject: commit.id, accusation: said });
  if (scene.holding) return;
  lay(scene.world, by, commit.id, said);
}

export default {
  name: 'accuse',
  often: 4,
  run(scene, choices) {
    if (choices.once(3)) return accusePlan(scene, choices);
    const story = choices.of(judged(scene));
    if (story !== undefined) accuse(scene, choices, story);
  },
} satisfies Command;
