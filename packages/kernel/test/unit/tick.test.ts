import { signCredential, toHex } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { chainNext } from '../../src/hashing.ts';
import { poolOf } from '../../src/pool.ts';
import { TIME_MS_MAX } from '../../src/timers.ts';
import { LYING } from '../support/documents.ts';
import { type Agent, agent, makeChain, sha256 } from '../support/keys.ts';
import { SEAT_FEE, Story } from '../support/story.ts';
import { ADA, AUTHORITY, BYSTANDER, CREDIT, chainOf, START_MS, verifiersOf, World } from '../world.ts';

const ten = () => new World({ verifiers: verifiersOf(10, 10) });
const keysOf = (world: World): readonly Agent[] => world.verifiers.map(({ who }) => who);

describe('who may tick', () => {
  it('is an active verifier with stake', () => {
    const world = new World();
    const envelopes = world.reporters.map((who) => world.report(who, { time: START_MS + 50 }));
    world.refuse('verifier_only', BYSTANDER, 'TICK', {}, { envelopes });
    world.refuse('verifier_only', AUTHORITY, 'TICK', {}, { envelopes });
    world.accept(BYSTANDER, 'JOIN', { tip: chainOf(BYSTANDER).tip, length: 9, credential: null });
    world.refuse('verifier_only', BYSTANDER, 'TICK', {}, { envelopes });
    world.accept(BYSTANDER, 'STAKE', { amount: 1 });
    world.accept(BYSTANDER, 'TICK', {}, { envelopes });
  });

  it('is the authority while there is no verifier, and joining without stake does not change that', () => {
    const world = new World({ verifiers: [] });
    world.accept(ADA, 'JOIN', { tip: chainOf(ADA).tip, length: 9, credential: null });
    world.now += 50;
    world.refuse('verifier_only', ADA, 'TICK', {}, { envelopes: [world.report(AUTHORITY)] });
    world.accept(AUTHORITY, 'TICK', {}, { envelopes: [world.report(AUTHORITY)] });
    expect(world.state.time).toBe(START_MS + 50);
    world.accept(ADA, 'STAKE', { amount: 1 });
    world.now += 50;
    world.refuse('verifier_only', AUTHORITY, 'TICK', {}, { envelopes: [world.report(ADA)] });
    world.accept(ADA, 'TICK', {}, { envelopes: [world.report(ADA)] });
    expect(world.state.time).toBe(START_MS + 100);
  });
});

describe('what a TICK bundles', () => {
  it('is reports of verifiers, of this history', () => {
    const world = new World();
    world.now += 50;
    const [first = ADA, ...others] = world.reporters;
    const rest = others.map((who) => world.report(who));
    const refuse = (code: Parameters<World['refuse']>[0], envelope: ReturnType<World['report']>) =>
      world.refuse(code, first, 'TICK', {}, { envelopes: [...rest, envelope] });
    refuse('report_unfit', world.report(BYSTANDER));
    refuse('report_unfit', world.report(first, { time: TIME_MS_MAX + 1 }));
    const story = new Story(world);
    refuse('report_unfit', story.bid(ADA, CREDIT));
    refuse('vote_head_forked', world.report(first, {}, { head: { ...world.head(), digest: new Uint8Array(32) } }));
    refuse('network_other', world.report(first, {}, { network: LYING.cid }));
    expect(world.state.time).toBe(START_MS);
  });

  it('advances time or reveals something', () => {
    const world = new World();
    const [first = ADA] = world.reporters;
    const again = () => ({ envelopes: world.reporters.map((who) => world.report(who)) });
    world.refuse('tick_empty', first, 'TICK', {}, { envelopes: [] });
    world.refuse('tick_empty', first, 'TICK', {}, again());
    world.now += 19;
    world.refuse('tick_empty', first, 'TICK', {}, again());
    world.now += 1;
    world.accept(first, 'TICK', {}, again());
    world.refuse('tick_empty', first, 'TICK', {}, { envelopes: [world.report(first, { time: world.now + 999 })] });
  });
});

describe('log time', () => {
  it('is what verifiers with more than half of the weight have reached', () => {
    const world = ten();
    const keys = keysOf(world);
    const at = (ms: number, count: number) =>
      keys.slice(0, count).map((who) => world.report(who, { time: START_MS + ms }));
    world.refuse('tick_empty', keys[0] ?? ADA, 'TICK', {}, { envelopes: at(100, 5) });
    world.accept(keys[0] ?? ADA, 'TICK', {}, { envelopes: at(100, 6) });
    expect(world.state.time).toBe(START_MS + 100);
  });

  it('is not moved by a minority, however far it runs ahead', () => {
    const world = ten();
    const keys = keysOf(world);
    const liars = keys.slice(0, 4);
    for (let round = 0; round < 30; round += 1) {
      world.now += 200;
      const honest = keys.slice(4).map((who) => world.report(who));
      const lies = liars.map((who) => world.report(who, { time: world.now + 3_600_000 * (round + 1) }));
      world.accept(keys[0] ?? ADA, 'TICK', {}, { envelopes: [...lies, ...honest] });
      expect(world.state.time).toBe(world.now);
    }
  });

  it('does not come to a third by leaving honest reports out', () => {
    const world = ten();
    const keys = keysOf(world);
    const [liars, shown] = [keys.slice(0, 3), keys.slice(3, 6)];
    for (let round = 0; round < 20; round += 1) {
      world.now += 300;
      const lies = liars.map((who) => world.report(who, { time: world.now + 600_000 }));
      world.accept(keys[0] ?? ADA, 'TICK', {}, { envelopes: [...lies, ...shown.map((who) => world.report(who))] });
      expect(world.state.time).toBe(world.now);
    }
    const alone = liars.map((who) => world.report(who, { time: world.now + 700_000 }));
    world.refuse('tick_empty', keys[0] ?? ADA, 'TICK', {}, { envelopes: alone });
  });

  it('goes on when a third is gone for good', () => {
    const world = ten();
    const keys = keysOf(world).slice(0, 7);
    for (let round = 0; round < 5; round += 1) {
      world.tick(1000, { reporters: keys });
      expect(world.state.time).toBe(world.now);
    }
  });

  it('steps by a minute at most unless two thirds say more', () => {
    const world = ten();
    const keys = keysOf(world);
    world.tick(600_000, { reporters: keys.slice(0, 6) });
    expect(world.state.time).toBe(START_MS + 60_000);
    world.tick(600_000, { reporters: keys.slice(0, 7) });
    expect(world.state.time).toBe(world.now);
  });

  it('never falls, nor does what a verifier reported', () => {
    const world = ten();
    world.tick(5000);
    const [first = ADA] = keysOf(world);
    const time = world.state.time;
    world.now -= 3000;
    const envelopes = keysOf(world).map((who) => world.report(who));
    world.refuse('tick_empty', first, 'TICK', {}, { envelopes });
    expect(world.state.time).toBe(time);
    expect(world.state.members.get(first.did)?.reported).toBe(time);
  });

  it('counts the weight of an entity, not its keys', () => {
    const org = { org: 'many', asn: 1, region: 'east' };
    const sybils = Array.from({ length: 20 }, (_, index) => ({ who: agent(`v${20 + index}`), ...org, stake: 1 }));
    const world = new World({ verifiers: [...verifiersOf(3, 3, 100), ...sybils] });
    world.now += 50;
    const envelopes = sybils.map(({ who }) => world.report(who));
    world.refuse('tick_empty', sybils[0]?.who ?? ADA, 'TICK', {}, { envelopes });
  });
});

describe('a reveal', () => {
  const pending = () => {
    const world = ten();
    const story = new Story(world);
    const draw = () => {
      const found = world.state.pendingDraws.get(story.plan.subject);
      if (found === undefined) throw new Error('the draw is complete');
      return found;
    };
    return { world, story, draw, keys: keysOf(world) };
  };
  const tick = (world: World, envelopes: readonly ReturnType<World['report']>[]) =>
    world.submit(keysOf(world)[9] ?? ADA, 'TICK', {}, { envelopes });

  it('feeds the seed, and three of them complete the draw', () => {
    const { world, story, draw, keys } = pending();
    for (const [index, who] of keys.slice(0, 3).entries()) {
      expect(tick(world, [world.report(who, { reveal: true })]).outcome.accepted).toBe(true);
      if (index < 2) expect(draw().reveals.size).toBe(index + 1);
    }
    expect(story.plan.phase).toBe('bidding');
    expect(story.plan.seats).toHaveLength(5);
  });

  it('that stays away from many seeds at once is one silence: needs posted together put nobody out', () => {
    const world = new World();
    const stories = Array.from({ length: 6 }, () => new Story(world));
    world.tick(50, { reveal: false });
    world.tick(600, { reveal: false });
    expect(world.events('draw_pending')).toHaveLength(12);
    expect([...world.state.members.values()].map((member) => member.silences).filter((count) => count > 1)).toEqual([]);
    expect(world.events('seat_silent')).toHaveLength(16);
    expect(world.events('posting').filter(({ code }) => code === 'silence_fee')).toHaveLength(16);
    for (const story of stories) story.toPlanVotes();
  });

  it('that stays away costs stake, and who has none left weighs nothing from then on', () => {
    const world = new World({ verifiers: verifiersOf(10, 10, SEAT_FEE) });
    new Story(world);
    expect(poolOf(world.state).active).toBe(10);
    world.tick(50, { reveal: false });
    world.tick(600, { reveal: false });
    expect(poolOf(world.state).active).toBe(0);
    expect(world.reporters).toEqual([AUTHORITY]);
  });

  it('counts once an entity, and not twice', () => {
    const { world, draw, keys } = pending();
    const [first = ADA] = keys;
    const report = world.report(first, { reveal: true });
    tick(world, [report]);
    const left = world.state.members.get(first.did)?.revealsLeft;
    world.refuse('tick_empty', first, 'TICK', {}, { envelopes: [report] });
    world.refuse('tick_empty', first, 'TICK', {}, { envelopes: [world.report(first, { reveal: true })] });
    expect(draw().reveals.size).toBe(1);
    expect(world.state.members.get(first.did)?.revealsLeft).toBe(left);
  });

  it('is one of a sender in a TICK: the first', () => {
    const { world, keys } = pending();
    const [first = ADA] = keys;
    const chain = chainOf(first);
    const next = chain.before(toHex(chain.tip)) ?? chain.tip;
    const deeper = chain.before(toHex(next)) ?? chain.tip;
    const left = world.state.members.get(first.did)?.revealsLeft ?? 0;
    const reports = [world.report(first, { preimage: next }), world.report(first, { preimage: deeper })];
    expect(tick(world, reports).outcome.accepted).toBe(true);
    expect(world.state.members.get(first.did)).toMatchObject({ tip: toHex(next), revealsLeft: left - 1 });
  });

  it('must continue the chain, by at most 64 steps', () => {
    const { world, keys } = pending();
    const [first = ADA, second = ADA] = keys;
    const refuse = (preimage: Uint8Array) =>
      world.refuse('tick_empty', second, 'TICK', {}, { envelopes: [world.report(first, { preimage })] });
    const chain = chainOf(first);
    let value = chain.tip;
    refuse(value);
    refuse(chainNext(sha256, value));
    for (let step = 0; step < 65; step += 1) value = chain.before(Buffer.from(value).toString('hex')) ?? value;
    refuse(value);
    const skipped = chainNext(sha256, value);
    const left = world.state.members.get(first.did)?.revealsLeft ?? 0;
    expect(tick(world, [world.report(first, { preimage: skipped })]).outcome.accepted).toBe(true);
    expect(world.state.members.get(first.did)?.revealsLeft).toBe(left - 64);
  });

  it('counts only if made after the draw was asked for', () => {
    const world = ten();
    const before = world.head();
    const story = new Story(world);
    const [first = ADA] = keysOf(world);
    const early = world.report(first, { reveal: true }, { head: before });
    world.refuse('tick_empty', first, 'TICK', {}, { envelopes: [early] });
    expect(story.plan.phase).toBe('drawing');
  });

  it('does not count from a chain picked after the draw was asked for', () => {
    const { world, draw, keys } = pending();
    const [first = ADA] = keys;
    const picked = makeChain('picked to please', 5);
    world.accept(first, 'JOIN', { tip: picked.tip, length: 5, credential: null });
    world.useChain(first, picked);
    world.refuse('tick_empty', first, 'TICK', {}, { envelopes: [world.report(first, { reveal: true })] });
    expect(draw().reveals.size).toBe(0);
  });

  it('does not count from a key that was no verifier when the draw was asked for', () => {
    const { world, draw, keys } = pending();
    world.accept(BYSTANDER, 'JOIN', { tip: chainOf(BYSTANDER).tip, length: 9, credential: null });
    world.accept(BYSTANDER, 'STAKE', { amount: CREDIT });
    world.useChain(BYSTANDER, chainOf(BYSTANDER));
    world.refuse('tick_empty', keys[0] ?? ADA, 'TICK', {}, { envelopes: [world.report(BYSTANDER, { reveal: true })] });
    expect(draw().reveals.size).toBe(0);
  });

  it('does not count from a related entity', () => {
    const world = ten();
    const [requester = ADA] = keysOf(world);
    new Story(world, {}, requester);
    world.refuse('tick_empty', requester, 'TICK', {}, { envelopes: [world.report(requester, { reveal: true })] });
  });

  it('that stays away is a silence of all who could have made it; the draw is asked for anew', () => {
    const { world, story, draw, keys } = pending();
    const [first = ADA, second = ADA] = keys;
    const stake = world.balance(`stake/${second.did}`);
    tick(world, [world.report(first, { reveal: true })]);
    const asked = draw().position;
    world.tick(600, { reveal: false });
    world.tick(600, { reveal: false });
    expect(world.state.members.get(first.did)?.silences).toBe(0);
    expect(world.state.members.get(second.did)?.silences).toBe(1);
    expect(world.balance(`stake/${second.did}`)).toBe(stake - SEAT_FEE);
    expect(draw().position).toBeGreaterThan(asked);
    expect(draw().reveals.size).toBe(0);
    world.tick(50);
    expect(story.plan.phase).toBe('bidding');
  });
});

describe('JOIN', () => {
  it('takes credentials of the authority only, and chains as long as the network allows', () => {
    const world = new World({ params: { chainLength: 10 }, verifiers: [] });
    const claims = { org: 'new', asn: 77, region: 'east' };
    const tip = new Uint8Array(32);
    const foreign = signCredential(claims, ADA.did, world.state.network, BYSTANDER);
    world.refuse('credential_other', ADA, 'JOIN', { tip, length: 5, credential: foreign });
    world.refuse('chain_length', ADA, 'JOIN', { tip, length: 11, credential: null });
    const credential = signCredential(claims, ADA.did, world.state.network, AUTHORITY);
    world.accept(ADA, 'JOIN', { tip, length: 10, credential });
    expect(world.state.members.get(ADA.did)).toMatchObject({
      entity: 'org:new',
      asn: 77,
      region: 'east',
      revealsLeft: 10,
    });
  });

  it('makes a key without credential part of the one entity unverified', () => {
    const world = new World();
    world.accept(BYSTANDER, 'JOIN', { tip: new Uint8Array(32), length: 1, credential: null });
    expect(world.state.members.get(BYSTANDER.did)).toMatchObject({
      entity: 'unverified',
      revealsLeft: 1,
      active: true,
    });
  });

  it('again recommits, keeps the credential and makes an inactive verifier active', () => {
    const world = new World();
    const [{ who } = { who: ADA }] = world.verifiers;
    const member = world.state.members.get(who.did);
    if (member === undefined) throw new Error('a verifier is a member');
    member.silences = 2;
    world.accept(who, 'JOIN', { tip: makeChain('first', 3).tip, length: 3, credential: null });
    expect(world.state.members.get(who.did)?.silences).toBe(2);
    Object.assign(world.state.members.get(who.did) ?? {}, { active: false, silences: 3 });
    world.state.pool = null;
    const chain = makeChain('second', 3);
    world.accept(who, 'JOIN', { tip: chain.tip, length: 3, credential: null });
    const joined = world.state.members.get(who.did);
    expect(joined).toMatchObject({ active: true, silences: 0, entity: 'org:o0', asn: 100, revealsLeft: 3 });
    expect(joined?.joinedAt).toBe(world.state.position);
    world.useChain(who, chain);
    new Story(world);
    world.accept(who, 'TICK', {}, { envelopes: [world.report(who, { reveal: true })] });
    expect(world.state.members.get(who.did)?.revealsLeft).toBe(2);
  });
});
