import { TRUTHFUL } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, BOB } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker that lost its lease to another delivers by the old one. */
export default {
  attackers: [ADA],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).hire([ADA, BOB]);
    const held = story.held();
    world.tickUntil(() => world.events('lease_lost').length > 0, 250);
    const telemetry = { wallMs: 1, bytesRead: 1, bytesWritten: 1 };
    const late = { ...held, outputs: [TRUTHFUL], telemetry, trace: null };
    world.refuse('attempt_other', ADA, 'COMMIT', late);
    world.refuse('fence_other', ADA, 'COMMIT', { ...late, attempt: story.lease.attempt });
    world.refuse('holder_only', ADA, 'COMMIT', { ...late, ...story.held() });
  },
} satisfies Attack;
