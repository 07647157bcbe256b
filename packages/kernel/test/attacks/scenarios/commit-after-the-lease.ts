import { TRUTHFUL } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker delivers after its lease expired. */
export default {
  attackers: [ADA],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).hire([ADA]);
    const held = story.held();
    world.tickUntil(() => world.events('lease_lost').length > 0, 250);
    const telemetry = { wallMs: 1, bytesRead: 1, bytesWritten: 1 };
    world.refuse('lease_none', ADA, 'COMMIT', { ...held, outputs: [TRUTHFUL], telemetry, trace: null });
  },
} satisfies Attack;
