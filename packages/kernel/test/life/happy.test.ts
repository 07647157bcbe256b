import { describe, expect, it } from 'vitest';
import { SEAT_FEE, Story, who } from '../support/story.ts';
import { CREDIT, REQUESTER, WORKERS, World } from '../world.ts';

describe('a need that goes well', () => {
  it('runs', () => {
    const world = new World();
    const t = performance.now();
    const before = world.free(REQUESTER);
    const story = new Story(world).hire().deliver().judge('pass').toWindowEnd().finalize();
    story.settle();
    console.log(performance.now() - t, world.entries.length, before - world.free(REQUESTER), world.free(WORKERS[0]!));
    expect(1).toBe(1);
  });
});
