import { describe, expect, it } from 'vitest';
import { accuse, schemaViolation } from '../support/accusation.ts';
import { TRUTHFUL, UNFIT } from '../support/documents.ts';
import { Story } from '../support/story.ts';
import { ADA, BYSTANDER, World } from '../world.ts';

describe('a result that did not pass', () => {
  /** Three seats of five fail it, one passes it. */
  function failed(output: typeof TRUTHFUL) {
    const world = new World();
    const story = new Story(world).hire([ADA]).deliver(output).toJudging();
    const [lazy = ADA, ...others] = story.seats(story.jury);
    story.certify(others.slice(0, 3).map((seat) => story.vote(seat, 'fail')));
    story.certify([story.vote(lazy, 'pass')]);
    return { world, story, lazy };
  }

  it('costs who passed it their reserve where it is proved invalid, and nobody else anything', () => {
    const { world, story, lazy } = failed(UNFIT);
    const { reserved } = story.seatOf(story.jury, lazy.did);
    const [free, others] = [world.free(BYSTANDER), story.seats(story.jury).filter(({ did }) => did !== lazy.did)];
    expect(accuse(world, BYSTANDER, story.commit.id, schemaViolation(story)).upheld).toBe(true);
    expect(world.events('slashed')).toMatchObject([{ did: lazy.did, amount: reserved, cause: 'schema_violation' }]);
    expect(world.free(BYSTANDER)).toBe(free + Math.floor(reserved / 4));
    expect(world.balance(`reserve/${lazy.did}`)).toBe(0);
    for (const seat of others) expect(story.seatOf(story.jury, seat.did).reserved).toBe(reserved);
    expect(accuse(world, BYSTANDER, story.commit.id, schemaViolation(story)).upheld).toBe(true);
    expect(world.events('slashed')).toHaveLength(1);
    story.settle();
    expect(world.events('seats_paid').at(-1)).toMatchObject({ seats: 3 });
  });

  it('costs who passed it nothing where no proof shows it wrong', () => {
    const { world, story, lazy } = failed(TRUTHFUL);
    expect(accuse(world, BYSTANDER, story.commit.id, schemaViolation(story)).upheld).toBe(false);
    expect(world.events('slashed')).toEqual([]);
    expect(story.seatOf(story.jury, lazy.did).vote?.verdict).toBe('pass');
  });
});
