import { describe, expect, it } from 'vitest';
import { accuse, lay, missingCitation, schemaViolation } from '../support/accusation.ts';
import { LYING } from '../support/documents.ts';
import { Story } from '../support/story.ts';
import { BYSTANDER, CYD, World } from '../world.ts';

describe('FINALIZE', () => {
  it('waits for a passing certificate and the end of its window, and happens once', () => {
    const world = new World();
    const story = new Story(world).hire().deliver();
    const { id: commit } = story.commit;
    world.refuse('not_verified', CYD, 'FINALIZE', { commit });
    story.judge('pass');
    world.refuse('window_open', CYD, 'FINALIZE', { commit });
    story.toWindowEnd();
    world.accept(CYD, 'FINALIZE', { commit });
    world.refuse('not_verified', CYD, 'FINALIZE', { commit });
    story.settle();
    world.refuse('commit_unknown', CYD, 'FINALIZE', { commit });
  });

  it('waits for open challenges', () => {
    const world = new World();
    const story = new Story(world).hire().deliver().judge('pass');
    world.tick();
    world.tick(1500);
    lay(world, BYSTANDER, story.commit.id, schemaViolation(story));
    world.tick();
    world.tick(600);
    expect(story.commit.windowClosed).toBe(true);
    world.refuse('challenge_open', CYD, 'FINALIZE', { commit: story.commit.id });
    world.tickUntil(() => world.events('challenge_lapsed').length > 0);
    story.finalize();
  });

  it('is refused for a result that failed or was overturned', () => {
    const world = new World();
    const story = new Story(world).hire().deliver().judge('fail');
    const { id: commit } = story.commit;
    world.refuse('not_verified', CYD, 'FINALIZE', { commit });
    story.deliver(LYING).judge('pass');
    const { id: second } = story.commit;
    expect(accuse(world, BYSTANDER, second, missingCitation(story)).upheld).toBe(true);
    world.refuse('commit_unknown', CYD, 'FINALIZE', { commit: second });
  });

  it('is not needed: the kernel makes a result final when the hold ends', () => {
    const world = new World();
    const story = new Story(world).hire().deliver().judge('pass').settle();
    expect(world.events('finalized')).toHaveLength(1);
    expect(world.events('posting').find(({ code }) => code === 'price')?.rule).toBe('timer:hold');
    expect(story.settled).toBe(true);
  });
});
