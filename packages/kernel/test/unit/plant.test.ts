import { plantMark } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { accuse, schemaViolation } from '../support/accusation.ts';
import { UNFIT } from '../support/documents.ts';
import { sha256 } from '../support/keys.ts';
import { SALT, SEAT_FEE, Story } from '../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT, CYD, REQUESTER, World } from '../world.ts';

const mark = plantMark({ requester: REQUESTER.did, worker: ADA.did, salt: SALT }, sha256);
const FUND = 'fund/plants';

/** Ten needs of ten may be plants, so that one is repaid. */
const worldOf = (plantRateBps = 10_000): World => new World({ params: { plantRateBps } });

/** A plant of the requester and Ada, judged, to its settlement; `opened` by PLANT before. */
function plant(world: World, verdict: 'fail' | 'pass' = 'fail', opened = true): Story {
  const story = new Story(world, { mark }).hire([ADA]).deliver(UNFIT).judge(verdict);
  if (verdict === 'pass') accuse(world, BYSTANDER, story.commit.id, schemaViolation(story));
  if (opened) world.accept(ADA, 'PLANT', { need: story.id, salt: SALT });
  world.accept(REQUESTER, 'CANCEL', { need: story.id });
  world.tickUntil(() => story.settled, 500);
  return story;
}

describe('PLANT', () => {
  it('is refused before the first result of its sender was judged wrong', () => {
    const world = worldOf();
    const story = new Story(world, { mark }).hire([ADA]).deliver(UNFIT);
    const body = { need: story.id, salt: SALT };
    world.refuse('plant_unjudged', ADA, 'PLANT', body);
    story.judge('pass');
    world.refuse('plant_unjudged', ADA, 'PLANT', body);
    accuse(world, BYSTANDER, story.commit.id, schemaViolation(story));
    world.accept(ADA, 'PLANT', body);
    expect(world.events('plant_opened')).toEqual([expect.objectContaining({ need: story.id, worker: ADA.did })]);
    world.refuse('plant_opened', ADA, 'PLANT', body);
  });

  it('is refused to anybody whom the mark does not name, and with another salt', () => {
    const world = worldOf();
    const story = new Story(world, { mark }).hire([ADA]).deliver(UNFIT).judge('fail');
    world.refuse('plant_other', BOB, 'PLANT', { need: story.id, salt: SALT });
    world.refuse('plant_other', REQUESTER, 'PLANT', { need: story.id, salt: SALT });
    world.refuse('plant_other', ADA, 'PLANT', { need: story.id, salt: new Uint8Array(32) });
    const copied = new Story(world, { mark }, CYD).hire([ADA]).deliver(UNFIT).judge('fail');
    world.refuse('plant_other', ADA, 'PLANT', { need: copied.id, salt: SALT });
  });

  it('is refused where another failed first, and once the need is settled', () => {
    const world = worldOf();
    const story = new Story(world, { mark }).hire([BOB]).deliver(UNFIT).judge('fail');
    world.refuse('plant_unjudged', ADA, 'PLANT', { need: story.id, salt: SALT });
    const { id } = plant(world);
    world.refuse('need_unknown', ADA, 'PLANT', { need: id, salt: SALT });
  });
});

describe('a plant that is settled', () => {
  it('is repaid half of what its seats and its bond cost, as far as the fund goes', () => {
    const world = worldOf();
    new Story(world).hire([BOB]).deliver().judge('pass').settle();
    expect(world.balance(FUND)).toBe(SEAT_FEE);
    const [ada, requester] = [world.free(ADA), world.free(REQUESTER)];
    plant(world);
    const [repaid] = world.events('plant_repaid');
    // What both paid, but for the seat fee that any need pays into the fund.
    const lost = ada + requester - world.free(ADA) - world.free(REQUESTER) + (repaid?.paid ?? 0) - SEAT_FEE;
    expect(repaid).toMatchObject({ worker: ADA.did, cost: lost, paid: 2 * SEAT_FEE });
    expect(repaid?.paid).toBeLessThan(lost / 2);
    expect(world.balance(FUND)).toBe(0);
    new Story(world, { seatFee: CREDIT }).hire([BOB]).deliver().judge('pass').settle();
    plant(world);
    const again = world.events('plant_repaid').at(-1);
    expect(again?.paid).toBe(Math.floor((again?.cost ?? 0) / 2));
  });

  it('is repaid where it passed and was proved wrong, of what was burned and no more', () => {
    const world = worldOf();
    new Story(world, { seatFee: CREDIT }).hire([BOB]).deliver().judge('pass').settle();
    plant(world, 'pass');
    const [repaid] = world.events('plant_repaid');
    expect(world.events('slashed').length).toBeGreaterThan(0);
    expect(repaid?.paid).toBe(Math.floor((repaid?.cost ?? 0) / 2));
    expect(repaid?.cost).toBeLessThan(30 * SEAT_FEE);
  });

  it('is repaid only while plants are few in its class, and only if it was opened', () => {
    const world = worldOf(5000);
    plant(world, 'fail', false);
    expect(world.events('plant_repaid')).toEqual([]);
    plant(world);
    expect(world.events('plant_repaid').map(({ paid }) => paid > 0)).toEqual([true]);
    plant(world);
    expect(world.events('plant_repaid').map(({ paid }) => paid > 0)).toEqual([true, false]);
    expect(world.state.plants.get('documents')).toEqual({ judged: 3, repaid: 1 });
  });

  it('is counted anew in the next period', () => {
    const world = new World({ params: { reputationPeriodMs: 60_000 } });
    plant(world, 'fail', false);
    expect(world.state.plants.size).toBe(1);
    world.tickUntil(() => world.state.plants.size === 0, 500);
  });
});
