import {
  type Block,
  type ChallengeClaim,
  type ChallengeClass,
  type Cid,
  challengeSeal,
  encodeEvidence,
  listTree,
  lookup,
  utf8,
  type VerifiedEnvelope,
} from '@canswarm/protocol';
import type { Applied } from '../../src/apply.ts';
import { leafOf, stepLeaf, totalLeaves } from '../../src/proofs/steps.ts';
import type { World } from '../world.ts';
import { blockOf, blocksFor } from './documents.ts';
import { type Agent, sha256 } from './keys.ts';
import type { Story } from './story.ts';

/** A challenge from seal to opening: what is claimed, with the evidence that will be shown. */
export interface Accusation {
  readonly class: ChallengeClass;
  readonly claim: ChallengeClaim;
  readonly envelopes?: readonly VerifiedEnvelope[];
  readonly blocks?: readonly Block[];
  readonly salt?: string;
}

function evidenceOf(accusation: Accusation) {
  const { envelopes = [], blocks = [] } = accusation;
  return { envelopes, blocks };
}

export function sealBytes(who: Agent, subject: Cid, accusation: Accusation): Uint8Array {
  const { envelopes, blocks } = evidenceOf(accusation);
  const evidence = sha256(encodeEvidence({ envelopes: envelopes.map(({ bytes }) => bytes), blocks }));
  const salt = sha256(utf8(accusation.salt ?? 'salt'));
  const { class: kind, claim } = accusation;
  return challengeSeal({ challenger: who.did, subject, class: kind, salt, claim, evidence }, sha256);
}

/** Lays the seal of an accusation. */
export function lay(world: World, who: Agent, subject: Cid, accusation: Accusation): Applied {
  const seal = sealBytes(who, subject, accusation);
  return world.submit(who, 'CHALLENGE', { subject, class: accusation.class, seal, opening: null });
}

/** The entry that opens it; `seal` stands in for the one laid, where a test wants another. */
export function opening(world: World, who: Agent, subject: Cid, accusation: Accusation, seal?: Uint8Array) {
  const salt = sha256(utf8(accusation.salt ?? 'salt'));
  const { class: kind, claim } = accusation;
  const body = { subject, class: kind, seal: seal ?? sealBytes(who, subject, accusation), opening: { salt, claim } };
  return world.entry(who, 'CHALLENGE', body, evidenceOf(accusation));
}

/** Seals and opens; both entries must be accepted. Says whether the challenge was upheld, and why. */
export function accuse(
  world: World,
  who: Agent,
  subject: Cid,
  accusation: Accusation,
): { upheld: boolean; reason: string } {
  const laid = lay(world, who, subject, accusation);
  if (!laid.outcome.accepted) throw new Error(`the seal was refused: ${laid.outcome.code}`);
  const opened = world.apply(opening(world, who, subject, accusation));
  if (!opened.outcome.accepted) throw new Error(`the opening was refused: ${opened.outcome.code}`);
  const judged = opened.events.find((event) => event.type === 'challenge_judged');
  if (judged === undefined) throw new Error('an opening is judged at once');
  return judged;
}

/** The blocks that lead from an output of the commit to the record at `key`, and to the words it cites. */
function recordBlocks(story: Story, key: string): Block[] {
  const seen: Cid[] = [];
  const get = (cid: Cid): Uint8Array | undefined => {
    seen.push(cid);
    return blockOf(cid);
  };
  const found = lookup(story.commit.outputs[0]?.cid ?? story.id, key, get);
  if (found.status === 'found') seen.push(found.entry.cid);
  return blocksFor(seen);
}

/** Every block of the inputs: more than a proof needs, all of it true. */
function inputBlocks(story: Story): Block[] {
  const seen: Cid[] = [];
  const get = (cid: Cid): Uint8Array | undefined => {
    seen.push(cid);
    return blockOf(cid);
  };
  const leaves = totalLeaves(story.need.inputs);
  for (let index = 0; index < leaves; index += 1) leafOf(story.need.inputs, index, get);
  return blocksFor(seen);
}

/** What a bystander shows who found a false quote at `key`. */
export const missingCitation = (story: Story, key = 's/0001'): Accusation => {
  const blocks = new Map([...recordBlocks(story, key), ...inputBlocks(story)].map((block) => [block.cid, block]));
  return { class: 'missing_citation', claim: { output: 0, key, step: 0 }, blocks: [...blocks.values()] };
};

/** What a bystander shows who found a record that its schema refuses. */
export const schemaViolation = (story: Story, key = 's/0001'): Accusation => ({
  class: 'schema_violation',
  claim: { output: 0, key, step: 0 },
  blocks: [...recordBlocks(story, key), ...blocksFor([story.need.body.acceptance])],
});

/** What shows all that a result states, and what it cites. */
export const policyViolation = (story: Story): Accusation => {
  const { outputs } = story.commit;
  const keys = outputs.flatMap(({ cid }) => {
    const tree = listTree(cid, blockOf);
    return tree.status === 'found' ? tree.entries.map(({ key }) => key) : [];
  });
  const shown = [
    ...keys.flatMap((key) => recordBlocks(story, key)),
    ...inputBlocks(story),
    ...blocksFor([story.need.body.acceptance]),
  ];
  const blocks = new Map(shown.map((block) => [block.cid, block]));
  return { class: 'policy_violation', claim: { output: 0, key: '', step: 0 }, blocks: [...blocks.values()] };
};

/** What shows that step `step` of a recorded vote is not what the leaf gives. */
export function falseDigest(story: Story, vote: VerifiedEnvelope, step: number): Accusation {
  const artifacts = [...story.need.inputs, ...story.commit.outputs];
  const { draw } = story.seatOf(story.jury, vote.payload.from);
  const index = stepLeaf(sha256, story.jury.seeds[draw]?.seed ?? '', vote.payload.from, step, totalLeaves(artifacts));
  const seen: Cid[] = [];
  leafOf(artifacts, index, (cid) => {
    seen.push(cid);
    return blockOf(cid);
  });
  return { class: 'false_digest', claim: { output: 0, key: '', step }, envelopes: [vote], blocks: blocksFor(seen) };
}

/** Two envelopes of one key shown together. */
export const equivocation = (first: VerifiedEnvelope, second: VerifiedEnvelope): Accusation => ({
  class: 'equivocation',
  claim: { output: 0, key: '', step: 0 },
  envelopes: [first, second],
});
