import { type VerifiedEnvelope, wholeTask } from '@canswarm/protocol';
import { mayReport } from '../../../../src/reports.ts';
import { LYING } from '../../../support/documents.ts';
import type { Agent } from '../../../support/keys.ts';
import { ADA, AUTHORITY, BYSTANDER } from '../../../world.ts';
import type { Choices } from '../choices.ts';
import type { Command } from '../command.ts';
import type { Scene } from '../scene.ts';

/** Log time moves as far as the reports say, which stand still, step or jump. */
export function tick(scene: Scene, ms: number): void {
  const { world } = scene;
  const { reporters } = world;
  world.now += ms;
  const reveal = world.state.pendingDraws.size > 0;
  const envelopes = reporters.map((who) => world.report(who, { reveal }));
  scene.send(reporters[0] ?? AUTHORITY, 'TICK', {}, { envelopes });
}

const STEPS_MS = [50, 0, 20, 100, 300, 600, 1000, 2500, 12_000, 70_000] as const;

/** Reports that no TICK may bundle. */
function unfit(scene: Scene, choices: Choices, key: Agent): VerifiedEnvelope {
  const { world } = scene;
  switch (choices.below(6)) {
    case 0:
      return world.report(BYSTANDER);
    case 1:
      return world.report(key, { time: 2 ** 52 + 1 });
    case 2:
      return world.report(key, {}, { head: { ...world.head(), digest: new Uint8Array(32) } });
    case 4:
      return scene.ended(world.report(key));
    case 3:
      return world.report(key, {}, { network: LYING.cid });
    default:
      return world.gossip(key, 'PROPOSE', {
        need: LYING.cid as never,
        round: 1,
        base: 0,
        price: 1,
        etaMs: 1,
        planner: null,
        outbids: null,
        salt: null,
        patch: [wholeTask(key.did, 1)],
      });
  }
}

/** Some report, some lie about the time, some keep their reveals, some are strangers. */
function disturbed(scene: Scene, choices: Choices): void {
  const { world } = scene;
  const keys = choices.some(scene.keys.filter((key) => mayReport(world.state, key.did)));
  const liars = choices.once(3) ? keys.slice(0, 3) : [];
  const reveal = choices.once(2);
  const able: readonly Agent[] = keys.length > 0 ? keys : [AUTHORITY];
  const reports = able.map((key) => world.report(key, { time: world.now + (liars.includes(key) ? 5000 : 0), reveal }));
  const owing = choices.once(3) ? scene.keys.filter((key) => !mayReport(world.state, key.did)) : [];
  reports.push(...owing.map((key) => world.report(key, { reveal: true })));
  if (choices.once(3)) reports.push(unfit(scene, choices, able[0] ?? ADA));
  const by = choices.once(5) ? BYSTANDER : (able[0] ?? AUTHORITY);
  scene.send(by, 'TICK', {}, { envelopes: reports });
}

export default {
  name: 'tick',
  often: 8,
  run(scene, choices) {
    const ms = choices.from(STEPS_MS);
    if (!choices.once(3)) return tick(scene, ms);
    scene.world.now += ms;
    disturbed(scene, choices);
  },
} satisfies Command;
