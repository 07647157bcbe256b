import type { KernelEvent } from '@canswarm/kernel';
import type { EnvelopeId, Verb } from '@canswarm/protocol';
import { createWorld, quoteCast, type World } from '@canswarm/simulator';
import { CREDIT } from 'canswarm';
import { expect, it } from 'vitest';
import { postQuote } from '../world/post-quote.ts';

interface Heard {
  readonly verb: Verb;
  readonly id: EnvelopeId;
  /** Whether the window of its need was over by the log of the first node. */
  readonly afterWindow: boolean;
}

/** A network with workers that bid two tenths of a credit apart, the last through a planner, and what its first node applied and heard. */
function network(...engines: readonly string[]) {
  const workers = engines.map((engine, index) => ({ engine, priceBps: 4_000 + 1_000 * index }));
  const cast = quoteCast({ workers: [...workers, { engine: 'honest', priceBps: 4_500 }], inspect: null });
  const world = createWorld({ seed: `sealed/${engines.join()}`, cast, hosts: 4 });
  const [events, heard]: [KernelEvent[], Heard[]] = [[], []];
  const [first] = world.nodes.values();
  first?.listen({
    onApplied: (applied) => void events.push(...applied.events),
    onHeard: ({ payload: { verb }, id }) => {
      heard.push({ verb, id, afterWindow: events.some(({ type }) => type === 'bidding_closed') });
    },
  });
  world.network.start();
  return { world, events, heard };
}

async function until(world: World, done: () => boolean): Promise<void> {
  const { end } = await world.clock.runUntil(done, { untilMs: world.clock.now() + 90_000 });
  if (end !== 'done') throw new Error(`it never came to that: ${end}`);
}

const ofType = <T extends KernelEvent['type']>(events: readonly KernelEvent[], type: T) =>
  events.filter((event): event is Extract<KernelEvent, { type: T }> => event.type === type);

/** The sum over all accounts. */
function sumOf(world: World): number {
  const [node] = world.nodes.values();
  return [...(node?.state.accounts.values() ?? [])].reduce((sum, balance) => sum + balance, 0);
}

it('nobody shows a bid before all are made; the best is hired, and what lies above the sealed cap goes back', async () => {
  const { world, events, heard } = network('honest', 'honest', 'honest');
  await postQuote(world, { body: { auction: 'sealed' }, mostPaid: 1_100_000 });
  await until(world, () => events.some(({ type }) => type === 'need_settled'));
  const kinds = (afterWindow: boolean) =>
    heard.filter(
      (one) => one.afterWindow === afterWindow && !['REPORT', 'ATTEST_PLAN', 'ATTEST', 'HEARTBEAT'].includes(one.verb),
    );
  expect(kinds(false).map(({ verb }) => verb)).toEqual(['SEAL_BID', 'SEAL_BID', 'SEAL_BID']);
  expect(
    kinds(true)
      .map(({ verb }) => verb)
      .sort(),
  ).toEqual(['OPEN_CAP', 'PROPOSE', 'PROPOSE', 'PROPOSE']);
  expect(ofType(events, 'cap_opened')).toMatchObject([{ cap: 1_100_000, refund: 900_000 }]);
  // Of three bids one is above the cap.
  expect(ofType(events, 'need_decided')).toMatchObject([{ runnersUp: 1 }]);
  expect(ofType(events, 'lease_granted')).toMatchObject([{ price: (2 * CREDIT * 4_000) / 10_000 }]);
  expect(ofType(events, 'finalized')).toHaveLength(1);
  expect(sumOf(world)).toBe(0);
  await world.network.stop();
});

it('a winner that stalls loses the task to who sealed the next best bid', async () => {
  const { world, events } = network('stall', 'honest');
  const worker = world.network.person('worker-1').did;
  for (const node of world.nodes.values())
    for (const identity of node.identities)
      if (identity.signer.did === worker) Object.assign(identity, { lifeless: true });
  await postQuote(world, { body: { auction: 'sealed' } });
  await until(world, () => events.some(({ type }) => type === 'need_settled'));
  expect(ofType(events, 'lease_granted').map(({ holder }) => holder)).toEqual([
    worker,
    world.network.person('worker-2').did,
  ]);
  expect(ofType(events, 'finalized')).toHaveLength(1);
  expect(sumOf(world)).toBe(0);
  await world.network.stop();
});

it('where the cap is below every bid nobody is hired, and all but what seats get goes back', async () => {
  const { world, events } = network('honest', 'honest');
  await postQuote(world, { body: { auction: 'sealed' }, mostPaid: 1 });
  await until(world, () => events.some(({ type }) => type === 'need_settled'));
  expect(ofType(events, 'need_decided')).toMatchObject([{ winner: null }, { winner: null }]);
  expect(ofType(events, 'need_closed')).toMatchObject([{ status: 'expired', refund: 2 * CREDIT }]);
  expect(sumOf(world)).toBe(0);
  await world.network.stop();
});
