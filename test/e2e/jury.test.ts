import { type Commit, checkInvariants, disputesOver, jurySubject, type KernelEvent } from '@canswarm/kernel';
import type { SkillModule } from '@canswarm/ports';
import type { CommitId, NeedId } from '@canswarm/protocol';
import { createWorld, quoteCast, quoteSkill, type World } from '@canswarm/simulator';
import type { CastMember } from 'canswarm';
import { expect, it } from 'vitest';
import { postQuote } from '../world/post-quote.ts';

/** Verifiers of more organisations than judge a result: a jury has seats for others. */
function crowd(engine: string): readonly CastMember[] {
  const cast = quoteCast({ workers: [{ engine, priceBps: 5_000 }], inspect: null });
  const more = cast
    .filter(({ verifier }) => verifier)
    .map((member, index) => ({ ...member, name: `juror-${index}`, org: `juror-org-${index}`, asn: 65_000 + index }));
  return [...cast, ...more];
}

/** Three people whom the genesis names. */
const arbiters = (cast: readonly CastMember[]): readonly CastMember[] =>
  cast
    .filter(({ name }) => name === 'bystander')
    .flatMap((member) => [1, 2, 3].map((index) => ({ ...member, index })))
    .map(({ index, ...member }) => ({
      ...member,
      name: `arbiter-${index}`,
      org: `arbiter-org-${index}`,
      free: 0,
      skills: [],
      engines: { execute: null, evaluate: null, inspect: null },
      arbiter: true,
    }));

/** A network in which whoever evaluates sees nothing wrong until `sees`. */
function network(engine: string, checks = 'none'): { world: World; events: KernelEvent[]; open: () => void } {
  let sees = false;
  const module: SkillModule = {
    skill: async (name) => {
      // The check of a requester that refuses whatever it gets.
      if (name === 'refuses') return { evaluate: async () => ({ verdict: 'fail', reasons: ['not to my taste'] }) };
      const skill = await quoteSkill.skill(name === 'own-check' ? 'honest' : name);
      const { evaluate } = skill;
      if (evaluate === undefined || name === 'own-check') return skill;
      return { ...skill, evaluate: async (...asked) => (sees ? evaluate(...asked) : { verdict: 'pass', reasons: [] }) };
    },
  };
  const cast = crowd(engine).map((member) =>
    member.name === 'requester' && checks !== 'none'
      ? { ...member, engines: { ...member.engines, evaluate: checks } }
      : member,
  );
  const world = createWorld({
    seed: `jury/${engine}/${checks}`,
    module,
    cast: [...cast, ...arbiters(cast)],
    hosts: 4,
  });
  const events: KernelEvent[] = [];
  const [first] = world.nodes.values();
  first?.listen({ onApplied: (applied) => void events.push(...applied.events) });
  const open = (): void => {
    sees = true;
  };
  return { world, events, open };
}

async function until(world: World, done: () => boolean): Promise<void> {
  const { end } = await world.clock.runUntil(done, { untilMs: world.clock.now() + 60_000 });
  if (end !== 'done') throw new Error(`it never came to that: ${end}`);
}

function stateOf(world: World) {
  const [node] = world.nodes.values();
  if (node === undefined) throw new Error('no node runs');
  return node.state;
}

/** The bystander's owner has the result challenged: its node seals, and opens. */
async function challenge(world: World, need: NeedId, commit: Commit): Promise<void> {
  const { did, node } = world.network.person('bystander');
  const claim = { output: 0, key: 's/0001', step: 0 };
  const about = { need, subject: commit.id, class: 'wrong_output', claim, evidence: null } as const;
  await world.clock.settled(node.challenge(did, about));
}

async function verified(engine: string, checks = 'none') {
  const made = network(engine, checks);
  const { world } = made;
  world.network.start();
  const need = await postQuote(world);
  await until(world, () => stateOf(world).needs.get(need)?.phase === 'verified');
  const [id = '' as CommitId] = stateOf(world).needs.get(need)?.commits ?? [];
  const commit = stateOf(world).commits.get(id);
  if (commit === undefined) throw new Error('nothing was committed');
  return { ...made, need, commit };
}

it('a jury of verifiers finds a result wrong that its committee passed, and it never becomes final', async () => {
  const { world, events, open, need, commit } = await verified('liar');
  open();
  await challenge(world, need, commit);
  await until(world, () => events.some(({ type }) => type === 'challenge_judged'));
  expect(events.filter(({ type }) => type === 'instance_ruled')).toMatchObject([{ instance: 1, ruling: 'uphold' }]);
  expect(events.filter(({ type }) => type === 'challenge_judged')).toMatchObject([{ upheld: true }]);
  expect(events.some(({ type }) => type === 'finalized')).toBe(false);
  expect(events.some((event) => event.type === 'posting' && event.code === 'jury_fee')).toBe(true);
  await world.clock.settled(world.network.stop());
});

it('a jury dismisses a challenge of a result that is as it must be, which becomes final', async () => {
  const { world, events, open, need, commit } = await verified('honest');
  open();
  await challenge(world, need, commit);
  await until(world, () => events.some(({ type }) => type === 'finalized'));
  expect(events.filter(({ type }) => type === 'challenge_judged')).toMatchObject([{ upheld: false }]);
  expect(events.some((event) => event.type === 'posting' && event.code === 'jury_fee')).toBe(true);
  await world.clock.settled(world.network.stop());
});

it('a node that stops between seal and opening opens when it runs again', async () => {
  const { world, events, open, need, commit } = await verified('liar');
  open();
  const { did, node } = world.network.person('bystander');
  const name = [...world.nodes].find(([, one]) => one === node)?.[0] ?? '';
  const witness = [...world.nodes].find(([other]) => other !== name)?.[1];
  witness?.listen({ onApplied: (applied) => void events.push(...applied.events) });
  const sealed = (): boolean => events.some(({ type }) => type === 'challenge_sealed');
  let gone = false;
  node.listen({
    onAppend: () => {
      if (gone) return;
      gone = true;
      world.remove(name);
    },
  });
  await challenge(world, need, commit);
  await until(world, sealed);
  expect(gone).toBe(true);
  expect(events.some(({ type }) => type === 'dispute_opened')).toBe(false);
  world.restart(name);
  await until(world, () => events.some((event) => event.type === 'dispute_opened' && event.challenger === did));
  await world.clock.settled(world.network.stop());
});

/** Has one of the arbiters say by hand what it found. */
async function arbitrate(world: World, name: string, commit: Commit, verdict: 'uphold' | 'dismiss'): Promise<void> {
  const { did, node } = world.network.person(name);
  const instance = 3;
  await until(world, () => disputesOver(node.state, commit.id)[0]?.dispute.instance === instance);
  const [challenge] = disputesOver(node.state, commit.id);
  if (challenge === undefined) throw new Error('nothing is disputed');
  const about = { commit: commit.id, challenge: challenge.id, instance, ballot: 1, draw: 0 };
  const said = { verb: 'JUDGE', body: { ...about, verdict, reasons: ['so it is'] } } as const;
  const guard = `vote/${jurySubject(challenge.id, instance)}/1/0/${did}`;
  // What peers would refuse is not said, so it is no vote.
  const tooLong = { ...said, body: { ...said.body, reasons: ['é'.repeat(200)] } };
  await expect(world.clock.settled(node.vote(did, tooLong, commit.need, guard))).rejects.toThrow('too_long');
  expect(await world.clock.settled(node.vote(did, said, commit.need, guard))).not.toBeNull();
  expect(await world.clock.settled(node.vote(did, said, commit.need, guard))).toBeNull();
}

it('what two juries dismissed is appealed up to the arbiters, whose word is the last one', async () => {
  const { world, events, need, commit } = await verified('liar');
  await challenge(world, need, commit);
  const { did, node } = world.network.person('bystander');
  const ruled = (instance: number): boolean =>
    events.some((event) => event.type === 'instance_ruled' && event.instance === instance);
  for (const instance of [1, 2]) {
    await until(world, () => ruled(instance));
    const [disputed] = disputesOver(stateOf(world), commit.id);
    if (disputed === undefined) throw new Error('it ended before its time');
    const body = { commit: commit.id, challenge: disputed.id };
    await world.clock.settled(node.command(did, { verb: 'APPEAL', body }, need));
    await until(world, () => events.some((event) => event.type === 'appealed' && event.instance === instance + 1));
  }
  await arbitrate(world, 'arbiter-1', commit, 'dismiss');
  await arbitrate(world, 'arbiter-2', commit, 'uphold');
  await arbitrate(world, 'arbiter-3', commit, 'uphold');
  await until(world, () => events.some(({ type }) => type === 'challenge_judged'));
  expect(events.filter(({ type }) => type === 'instance_opened')).toMatchObject([
    { instance: 1, by: 'jury', seats: 9 },
    { instance: 2, by: 'jury', seats: 13 },
    { instance: 3, by: 'arbiters', seats: 3 },
  ]);
  expect(events.filter(({ type }) => type === 'instance_ruled')).toMatchObject([
    { ruling: 'dismiss' },
    { ruling: 'dismiss' },
    { ruling: 'uphold', votes: 2 },
  ]);
  const paid = events.flatMap((event) => (event.type === 'posting' && event.code === 'jury_fee' ? [event.credit] : []));
  const right = ['arbiter-2', 'arbiter-3'].map((name) => `free/${world.network.person(name).did}`);
  expect([...paid].sort()).toEqual(right.sort());
  expect(events.filter((event) => event.type === 'posting' && event.code === 'appeal_bond_returned')).toHaveLength(2);
  const { accounts } = stateOf(world);
  expect([...accounts.values()].reduce((sum, amount) => sum + amount, 0)).toBe(0);
  expect(checkInvariants(stateOf(world))).toEqual([]);
  await world.clock.settled(world.network.stop());
}, 60_000);

const byRequester = (world: World, events: readonly KernelEvent[]): readonly KernelEvent[] =>
  events.filter(
    (event) => event.type === 'challenge_sealed' && event.challenger === world.network.person('requester').did,
  );

it('a requester whose own check refuses a verified result has a jury decide by itself', async () => {
  const { world, events, open } = await verified('liar', 'own-check');
  await until(world, () => events.some(({ type }) => type === 'dispute_opened'));
  open();
  await until(world, () => events.some(({ type }) => type === 'challenge_judged'));
  expect(byRequester(world, events)).toMatchObject([{ class: 'wrong_output' }]);
  expect(events.filter(({ type }) => type === 'challenge_judged')).toMatchObject([{ upheld: true }]);
  await world.clock.settled(world.network.stop());
});

it('a requester disputes a result once, although its check goes on refusing it, also when it is restarted', async () => {
  const { world } = await verified('honest', 'refuses');
  const { node } = world.network.person('requester');
  const name = [...world.nodes].find(([, one]) => one === node)?.[0] ?? '';
  const witness = [...world.nodes].find(([other]) => other !== name)?.[1];
  const seen: KernelEvent[] = [];
  witness?.listen({ onApplied: (applied) => void seen.push(...applied.events) });
  await until(world, () => seen.some(({ type }) => type === 'dispute_opened'));
  world.remove(name);
  world.restart(name);
  await until(world, () => seen.some(({ type }) => type === 'finalized'));
  expect(byRequester(world, seen)).toHaveLength(1);
  expect(seen.filter(({ type }) => type === 'challenge_judged')).toMatchObject([{ upheld: false }]);
  await world.clock.settled(world.network.stop());
});
