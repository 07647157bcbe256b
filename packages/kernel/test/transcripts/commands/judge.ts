import {
  type Accusation,
  lay,
  missingCitation,
  opening,
  policyViolation,
  schemaViolation,
} from '../../support/accusation.ts';
import { beforeJury, Hearing } from '../../support/dispute.ts';
import type { Story, Verdict } from '../../support/story.ts';
import type { CommandLine } from '../script.ts';
import type { Stage } from '../stage.ts';
import type { Command } from './command.ts';

const VERDICTS: readonly Verdict[] = ['pass', 'fail', 'undecidable'];

/** The votes that a line tells: `pass=3 fail=2` are of the first three seats and of the next two; a bare verdict is of all. */
function votesOf(stage: Stage, line: CommandLine) {
  const { story } = stage.scene(line);
  const seats = [...story.seats(story.jury)];
  const [all] = line.words;
  if (all !== undefined) return story.votes(all as Verdict, seats);
  return VERDICTS.flatMap((verdict) =>
    seats.splice(0, Number(line.options.get(verdict) ?? 0)).map((seat) => story.vote(seat, verdict)),
  );
}

/** `certify [pass|fail|undecidable] [pass=N] [fail=N] [by=KEY]` */
const certify: Command = (stage, line) => {
  const { story } = stage.scene(line);
  story.certify(votesOf(stage, line), stage.key(line.options.get('by') ?? 'requester'));
};

/** `seal ...` as `certify`, of the seals of these votes. */
const seal: Command = (stage, line) => {
  const { story } = stage.scene(line);
  const seals = votesOf(stage, line).map((vote) => story.sealOf(vote));
  story.certify(seals, stage.key(line.options.get('by') ?? 'requester'));
};

function accusationOf(story: Story, kind: string): Accusation {
  if (kind === 'missing_citation') return missingCitation(story);
  if (kind === 'schema_violation') return schemaViolation(story);
  if (kind === 'policy_violation') return policyViolation(story);
  if (kind === 'wrong_output') return beforeJury();
  throw new Error(`no challenge of class ${kind} can be said`);
}

/** `seal-challenge KEY CLASS`: the bond and the seal, what is claimed is not said yet. */
const sealChallenge: Command = (stage, line) => {
  const { story } = stage.scene(line);
  const [name, kind = ''] = line.words;
  lay(stage.world, stage.key(name), story.commit.id, accusationOf(story, kind));
};

/** `open-challenge KEY CLASS`: what was sealed; a jury hears what no block proves. */
const openChallenge: Command = (stage, line) => {
  const scene = stage.scene(line);
  const { story } = scene;
  const [name, kind = ''] = line.words;
  const key = stage.key(name);
  const { events } = stage.world.apply(opening(stage.world, key, story.commit.id, accusationOf(story, kind)));
  const opened = events.find(({ type }) => type === 'dispute_opened');
  if (opened?.type === 'dispute_opened') scene.hearing = new Hearing(story, { challenge: opened.challenge });
};

function hearingOf(stage: Stage, line: CommandLine): Hearing {
  const { hearing } = stage.scene(line);
  if (hearing === null) throw new Error('no challenge is before a jury');
  return hearing;
}

/** `rule uphold|dismiss [seats=N] [by=KEY]`: the present instance, jurors or arbiters, says so. */
const rule: Command = (stage, line) => {
  const hearing = hearingOf(stage, line);
  const verdict = line.words[0] === 'uphold' ? 'uphold' : 'dismiss';
  const votes = hearing.seats
    .slice(0, Number(line.options.get('seats') ?? 99))
    .map((seat) => hearing.vote(seat, verdict));
  const by = stage.key(line.options.get('by') ?? 'requester');
  hearing.say(verdict === 'uphold' ? 'INVALIDATE' : 'DISMISS', votes, by);
};

/** `appeal KEY` */
const appeal: Command = (stage, line) => {
  hearingOf(stage, line).appeal(stage.key(line.words[0]));
};

/** `finalize [KEY]` */
const finalize: Command = (stage, line) => {
  const { story } = stage.scene(line);
  stage.world.submit(stage.key(line.words[0] ?? 'bob'), 'FINALIZE', { commit: story.commit.id });
};

export const JUDGE_COMMANDS: Readonly<Record<string, Command>> = {
  certify,
  seal,
  'seal-challenge': sealChallenge,
  'open-challenge': openChallenge,
  rule,
  appeal,
  finalize,
};
