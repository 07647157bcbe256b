import type { Bodies, VerifiedEnvelope } from '@canswarm/protocol';
import { votingStakes } from '../../../../src/rules/restart.ts';
import { LYING } from '../../../support/documents.ts';
import type { Agent } from '../../../support/keys.ts';
import { restarting } from '../../../support/restart.ts';
import { who } from '../../../support/story.ts';
import { BYSTANDER, type Frame } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import { type Scene, WORKERS } from '../scene.ts';

/** A statement that is not of this RESTART. */
function oddStatement(scene: Scene, choices: Choices, by: Agent, body: Bodies['ATTEST_STATE']): VerifiedEnvelope {
  const { world } = scene;
  const head = world.head();
  const attest = (own: Partial<Bodies['ATTEST_STATE']>, frame: Frame = {}): VerifiedEnvelope =>
    world.gossip(by, 'ATTEST_STATE', { ...body, ...own }, frame);
  switch (choices.below(7)) {
    case 0:
      return attest({ incarnation: body.incarnation + 1 });
    case 1:
      return attest({ root: new Uint8Array(32) });
    case 2:
      return attest({}, { head: { ...head, digest: new Uint8Array(32) } });
    case 3:
      return attest({}, { head: { ...head, incarnation: head.incarnation + 1 } });
    case 4:
      return attest({}, { head: world.head(Math.max(world.state.digests.first, head.position - 1)) });
    case 5:
      return attest({}, { network: LYING.cid });
    default:
      return world.report(by);
  }
}

/** Another root, life or head than the present, said by all alike. */
function oddAll(scene: Scene, choices: Choices, signers: readonly Agent[]): void {
  const { world } = scene;
  const { position, incarnation, digests } = world.state;
  const root = new Uint8Array(32);
  const kind = choices.below(3);
  const own = kind === 0 ? { root } : kind === 1 ? { incarnation: incarnation + choices.from([2, 0]) } : {};
  const frame = kind === 2 ? { head: world.head(Math.max(digests.first, position - 1)) } : {};
  const { body, evidence } = restarting(world, signers, own, frame);
  scene.send(choices.from(WORKERS), 'RESTART', { ...body, ...own }, evidence, frame);
}

/** The log begins another life where it stands; or somebody has it begin one by too few, by others, or elsewhere. */
export default {
  name: 'restart',
  often: 1,
  run(scene, choices) {
    const { world } = scene;
    const able = [...votingStakes(world.state).keys()].map((did) => who(did));
    const odd = choices.below(9);
    if (odd === 8) return oddAll(scene, choices, able);
    // Half of them are too few.
    const count = odd < 3 ? able.length : Math.ceil((able.length * choices.from([6, 5, 4, 3, 0])) / 9);
    const signers = odd === 3 ? able.slice(0, count) : able;
    const { body, evidence } = restarting(world, signers);
    const [first] = signers;
    const envelopes = [...evidence.envelopes];
    if (odd === 4 && first !== undefined) envelopes[0] = oddStatement(scene, choices, first, body);
    if (odd === 5)
      envelopes.push(world.gossip(choices.once(2) ? (first ?? BYSTANDER) : BYSTANDER, 'ATTEST_STATE', body));
    if (odd === 6) {
      const half = envelopes.length / 2;
      const again = signers.slice(0, half).map((by) => world.gossip(by, 'ATTEST_STATE', body));
      envelopes.splice(half, envelopes.length, ...again);
    }
    scene.send(choices.from(WORKERS), 'RESTART', body, { envelopes });
  },
} satisfies Command;
