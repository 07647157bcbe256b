import { describe, expect, it } from 'vitest';
import { accuse, lay, missingCitation, opening, schemaViolation } from '../support/accusation.ts';
import { LYING, TRUTHFUL, UNFIT } from '../support/documents.ts';
import { net, PRICE_CAP, SEAT_FEE, Story } from '../support/story.ts';
import { ADA, BOB, BYSTANDER, CREDIT, CYD, REQUESTER, verifiersOf, World } from '../world.ts';

const FLOOR = PRICE_CAP / 10;

describe('a result that fails', () => {
  it('costs the worker its bond, which funds a larger committee for the runner-up', () => {
    const world = new World();
    const story = new Story(world).hire([ADA, BOB]).deliver(LYING).judge('fail');
    expect(world.free(ADA)).toBe(1000 * CREDIT - 9 * SEAT_FEE - FLOOR);
    expect(world.balance('burn')).toBe(FLOOR);
    expect(story.need).toMatchObject({ level: 2, attempt: 2, forfeited: 9 * SEAT_FEE });
    expect(story.lease.bid.worker).toBe(BOB.did);
    expect(world.balance(`bond/work/${story.id}/${BOB.did}`)).toBe(13 * SEAT_FEE + FLOOR);
    story.deliver().toJudging();
    expect(story.jury).toMatchObject({ k: 5, n: 9 });
    story.judge('pass').settle();
    expect(world.free(BOB)).toBe(1000 * CREDIT + net(story4().price));
    // fees of the plan and of the first attempt; the second is paid by the bond
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT - story4().price - 11 * SEAT_FEE);
    const fees = world.verifiers.reduce((sum, { who }) => sum + world.free(who) - 1000 * CREDIT, 0);
    expect(fees).toBe((5 + 5 + 9) * SEAT_FEE);
  });

  it('never pays the requester: what the bond added and nobody earned is burned', () => {
    const world = new World();
    const story = new Story(world, { seatFee: CREDIT }).hire([ADA]).deliver().judge('fail', 3);
    world.accept(REQUESTER, 'CANCEL', { need: story.id });
    story.settle();
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT - 9 * CREDIT);
    expect(world.free(ADA)).toBe(1000 * CREDIT - 9 * CREDIT - 9 * CREDIT);
    expect(world.balance('burn')).toBe(9 * CREDIT + 9 * CREDIT);
  });

  it('three times is the end, and all money is where it belongs', () => {
    const world = new World();
    const story = new Story(world).hire([ADA, BOB, CYD]);
    for (let attempt = 0; attempt < 3; attempt += 1) story.deliver(LYING).judge('fail');
    expect(world.events('need_closed')).toMatchObject([{ status: 'expired', reason: 'no attempt left' }]);
    story.settle();
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT - 11 * SEAT_FEE);
    const bonds = [ADA, BOB, CYD].map((worker) => 1000 * CREDIT - world.free(worker));
    expect(bonds).toEqual([9, 13, 17].map((fees) => fees * SEAT_FEE + FLOOR));
    const fees = world.verifiers.reduce((sum, { who }) => sum + world.free(who) - 1000 * CREDIT, 0);
    // K is bounded by (E - 1) / 2 = 5 in the third attempt
    expect(fees).toBe((5 + 5 + 9 + 9) * SEAT_FEE);
  });

  it('does not raise K when a lease was only lost', () => {
    const world = new World();
    const story = new Story(world).hire([ADA, BOB]);
    world.tick();
    world.tick(10_050);
    story.deliver().toJudging();
    expect(story.need.level).toBe(1);
    expect(story.jury.n).toBe(5);
  });
});

const story4 = () => ({ price: 4 * CREDIT + CREDIT / 10 });

describe('a false result that passed', () => {
  for (const [name, output, make] of [
    ['missing_citation', LYING, missingCitation],
    ['schema_violation', UNFIT, schemaViolation],
  ] as const) {
    it(`is overturned by ${name}: who passed it loses its reserve, who proved it gains`, () => {
      const world = new World();
      const story = new Story(world).hire([ADA, BOB]).deliver(output).toJudging();
      const seats = story.seats(story.jury);
      const [passing, failing] = [seats.slice(0, 3), seats.slice(3)];
      const stakes = passing.map((seat) => world.balance(`stake/${seat.did}`));
      story.certify([...story.votes('fail', failing), ...story.votes('pass', passing)]);
      const burned = world.balance('burn');
      const fails = failing.map((seat) => world.free(seat));
      expect(accuse(world, BYSTANDER, story.commit.id, make(story)).upheld).toBe(true);
      expect(passing.map((seat) => world.balance(`stake/${seat.did}`))).toEqual(stakes);
      expect(passing.map((seat) => world.balance(`reserve/${seat.did}`))).toEqual([0, 0, 0]);
      expect(world.events('slashed').map(({ did }) => did)).toEqual(passing.map(({ did }) => did));
      const share = Math.floor((FLOOR * 9) / 10 / 3);
      expect(world.free(BYSTANDER)).toBe(1000 * CREDIT + share);
      expect(failing.map((seat, index) => world.free(seat) - (fails[index] ?? 0))).toEqual([
        share + SEAT_FEE,
        share + SEAT_FEE,
      ]);
      const slashed = world.events('slashed').reduce((sum, { amount }) => sum + amount, 0);
      expect(world.balance('burn')).toBe(burned + slashed + FLOOR - 3 * share);
      expect(story.lease.bid.worker).toBe(BOB.did);
      story.deliver(TRUTHFUL).judge('pass').settle();
      expect(world.free(BOB)).toBe(1000 * CREDIT + net(story4().price));
      expect(world.events('finalized')).toHaveLength(1);
    });
  }

  it('gives the bond only to seats that failed it before the seal was laid', () => {
    const world = new World();
    const story = new Story(world).hire([ADA, BOB]).deliver(LYING).toJudging();
    const seats = story.seats(story.jury);
    story.certify(story.votes('pass', seats.slice(0, 3)));
    const accusation = missingCitation(story);
    const { id } = story.commit;
    const late = seats.slice(3);
    const before = late.map((seat) => world.free(seat));
    expect(story.jury.seats).toHaveLength(5);
    const sealed = accuseLater(world, story, id, accusation, () => story.certify(story.votes('fail', late)));
    expect(sealed).toBe(true);
    expect(late.map((seat, index) => world.free(seat) - (before[index] ?? 0))).toEqual([SEAT_FEE, SEAT_FEE]);
    expect(world.free(BYSTANDER)).toBe(1000 * CREDIT + (FLOOR * 9) / 10);
  });

  it('returns the bonds of other challenges, which are moot', () => {
    const world = new World();
    const story = new Story(world).hire([ADA, BOB]).deliver(LYING).judge('pass');
    const seal = {
      subject: story.commit.id,
      class: 'schema_violation',
      seal: new Uint8Array(32),
      opening: null,
    } as const;
    world.accept(CYD, 'CHALLENGE', seal);
    accuse(world, BYSTANDER, story.commit.id, missingCitation(story));
    expect(world.free(CYD)).toBe(1000 * CREDIT);
    expect(world.state.challenges.size).toBe(0);
  });
});

function accuseLater(
  world: World,
  story: Story,
  id: Parameters<typeof lay>[2],
  accusation: Parameters<typeof lay>[3],
  between: () => unknown,
): boolean {
  lay(world, BYSTANDER, id, accusation);
  between();
  const opened = world.apply(opening(world, BYSTANDER, id, accusation));
  return opened.events.some((event) => event.type === 'challenge_judged' && event.upheld) && story.id !== undefined;
}

describe('a result that nobody can judge', () => {
  it('pays the worker its share and the seats in full', () => {
    const world = new World();
    const story = new Story(world).hire([ADA]).deliver().judge('undecidable').settle();
    expect(world.free(ADA)).toBe(1000 * CREDIT + (4 * CREDIT * 3) / 10);
    const fees = world.verifiers.reduce((sum, { who }) => sum + world.free(who) - 1000 * CREDIT, 0);
    expect(fees).toBe(10 * SEAT_FEE);
    expect(story.settled).toBe(true);
  });

  it('because no vote agrees: redraws, then pays the worker as undecidable', () => {
    const world = new World({ verifiers: verifiersOf(48, 48) });
    const story = new Story(world).hire([ADA]).deliver();
    for (let ballot = 1; ballot <= 4; ballot += 1) {
      story.toJudging();
      expect(story.jury.ballot).toBe(ballot);
      const seats = story.seats(story.jury);
      world.tick(500);
      story.certify([
        ...story.votes('pass', seats.slice(0, 2)),
        ...story.votes('fail', seats.slice(2, 4)),
        ...story.votes('undecidable', seats.slice(4)),
      ]);
      world.tick(600);
    }
    expect(story.settled).toBe(true);
    expect(world.events('undecided')).toHaveLength(1);
    expect(world.free(ADA)).toBe(1000 * CREDIT + (4 * CREDIT * 3) / 10);
    expect([...world.state.accounts.keys()].some((account) => account.startsWith('reserve/'))).toBe(false);
  });

  it('because nobody can cover the reserve: waits, then pays the worker as undecidable', () => {
    const world = new World({ verifiers: verifiersOf(12, 12, CREDIT) });
    const story = new Story(world).hire([ADA]).deliver();
    world.tickUntil(() => story.settled, 500);
    expect(world.events('draw_waiting').length).toBe(11);
    expect(world.free(ADA)).toBe(1000 * CREDIT + (4 * CREDIT * 3) / 10);
    expect(world.free(REQUESTER)).toBe(1000 * CREDIT - (4 * CREDIT * 3) / 10 - 6 * SEAT_FEE);
  });

  it('because nobody reveals: asks anew, then pays the worker as undecidable', () => {
    const world = new World({ verifiers: verifiersOf(12, 12), params: { silencesPerEpoch: 1000 } });
    const story = new Story(world).hire([ADA]).deliver();
    for (let count = 0; !story.settled; count += 1) {
      if (count > 40) throw new Error('never given up');
      world.tick(600, { reveal: false });
    }
    expect(world.events('undecided')).toHaveLength(1);
    const asked = world.events('draw_pending').filter(({ subject }) => subject.startsWith('result/'));
    expect(asked).toHaveLength(11);
  });
});

describe('seats that fall silent on a result', () => {
  it('are replaced, the votes that are there stay', () => {
    const world = new World();
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const seats = story.seats(story.jury);
    const silent = seats.slice(2);
    world.tick(500);
    story.certify(story.votes('pass', seats.slice(0, 2)));
    const stakes = silent.map((seat) => world.balance(`stake/${seat.did}`) + world.balance(`reserve/${seat.did}`));
    world.tick(600);
    expect(story.jury).toMatchObject({ ballot: 1, draw: 1, phase: 'drawing' });
    const now = silent.map((seat) => world.balance(`stake/${seat.did}`) + world.balance(`reserve/${seat.did}`));
    expect(now).toEqual(stakes.map((stake) => stake - SEAT_FEE));
    story.toJudging();
    const sitting = story.seats(story.jury);
    expect(sitting).toHaveLength(5);
    expect(sitting.filter((seat) => silent.includes(seat))).toEqual([]);
    const fresh = sitting.filter((seat) => !seats.includes(seat));
    story.certify(story.votes('pass', fresh.slice(0, 1)));
    expect(story.commit.verdict).toBe('pass');
    story.settle();
    expect(world.free(ADA)).toBe(1000 * CREDIT + net(4 * CREDIT));
  });
});
