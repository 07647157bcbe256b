import { type ProofClass, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import {
  type Accusation,
  accuse,
  equivocation,
  falseDigest,
  lay,
  missingCitation,
  opening,
  schemaViolation,
  sealBytes,
} from '../support/accusation.ts';
import { blocksFor, LYING, NO_ACCEPTANCE, NO_SCHEMA, TRUTHFUL, UNFIT } from '../support/documents.ts';
import { sha256 } from '../support/keys.ts';
import { net, SEAT_FEE, Story } from '../support/story.ts';
import { ADA, BYSTANDER, CREDIT, CYD, DAN, REQUESTER, World } from '../world.ts';

function verified(output = TRUTHFUL, own = {}): { world: World; story: Story } {
  const world = new World();
  const story = new Story(world, own).hire().deliver(output).judge('pass');
  return { world, story };
}

const refusal = ({ outcome }: ReturnType<typeof lay>): string => (outcome.accepted ? 'accepted' : outcome.code);

describe('a seal', () => {
  it('is laid against a commit, in the window of its class', () => {
    const world = new World();
    const story = new Story(world).hire().deliver();
    const { id } = story.commit;
    const at = (kind: ProofClass, subject = id) =>
      refusal(
        lay(world, BYSTANDER, subject, {
          class: kind,
          claim: { output: 0, key: '', step: 0 },
          salt: `${kind}${world.state.position}`,
        }),
      );
    expect(at('equivocation', story.id as never)).toBe('accepted');
    expect(at('schema_violation')).toBe('challenge_window');
    expect(at('missing_citation')).toBe('challenge_window');
    expect(at('equivocation')).toBe('accepted');
    story.judge('pass');
    expect(at('schema_violation')).toBe('accepted');
    expect(at('false_digest')).toBe('accepted');
    story.toWindowEnd();
    expect(at('schema_violation')).toBe('challenge_window');
    expect(at('false_digest')).toBe('accepted');
    const gone = story.commit.id;
    story.settle();
    expect(at('equivocation', gone)).toBe('challenge_subject');
  });

  it('is refused against a result that did not pass for what a jury decides, and once its hold has passed', () => {
    const world = new World();
    const story = new Story(world).hire([ADA]).deliver().judge('fail');
    const { id } = story.commit;
    const wrong = { class: 'wrong_output', claim: { output: 0, key: '', step: 0 } } as const;
    expect(refusal(lay(world, BYSTANDER, id, wrong))).toBe('challenge_window');
    expect(refusal(lay(world, BYSTANDER, id, schemaViolation(story)))).toBe('accepted');
    const said = schemaViolation(story);
    story.settle();
    expect(refusal(lay(world, BYSTANDER, id, said))).toBe('challenge_subject');
  });

  it('costs a bond of the attempt’s seat fees', () => {
    const { world, story } = verified();
    const before = world.free(BYSTANDER);
    lay(world, BYSTANDER, story.commit.id, schemaViolation(story));
    expect(world.free(BYSTANDER)).toBe(before - 5 * SEAT_FEE);
    const rest = world.free(CYD) - 5 * SEAT_FEE + 1;
    world.accept(CYD, 'TRANSFER', { to: ADA.did, amount: rest, create: false });
    expect(refusal(lay(world, CYD, story.commit.id, schemaViolation(story)))).toBe('funds_lacking');
  });

  it('is laid once by a key', () => {
    const { world, story } = verified();
    const accusation = schemaViolation(story);
    lay(world, BYSTANDER, story.commit.id, accusation);
    expect(refusal(lay(world, BYSTANDER, story.commit.id, accusation))).toBe('seal_taken');
  });

  it('is never kept out by seals that prove nothing, each of which costs more than the one before', () => {
    const { world, story } = verified(LYING);
    const { id } = story.commit;
    const junk = Array.from({ length: 20 }, (_, index) => ({ ...schemaViolation(story), salt: `${index}` }));
    const before = world.free(CYD);
    const bonds = junk.map((accusation, index) => {
      // No key lays more than its own number of them.
      const by = index < 10 ? CYD : DAN;
      const free = world.free(by);
      expect(refusal(lay(world, by, id, accusation))).toBe('accepted');
      return (free - world.free(by)) / (5 * SEAT_FEE);
    });
    expect(bonds).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    const accusation = missingCitation(story);
    expect(refusal(lay(world, BYSTANDER, id, accusation))).toBe('accepted');
    expect(world.apply(opening(world, BYSTANDER, id, accusation)).outcome.accepted).toBe(true);
    expect(world.events('challenge_judged')).toMatchObject([{ upheld: true }]);
    expect(world.free(CYD)).toBeLessThanOrEqual(before);
  });

  it('of one class waits for earlier ones, and is opened although the window closed long before', () => {
    const { world, story } = verified(LYING);
    const { id } = story.commit;
    for (const salt of ['a', 'b', 'c', 'd']) lay(world, CYD, id, { ...missingCitation(story), salt });
    const accusation = missingCitation(story);
    lay(world, BYSTANDER, id, accusation);
    world.tickUntil(() => world.events('challenge_lapsed').length === 4, 250);
    expect(story.commit).toMatchObject({ windowClosed: true, holdPassed: true, final: false });
    world.apply(opening(world, BYSTANDER, id, accusation));
    expect(world.events('challenge_judged')).toMatchObject([{ upheld: true }]);
    expect(world.events('finalized')).toEqual([]);
  });
});

describe('an opening', () => {
  it('shows what was sealed, by the key that sealed it', () => {
    const { world, story } = verified(LYING);
    const accusation = missingCitation(story);
    const { id } = story.commit;
    world.refuseEntry('seal_unknown', opening(world, BYSTANDER, id, accusation));
    lay(world, BYSTANDER, id, accusation);
    const seal = sealBytes(BYSTANDER, id, accusation);
    world.refuseEntry('seal_unknown', opening(world, CYD, id, accusation, seal));
    world.refuseEntry('seal_unknown', opening(world, BYSTANDER, id, { ...accusation, salt: 'other' }, seal));
    world.refuseEntry('seal_unknown', opening(world, BYSTANDER, id, { ...accusation, blocks: [] }, seal));
    const claim = { ...accusation.claim, key: 'report' };
    world.refuseEntry('seal_unknown', opening(world, BYSTANDER, id, { ...accusation, claim }, seal));
    expect(world.apply(opening(world, BYSTANDER, id, accusation)).outcome.accepted).toBe(true);
  });

  it('cannot be taken over: a copy of a seal opens nothing, costs its bond and harms nobody', () => {
    const { world, story } = verified(LYING);
    const other = new Story(world).hire([DAN]).deliver();
    const accusation = missingCitation(story);
    const seal = sealBytes(BYSTANDER, story.commit.id, accusation);
    const copied = { class: accusation.class, seal, opening: null };
    world.accept(CYD, 'CHALLENGE', { subject: story.commit.id, ...copied, class: 'schema_violation' });
    world.accept(CYD, 'CHALLENGE', { subject: other.commit.id, ...copied, class: 'equivocation' });
    const [free, cyd] = [world.free(BYSTANDER), world.free(CYD)];
    lay(world, BYSTANDER, story.commit.id, accusation);
    world.refuseEntry('seal_unknown', opening(world, CYD, story.commit.id, accusation, seal));
    world.apply(opening(world, BYSTANDER, story.commit.id, accusation));
    expect(world.events('challenge_judged')).toMatchObject([{ upheld: true }]);
    expect(world.free(BYSTANDER)).toBeGreaterThan(free);
    expect(world.free(CYD)).toBe(cyd + 5 * SEAT_FEE);
    world.tickUntil(() => world.events('challenge_lapsed').length > 0, 100);
    expect(world.free(CYD)).toBe(cyd + 5 * SEAT_FEE);
    other.judge('pass').settle();
  });

  it('waits for earlier seals of its class, not of others', () => {
    const { world, story } = verified(LYING);
    const accusation = missingCitation(story);
    const { id } = story.commit;
    lay(world, CYD, id, { ...accusation, salt: 'first' });
    lay(world, BYSTANDER, id, accusation);
    world.refuseEntry('seal_earlier', opening(world, BYSTANDER, id, accusation));
    world.tickUntil(() => world.events('challenge_lapsed').length === 1);
    expect(world.apply(opening(world, BYSTANDER, id, accusation)).outcome.accepted).toBe(true);
    expect(world.events('challenge_judged')).toMatchObject([{ upheld: true, challenger: BYSTANDER.did }]);
  });

  it('burns the bond when it does not come in time, and leaves the next its time', () => {
    const { world, story } = verified();
    const burned = world.balance('burn');
    lay(world, CYD, story.commit.id, { ...schemaViolation(story), salt: 'a' });
    lay(world, BYSTANDER, story.commit.id, { ...schemaViolation(story), salt: 'b' });
    world.tick();
    world.tick(2000);
    expect(world.events('challenge_lapsed')).toMatchObject([{ challenger: CYD.did }]);
    world.tick();
    world.tick(1900);
    expect(world.events('challenge_lapsed')).toHaveLength(1);
    world.tick(100);
    expect(world.events('challenge_lapsed')).toHaveLength(2);
    expect(world.balance('burn')).toBe(burned + 10 * SEAT_FEE + 4 * CREDIT - net(4 * CREDIT));
  });
});

describe('a challenge that proves nothing', () => {
  const dismissed = (output: typeof TRUTHFUL, make: (story: Story) => Accusation, own = {}): string => {
    const { world, story } = verified(output, own);
    const [free, burned] = [world.free(BYSTANDER), world.balance('burn')];
    const holdings = world.lawState();
    const { upheld, reason } = accuse(world, BYSTANDER, story.commit.id, make(story));
    expect(upheld).toBe(false);
    expect(world.free(BYSTANDER)).toBe(free - 5 * SEAT_FEE);
    expect(world.balance('burn')).toBe(burned + 5 * SEAT_FEE);
    expect(world.lawState()).not.toBe(holdings);
    story.settle();
    expect(world.events('finalized')).toHaveLength(1);
    return reason;
  };

  it('is dismissed: the record is sound', () => {
    expect(dismissed(TRUTHFUL, schemaViolation)).toContain('fits its schema');
    expect(dismissed(TRUTHFUL, missingCitation)).toContain('the words stand there');
  });

  it('is dismissed: the record cites nothing', () => {
    expect(dismissed(TRUTHFUL, (story) => missingCitation(story, 'report'))).toContain('no citation');
    expect(dismissed(UNFIT, missingCitation)).toContain('no citation');
  });

  it('is dismissed: what it points at is not shown or not there', () => {
    expect(dismissed(UNFIT, (story) => ({ ...schemaViolation(story), blocks: [] }))).toContain('missing');
    expect(dismissed(UNFIT, (story) => schemaViolation(story, 's/0002'))).toContain('absent');
    const elsewhere = { output: 3, key: 's/0001', step: 0 };
    expect(dismissed(UNFIT, (story) => ({ ...schemaViolation(story), claim: elsewhere }))).toContain('no such output');
    expect(
      dismissed(UNFIT, (story) => ({
        ...schemaViolation(story),
        blocks: blocksFor([story.commit.outputs[0]?.cid ?? NO_SCHEMA]),
      })),
    ).toContain('not shown');
  });

  it('is dismissed: nothing was asked for', () => {
    expect(dismissed(UNFIT, schemaViolation, { acceptance: NO_SCHEMA })).toContain('no schema');
    expect(dismissed(UNFIT, schemaViolation, { acceptance: NO_ACCEPTANCE })).toContain('no schema');
    const unshown = (story: Story) => ({
      ...schemaViolation(story),
      blocks: schemaViolation(story).blocks?.slice(0, -1) ?? [],
    });
    expect(dismissed(UNFIT, unshown)).toContain('acceptance');
  });

  it('never judges what the challenger brings instead: a block is taken by its CID', () => {
    const { world, story } = verified(TRUTHFUL);
    const lies = blocksFor([LYING.cid]);
    const accusation = { ...missingCitation(story), blocks: [...lies, ...(missingCitation(story).blocks ?? [])] };
    expect(accuse(world, BYSTANDER, story.commit.id, accusation).upheld).toBe(false);
  });
});

describe('equivocation', () => {
  it('is two different votes of a seat in one ballot and draw', () => {
    const world = new World();
    const story = new Story(world).hire().deliver().toJudging();
    const seats = story.seats(story.jury);
    const [liar = ADA] = seats;
    const votes = [story.vote(liar, 'pass'), story.vote(liar, 'fail')] as const;
    const { reserved } = story.seatOf(story.jury, liar.did);
    const before = world.free(BYSTANDER);
    expect(accuse(world, BYSTANDER, story.commit.id, equivocation(...votes)).upheld).toBe(true);
    expect(world.free(BYSTANDER)).toBe(before + Math.floor(reserved / 4));
    expect(world.balance(`reserve/${liar.did}`)).toBe(0);
    expect(world.events('slashed')).toMatchObject([{ did: liar.did, amount: reserved }]);
    world.refuse(
      'vote_not_seated',
      REQUESTER,
      'CERTIFY',
      { commit: story.commit.id, ballot: 1 },
      { envelopes: [votes[0]] },
    );
    const unpaid = world.free(liar);
    story.judge('pass').settle();
    expect(world.free(liar)).toBe(unpaid);
  });

  it('is also two votes of one kind that differ in what they say', () => {
    const world = new World();
    const story = new Story(world).hire().deliver().toJudging();
    const [seat = ADA] = story.seats(story.jury);
    const pair = [story.vote(seat, 'pass'), story.vote(seat, 'pass', { steps: story.steps(seat) })] as const;
    expect(accuse(world, BYSTANDER, story.commit.id, equivocation(...pair)).upheld).toBe(true);
  });

  it('is two heads for one position', () => {
    const world = new World();
    const story = new Story(world).hire().deliver().toJudging();
    const [seat = ADA] = story.seats(story.jury);
    const other = { ...world.head(), digest: sha256(utf8('another history')) };
    const heads = [world.report(seat), world.report(seat, { time: world.now + 1 }, { head: other })] as const;
    expect(accuse(world, BYSTANDER, story.commit.id, equivocation(...heads)).upheld).toBe(true);
  });

  it('is not the same vote twice, nor votes of two keys, of another commit, ballot or network', () => {
    const world = new World();
    const story = new Story(world).hire().deliver().toJudging();
    const [first = ADA, second = ADA] = story.seats(story.jury);
    const pass = story.vote(first, 'pass');
    const reports = [world.report(first), world.report(first, { time: world.now + 1 })] as const;
    const head = { ...world.head(), digest: sha256(utf8('their history')) };
    const elsewhere = world.report(first, {}, { network: LYING.cid, head });
    const steps = Array.from({ length: 16 }, () => new Uint8Array(32));
    const body = { commit: story.commit.id, ballot: 7, draw: 0, steps, salt: null, policyDigest: null } as const;
    const later = world.gossip(first, 'REJECT', { ...body, verdict: 'fail', reasons: ['x'] });
    const pairs = [
      [pass, story.vote(first, 'pass')],
      [pass, story.vote(second, 'fail')],
      [pass, later],
      reports,
      [world.report(first), elsewhere],
    ] as const;
    for (const [index, pair] of pairs.entries()) {
      const accusation = { ...equivocation(...pair), salt: `${index}` };
      expect(accuse(world, BYSTANDER, story.commit.id, accusation).upheld).toBe(false);
    }
    expect(accuse(world, BYSTANDER, story.commit.id, { ...equivocation(pass, later), envelopes: [pass] }).upheld).toBe(
      false,
    );
  });
});

describe('false_digest', () => {
  const judged = (verdict: 'pass' | 'undecidable', truthful: boolean) => {
    const world = new World();
    const story = new Story(world).hire().deliver().toJudging();
    const seats = story.seats(story.jury);
    const [first = ADA, ...others] = seats;
    const vote = story.vote(first, verdict, truthful ? { steps: story.steps(first) } : {});
    story.certify([vote, ...story.votes(verdict, others)]);
    return { world, story, first, vote };
  };

  it('is a step that is not what the leaf gives', () => {
    const { world, story, first, vote } = judged('pass', false);
    const { reserved } = story.seatOf(story.jury, first.did);
    const [free, fees] = [world.free(BYSTANDER), world.free(first)];
    expect(accuse(world, BYSTANDER, story.commit.id, falseDigest(story, vote, 3)).upheld).toBe(true);
    expect(world.free(BYSTANDER)).toBe(free + Math.floor(reserved / 4));
    story.settle();
    expect(world.free(first)).toBe(fees);
    expect(world.events('finalized')).toHaveLength(1);
  });

  it('is dismissed against an honest vote, an unrecorded one, and with the wrong leaf', () => {
    const { world, story, vote } = judged('pass', true);
    const accusation = falseDigest(story, vote, 0);
    for (let step = 0; step < 4; step += 1) {
      expect(
        accuse(world, BYSTANDER, story.commit.id, { ...falseDigest(story, vote, step), salt: `${step}` }).upheld,
      ).toBe(false);
    }
    expect(accuse(world, BYSTANDER, story.commit.id, { ...accusation, envelopes: [], salt: 'none' }).upheld).toBe(
      false,
    );
    expect(accuse(world, BYSTANDER, story.commit.id, { ...accusation, blocks: [], salt: 'bare' }).upheld).toBe(false);
  });

  it('is dismissed against who said that it could not judge', () => {
    const { world, story, vote } = judged('undecidable', false);
    expect(accuse(world, BYSTANDER, story.commit.id, falseDigest(story, vote, 0)).upheld).toBe(false);
  });
});
