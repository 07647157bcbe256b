import { type ArtifactRef, buildRecord, buildTree, type Cid, type ProofClass, policyPieces } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { countStatements } from '../../src/policy/count-statements.ts';
import { proofBond } from '../../src/proofs/cost.ts';
import { accuse, lay, opening, policyViolation } from '../support/accusation.ts';
import { ACCEPTANCE, blockOf, INPUTS, LYING, NO_ACCEPTANCE, NO_SCHEMA, TRUTHFUL, UNFIT } from '../support/documents.ts';
import { sha256 } from '../support/keys.ts';
import { inGenesis, TINY_VECTOR, tinyEngine, tinyPolicy } from '../support/policies.ts';
import { Story } from '../support/story.ts';
import { ADA, AUTHORITY, BOB, BYSTANDER, World } from '../world.ts';

const CITING = tinyPolicy({ citing: true });

const worldOf = (policy = CITING) => new World({ policy: inGenesis(policy), load: tinyEngine().load });

/** A result that its seats passed. */
const passed = (output: ArtifactRef, world = worldOf()): Story =>
  new Story(world).hire([ADA, BOB]).deliver(output).judge('pass');

describe('a result that states what its policy denies', () => {
  it('is overturned: who passed it loses its reserve, who proved it gains', () => {
    const story = passed(UNFIT);
    const { world } = story;
    const before = world.free(BYSTANDER);
    const { upheld, reason } = accuse(world, BYSTANDER, story.commit.id, policyViolation(story));
    expect([upheld, reason]).toEqual([true, '0 of 1 statements are cited: tiny shut']);
    expect(world.events('slashed').length).toBeGreaterThan(0);
    expect(world.free(BYSTANDER)).toBeGreaterThan(before);
    expect(story.lease.bid.worker).toBe(BOB.did);
    story.deliver(TRUTHFUL).judge('pass').settle();
    expect(world.events('finalized')).toHaveLength(1);
  });

  it('is judged by the policy of its COMMIT, whatever holds since', () => {
    const publish = (world: World, policy: typeof CITING) => {
      const { body, blocks } = policyPieces(policy, sha256);
      world.accept(AUTHORITY, 'POLICY', body, { blocks });
    };
    const since = passed(UNFIT, worldOf(tinyPolicy({})));
    publish(since.world, CITING);
    expect(accuse(since.world, BYSTANDER, since.commit.id, policyViolation(since)).upheld).toBe(false);
    const before = passed(UNFIT);
    publish(before.world, tinyPolicy({}));
    expect(accuse(before.world, BYSTANDER, before.commit.id, policyViolation(before)).upheld).toBe(true);
  });

  it('strikes a seat that passed it where the others did not', () => {
    const world = worldOf();
    const story = new Story(world).hire([ADA, BOB]).deliver(UNFIT).toJudging();
    const [lazy = ADA, ...others] = story.seats(story.jury);
    const { id } = story.commit;
    const accusation = policyViolation(story);
    story.certify([...story.votes('pass', [lazy]), ...story.votes('fail', others)]);
    expect(accuse(world, BYSTANDER, id, accusation).upheld).toBe(true);
    expect(world.events('slashed')).toMatchObject([{ did: lazy.did, cause: 'policy_violation' }]);
  });
});

describe('nothing is proven', () => {
  const judge = (story: Story, without: readonly Cid[] = []) => {
    const accusation = policyViolation(story);
    const blocks = (accusation.blocks ?? []).filter(({ cid }) => !without.includes(cid));
    const before = story.world.free(BYSTANDER);
    const found = accuse(story.world, BYSTANDER, story.commit.id, { ...accusation, blocks });
    expect(story.world.free(BYSTANDER)).toBeLessThan(before);
    return [found.upheld, found.reason];
  };

  it('of a result that cites all that it states', () => {
    const story = passed(TRUTHFUL);
    expect(judge(story)).toEqual([false, 'the policy allows that 1 of 1 statements are cited']);
    story.settle();
    expect(story.world.events('finalized')).toHaveLength(1);
  });

  it('where the network has no policy', () => {
    expect(judge(passed(UNFIT, new World()))).toEqual([false, 'no policy was asked about it']);
  });

  it('by less than all that it takes to count', () => {
    const needed = new Set<Cid>();
    const about = { outputs: [LYING], inputs: INPUTS, acceptance: ACCEPTANCE };
    const get = (cid: Cid): Uint8Array | undefined => {
      needed.add(cid);
      return blockOf(cid);
    };
    countStatements(about, get, sha256);
    expect(needed.size).toBeGreaterThan(4);
    for (const cid of needed) expect(judge(passed(LYING), [cid])).toEqual([false, 'what the result states is missing']);
  });

  it('by an acceptance that is none', () => {
    const story = new Story(worldOf(), { acceptance: NO_ACCEPTANCE }).hire([ADA]).deliver(UNFIT).judge('pass');
    expect(judge(story)).toEqual([false, 'what the result states is unfit']);
  });
});

describe('the statements of a result', () => {
  const count = (outputs: readonly ArtifactRef[], acceptance = ACCEPTANCE, get = blockOf) =>
    countStatements({ outputs, inputs: INPUTS, acceptance }, get, sha256);

  it('are records at keys that the acceptance does not name, in all outputs', () => {
    expect(count([TRUTHFUL])).toEqual({ status: 'found', statements: 1, cited: 1 });
    expect(count([TRUTHFUL, LYING, UNFIT])).toEqual({ status: 'found', statements: 3, cited: 1 });
    expect(count([TRUTHFUL], NO_SCHEMA)).toEqual({ status: 'found', statements: 2, cited: 1 });
    expect(count([{ cid: NO_ACCEPTANCE, leaves: 1 }])).toMatchObject({ status: 'malformed' });
  });

  it('are read once of an output, however often the result lists it', () => {
    let read = 0;
    const get = (cid: Cid): Uint8Array | undefined => {
      if (cid === TRUTHFUL.cid) read += 1;
      return blockOf(cid);
    };
    const outputs = Array.from({ length: 16 }, () => TRUTHFUL);
    expect(count(outputs, ACCEPTANCE, get)).toEqual({ status: 'found', statements: 16, cited: 16 });
    expect(read).toBe(1);
  });

  it('are judged once each, under however many keys they stand, also "*"', () => {
    const record = buildRecord({ text: 'no quote' }, sha256);
    const entries = ['*', 'a', 'b'].map((key) => ({ key, cid: record.cid, leaves: 1, size: record.size }));
    const tree = buildTree(entries, sha256);
    const own = new Map([record, ...tree.blocks].map(({ cid, bytes }) => [cid, bytes]));
    let read = 0;
    const found = count([tree.ref], ACCEPTANCE, (cid) => {
      if (cid === record.cid) read += 1;
      return own.get(cid) ?? blockOf(cid);
    });
    expect([found, read]).toEqual([{ status: 'found', statements: 3, cited: 0 }, 1]);
  });
});

it('costs what a judgement by a schema does, and more where the policy that was asked may take more gas than that', () => {
  const { params } = new World({ params: { proofUnitBond: 7 } }).state;
  const none = { envelopes: [], blocks: new Map<Cid, Uint8Array>() };
  const bond = (kind: ProofClass, gas = 1_000): number => {
    const policy = {
      cid: ACCEPTANCE,
      conformance: ACCEPTANCE,
      gas,
      decide: () => ({ allow: true, reasons: [], gasUsed: 1 }),
    };
    return proofBond(
      params,
      { class: kind, commit: { asked: { input: new Uint8Array(), policy, digest: new Uint8Array() } } },
      none,
    );
  };
  expect(bond('policy_violation')).toBe(bond('schema_violation'));
  expect(proofBond(params, { class: 'policy_violation', commit: {} }, none)).toBe(bond('schema_violation'));
  expect(bond('policy_violation')).toBeGreaterThan(bond('missing_citation'));
  expect(bond('policy_violation', 50_000_000)).toBe(7 * 5_000);
  expect(bond('schema_violation', 50_000_000)).toBe(bond('schema_violation'));
});

it('is not judged where its challenger has less free than that', () => {
  const policy = inGenesis(tinyPolicy({ citing: true }, 'tiny', TINY_VECTOR, 50_000_000));
  const world = new World({ policy, load: tinyEngine().load, params: { proofUnitBond: 1_000 } });
  const story = passed(UNFIT, world);
  const accusation = policyViolation(story);
  lay(world, BYSTANDER, story.commit.id, accusation);
  const left = 5_000 * 1_000 - 1;
  world.accept(BYSTANDER, 'TRANSFER', { to: ADA.did, amount: world.free(BYSTANDER) - left, create: false });
  const { outcome } = world.apply(opening(world, BYSTANDER, story.commit.id, accusation));
  expect(outcome).toMatchObject({ accepted: false, code: 'funds_lacking', facts: { free: left } });
});
