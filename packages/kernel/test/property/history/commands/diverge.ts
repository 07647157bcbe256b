import { conformDigest, type VerifiedEnvelope, vectorPieces } from '@canswarm/protocol';
import { digestOf } from '../../../../src/policy/divergence.ts';
import type { Commit, Need } from '../../../../src/state.ts';
import { LYING } from '../../../support/documents.ts';
import { type Agent, sha256 } from '../../../support/keys.ts';
import { EMPTY_VECTOR } from '../../../support/policies.ts';
import { BYSTANDER, REQUESTER } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { type Scene, WORKERS } from '../scene.ts';

/** A digest that no law without a policy has. */
export const STRAY_DIGEST = new Uint8Array(32).fill(9);

/** A vote of a key on something, by another evaluation or not. */
function voteOf(scene: Scene, choices: Choices, by: Agent): VerifiedEnvelope | null {
  const { world } = scene;
  const isSame = choices.once(6);
  const named = (about: Commit | Need): Uint8Array | null => (isSame ? digestOf(about) : STRAY_DIGEST);
  const position = Math.max(world.state.digests.first, world.state.position - choices.below(3) * 8);
  const frame = choices.once(9) ? { network: LYING.cid } : { head: world.head(position) };
  const commit = choices.of(scene.commits);
  if (commit !== undefined && choices.once(2)) {
    const steps = Array.from({ length: 16 }, () => new Uint8Array(32));
    const body = { commit: commit.id, ballot: 1, draw: 0, steps, salt: null, policyDigest: named(commit) };
    return world.gossip(by, 'ATTEST', body, frame);
  }
  const need = choices.of(scene.needs);
  if (need === undefined) return null;
  const { id, round } = need;
  const about = { need: id, round, ballot: 1, draw: 0, winner: null, bidsSeen: [] };
  const body = { ...about, policyDigest: named(need) };
  return world.gossip(by, 'ATTEST_PLAN', body, frame);
}

function suspend(scene: Scene, choices: Choices): void {
  const [first = BYSTANDER] = scene.keys;
  const by = choices.once(8) ? BYSTANDER : (choices.of(scene.keys) ?? first);
  const vote = voteOf(scene, choices, by);
  if (vote === null) return;
  const member = choices.once(8) ? first.did : by.did;
  const envelopes = choices.once(8) ? [scene.world.report(REQUESTER)] : [vote];
  scene.send(choices.from(WORKERS), 'SUSPEND', { member, vote: vote.id }, { envelopes });
}

function conform(scene: Scene, choices: Choices): void {
  const live = [...scene.world.state.suspensions].filter(([, { conformedAt }]) => conformedAt === null);
  const [did] = choices.of(live) ?? [];
  const by = choices.once(6) ? BYSTANDER : (scene.keys.find((one) => one.did === did) ?? BYSTANDER);
  const held = scene.world.state.policy?.present.cid ?? null;
  const capsule = choices.once(8) ? LYING.cid : held;
  const digest = choices.once(8) ? STRAY_DIGEST : conformDigest({ did: by.did, capsule: held, decisions: [] }, sha256);
  const { pieces, blocks } = vectorPieces(EMPTY_VECTOR, sha256) ?? { pieces: [], blocks: [] };
  if (capsule === null) scene.send(by, 'CONFORM', { capsule, pieces: [], digest });
  else scene.send(by, 'CONFORM', { capsule, pieces, digest }, { blocks });
}

/** Somebody shows a vote that names another evaluation than the law's own, or a suspended key answers for the vector. */
export default {
  name: 'diverge',
  often: 2,
  run(scene, choices) {
    if (choices.once(3)) conform(scene, choices);
    else suspend(scene, choices);
  },
} satisfies Command;
