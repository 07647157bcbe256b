import {
  conformDigest,
  parseVector,
  toHex,
  type VectorCase,
  type VerifiedEnvelope,
  vectorPieces,
} from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { drawable } from '../../src/policy/divergence.ts';
import { poolOf } from '../../src/pool.ts';
import type { Agent } from '../support/keys.ts';
import { sha256 } from '../support/keys.ts';
import { inGenesis, TINY_VECTOR, tinyEngine, tinyPolicy } from '../support/policies.ts';
import { Story } from '../support/story.ts';
import { ADA, AUTHORITY, BYSTANDER, REQUESTER, verifiersOf, World, type WorldOptions } from '../world.ts';

const POLICY = tinyPolicy({});
const STRAY = new Uint8Array(32).fill(9);
const VECTOR = parseVector(TINY_VECTOR) ?? [];

/** A world with a policy, and one without. */
const governed = (options: WorldOptions = {}): World =>
  new World({ verifiers: verifiersOf(20, 20), policy: inGenesis(POLICY), load: tinyEngine().load, ...options });
const plain = (): World => new World({ verifiers: verifiersOf(20, 20) });

const suspend = (vote: VerifiedEnvelope, member = vote.payload.from) =>
  [BYSTANDER, 'SUSPEND', { member, vote: vote.id }, { envelopes: [vote] }] as const satisfies Parameters<
    World['submit']
  >;

/** What a member says that decided a vector. */
function conform(who: Agent, decisions: readonly VectorCase[] = VECTOR, vector = TINY_VECTOR, capsule = POLICY.cid) {
  const taken = vectorPieces(vector, sha256);
  if (taken === null) throw new Error('the vector is small');
  const digest = conformDigest({ did: who.did, capsule, decisions }, sha256);
  return [who, 'CONFORM', { capsule, pieces: taken.pieces, digest }, { blocks: taken.blocks }] as const;
}

/** Seats of a plan, and a vote of the first by another evaluation. */
function diverging(world = governed()) {
  const story = new Story(world).toPlanVotes();
  const [first = ADA] = story.seats(story.plan);
  return { world, story, first, vote: story.planVote(first, null, [], { policyDigest: STRAY }) };
}

describe('the digest of a vote', () => {
  it('is that of what the law asked about the NEED and the COMMIT, whatever policy holds later', () => {
    const world = governed();
    const story = new Story(world).hire();
    const posted = story.need.asked?.digest;
    story.deliver();
    const made = story.commit.asked?.digest;
    expect(posted).toHaveLength(32);
    expect(made).toHaveLength(32);
    expect(made).not.toEqual(posted);
    const { verb } = JSON.parse(new TextDecoder().decode(story.need.asked?.input)).envelope as { verb: string };
    expect(verb).toBe('NEED');
    expect(new Story(plain()).hire().deliver().commit).not.toHaveProperty('asked');
  });

  it('counts in CERTIFY and DECIDE only if it is the one due', () => {
    const { world, story, vote } = diverging();
    const { round } = story.need;
    const body = { need: story.id, round, ballot: story.plan.ballot };
    world.refuse('vote_policy_other', REQUESTER, 'DECIDE', body, { envelopes: [vote] });
    const bid = story.bid(ADA, 1);
    world.accept(REQUESTER, 'DECIDE', body, { envelopes: [...story.planVotes([bid]), bid] });
    story.deliver().toJudging();
    const judge = { commit: story.commit.id, ballot: 1 };
    for (const policyDigest of [STRAY, null, story.need.asked?.digest ?? null]) {
      const votes = story.seats(story.jury).map((seat) => story.vote(seat, 'pass', { policyDigest }));
      world.refuse('vote_policy_other', REQUESTER, 'CERTIFY', judge, { envelopes: votes });
    }
    world.accept(REQUESTER, 'CERTIFY', judge, { envelopes: story.votes('pass') });
  });

  it('is null, and nothing else, where there is no policy', () => {
    const { world, story, vote } = diverging(plain());
    const body = { need: story.id, round: 1, ballot: 1 };
    world.refuse('vote_policy_other', REQUESTER, 'DECIDE', body, { envelopes: [vote] });
  });

  it('is sealed with its vote, and judged when that is opened', () => {
    const world = governed();
    const story = new Story(world, { tier: 6 }).hire().deliver().toJudging();
    const votes = story
      .seats(story.jury)
      .map((seat, at) => story.vote(seat, 'pass', at === 0 ? { policyDigest: STRAY } : {}));
    const [first] = votes;
    if (first === undefined) throw new Error('somebody sits');
    world.refuse('seals_due', ...suspend(first));
    story.certify(votes.map((vote) => story.sealOf(vote)));
    expect(story.jury.phase).toBe('opening');
    world.refuse(
      'vote_policy_other',
      REQUESTER,
      'CERTIFY',
      { commit: story.commit.id, ballot: 1 },
      { envelopes: votes },
    );
    world.accept(REQUESTER, 'CERTIFY', { commit: story.commit.id, ballot: 1 }, { envelopes: votes.slice(1) });
    world.accept(...suspend(first));
  });
});

describe('SUSPEND', () => {
  it('takes one vote of a member that names another digest than the law, once', () => {
    const { world, story, first, vote } = diverging();
    const other = story.planVote(first, null, []);
    world.refuse('member_unknown', ...suspend(vote, ADA.did));
    world.refuse('digest_same', ...suspend(other));
    world.refuse('divergence_unfit', ...suspend(vote, story.seats(story.plan)[1]?.did));
    const about = { member: first.did, vote: vote.id };
    world.refuse('divergence_unfit', BYSTANDER, 'SUSPEND', about, { envelopes: [other] });
    world.refuse('divergence_unfit', BYSTANDER, 'SUSPEND', about, { envelopes: [vote, other] });
    world.refuse('divergence_unfit', BYSTANDER, 'SUSPEND', about, { envelopes: [world.report(first)] });
    world.accept(...suspend(vote));
    expect(world.events('member_suspended')).toEqual([
      {
        type: 'member_suspended',
        did: first.did,
        vote: vote.id,
        named: toHex(STRAY),
        due: toHex(story.need.asked?.digest ?? STRAY),
      },
    ]);
    world.refuse('suspended_before', ...suspend(vote));
  });

  it('takes a vote for this log, whatever history its engine brought it to, about what is not settled', () => {
    const { world, story, first } = diverging();
    const body = { need: story.id, round: 1, ballot: 1, draw: 0, winner: null, bidsSeen: [], policyDigest: STRAY };
    const made = (frame: object) => world.gossip(first, 'ATTEST_PLAN', body, frame);
    world.refuse('network_other', ...suspend(made({ network: story.id })));
    world.refuse('vote_head_forked', ...suspend(made({ head: { ...world.head(), incarnation: 2 } })));
    world.refuse('vote_head_forked', ...suspend(made({ head: { ...world.head(), position: 10_000 } })));
    const gone = world.gossip(first, 'ATTEST_PLAN', { ...body, need: POLICY.cid as never });
    world.refuse('need_unknown', ...suspend(gone));
    const steps = Array.from({ length: 16 }, () => STRAY);
    const attest = { commit: POLICY.cid as never, ballot: 1, draw: 0, steps, salt: null, policyDigest: STRAY };
    world.refuse('commit_unknown', ...suspend(world.gossip(first, 'ATTEST', attest)));
    world.accept(...suspend(made({ head: { ...world.head(), digest: STRAY } })));
  });
});

describe('a suspended member', () => {
  it('keeps seats, reserves and stake, and is drawn for nothing more', () => {
    const { world, story, first, vote } = diverging(governed({ verifiers: verifiersOf(9, 9) }));
    const own = world.balance(`stake/${first.did}`);
    world.accept(...suspend(vote));
    expect(world.balance(`stake/${first.did}`)).toBe(own);
    expect(story.seats(story.plan)).toContain(first);
    const bid = story.bid(ADA, 1);
    story.decide([...story.planVotes([bid]), bid]);
    expect(story.need.planSeats).toContain(first.did);
    for (let round = 0; round < 4; round += 1) new Story(world).toPlanVotes();
    const seated = world.events('seated').filter(({ did }) => did === first.did);
    expect(seated).toHaveLength(1);
    expect(drawable(world.state, poolOf(world.state)).entities).toHaveLength(8);
  });

  it('is left in a draw that was asked for before, so that nobody chooses among draws by suspending keys of its own', () => {
    const seated = (suspended: boolean): readonly string[] => {
      const world = governed({ verifiers: verifiersOf(9, 9) });
      const story = new Story(world);
      const [first] = world.verifiers.map(({ who }) => who);
      if (first === undefined) throw new Error('a verifier is due');
      const body = { need: story.id, round: 1, ballot: 1, draw: 0, winner: null, bidsSeen: [], policyDigest: STRAY };
      if (suspended) world.accept(...suspend(world.gossip(first, 'ATTEST_PLAN', body)));
      world.tickUntil(() => world.events('seated').length > 0);
      return world.events('seated').map(({ did }) => did);
    };
    expect(seated(true)).toEqual(seated(false));
  });

  it('leaves what it had to others of its organisation', () => {
    const world = governed({ verifiers: verifiersOf(24, 12) });
    const { first, vote } = diverging(world);
    world.accept(...suspend(vote));
    const { entities } = drawable(world.state, poolOf(world.state));
    expect(entities).toHaveLength(12);
    expect(entities.flatMap(({ keys }) => keys.map(({ did }) => did))).not.toContain(first.did);
  });

  it('is waited for where too few are left', () => {
    const world = governed({ verifiers: verifiersOf(7, 7), params: { minEligible: 7 } });
    const { vote } = diverging(world);
    world.accept(...suspend(vote));
    new Story(world);
    world.tickUntil(() => world.events('draw_waiting').length > 0);
    expect(world.events('draw_waiting').at(-1)).toMatchObject({ eligible: 6 });
  });

  it('does not wash that off by joining again', () => {
    const { world, first, vote } = diverging();
    world.accept(...suspend(vote));
    world.accept(first, 'JOIN', { tip: STRAY, length: 1, credential: null });
    world.refuse('suspended_before', ...suspend(vote));
  });
});

describe('CONFORM', () => {
  it('is said by who is suspended, of the vector of the policy that holds, as that decides', () => {
    const { world, first, vote } = diverging();
    world.refuse('not_suspended', ...conform(first));
    world.accept(...suspend(vote));
    world.refuse('not_suspended', ...conform(AUTHORITY));
    world.refuse('conformance_unfit', ...conform(first, VECTOR, TINY_VECTOR, tinyPolicy({ other: true }).cid));
    world.refuse('conformance_unfit', ...conform(first, VECTOR, TINY_VECTOR.slice(1)));
    const [who, verb, body] = conform(first);
    world.refuse('conformance_unfit', who, verb, body);
    const nothing = conformDigest({ did: first.did, capsule: null, decisions: [] }, sha256);
    world.refuse('conformance_unfit', first, 'CONFORM', { capsule: null, pieces: [], digest: nothing });
    const off = VECTOR.map((one, at) => (at === 0 ? { ...one, decision: { ...one.decision, gasUsed: 8 } } : one));
    world.refuse('conformance_other', ...conform(first, off));
    // Another's cannot be copied.
    world.refuse('conformance_other', first, 'CONFORM', conform(ADA)[2], conform(ADA)[3]);
    world.accept(...conform(first));
    expect(world.events('member_conformed')).toEqual([{ type: 'member_conformed', did: first.did, cases: 2 }]);
    world.refuse('not_suspended', ...conform(first));
    expect(drawable(world.state, poolOf(world.state))).toBe(poolOf(world.state));
  });

  it('leaves votes made before without a meaning, and those after with one', () => {
    const { world, story, first, vote } = diverging();
    world.accept(...suspend(vote));
    world.accept(...conform(first));
    world.refuse('vote_head_early', ...suspend(vote));
    world.accept(...suspend(story.planVote(first, null, [], { policyDigest: null })));
  });

  it('answers for nothing where there is no policy', () => {
    const { world, first, vote } = diverging(plain());
    world.accept(...suspend(vote));
    world.refuse('conformance_unfit', ...conform(first));
    const digest = conformDigest({ did: first.did, capsule: null, decisions: [] }, sha256);
    world.accept(first, 'CONFORM', { capsule: null, pieces: [], digest });
  });

  it('is part of the state root once somebody was suspended', () => {
    const { world, vote } = diverging();
    const before = world.root();
    world.accept(...suspend(vote));
    const suspended = world.root();
    world.state.suspensions.clear();
    expect(new Set([before, suspended, world.root()]).size).toBe(3);
  });
});
