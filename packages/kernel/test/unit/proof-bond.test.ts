import { describe, expect, it } from 'vitest';
import { type Accusation, accuse, lay, missingCitation, opening, schemaViolation } from '../support/accusation.ts';
import { UNFIT } from '../support/documents.ts';
import { SEAT_FEE, Story } from '../support/story.ts';
import { BYSTANDER, CREDIT, World } from '../world.ts';

describe('the bond of an opening', () => {
  const worldOf = (proofUnitBond: number): { world: World; story: Story } => {
    const world = new World({ params: { proofUnitBond } });
    return { world, story: new Story(world).hire().deliver(UNFIT).judge('pass') };
  };
  /** Blocks, their KiB, and the gas that a schema may take. */
  const unitsOf = ({ blocks = [] }: Accusation): number => {
    const bytes = blocks.reduce((sum, block) => sum + block.bytes.length, 0);
    return blocks.length + Math.ceil(bytes / 1024) + 100;
  };

  it('goes back where the proof holds', () => {
    const { world, story } = worldOf(CREDIT / 10_000);
    const free = world.free(BYSTANDER);
    expect(accuse(world, BYSTANDER, story.commit.id, schemaViolation(story)).upheld).toBe(true);
    expect(world.free(BYSTANDER)).toBeGreaterThan(free);
  });

  it('is burned by all that was shown where it does not', () => {
    const { world, story } = worldOf(CREDIT / 10_000);
    const said = { ...schemaViolation(story, 's/0002'), blocks: missingCitation(story).blocks ?? [] };
    const free = world.free(BYSTANDER);
    expect(accuse(world, BYSTANDER, story.commit.id, said).upheld).toBe(false);
    expect(free - world.free(BYSTANDER)).toBe(5 * SEAT_FEE + (unitsOf(said) * CREDIT) / 10_000);
  });

  it('must be free before anything is judged', () => {
    const { world, story } = worldOf(1000 * CREDIT);
    const said = schemaViolation(story);
    lay(world, BYSTANDER, story.commit.id, said);
    world.refuseEntry('funds_lacking', opening(world, BYSTANDER, story.commit.id, said));
    expect(world.events('challenge_judged')).toEqual([]);
  });
});
