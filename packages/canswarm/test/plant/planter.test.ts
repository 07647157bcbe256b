import { freeAccount } from '@canswarm/kernel';
import { sodiumCrypto, softwareSigner } from '@canswarm/local';
import { memoryStore, seededRandom, virtualClock } from '@canswarm/memory';
import type { AppliedEntry, Identity, Node, NodeListener } from '@canswarm/node';
import type { Store } from '@canswarm/ports';
import { type Did, utf8 } from '@canswarm/protocol';
import { expect, it } from 'vitest';
import type { NeedBook } from '../../src/host/need-book.ts';
import { UNSEEN } from '../../src/plant/plant.ts';
import { plantKeys } from '../../src/plant/plant-keys.ts';
import { Planter } from '../../src/plant/planter.ts';

const crypto = sodiumCrypto();
const secret = crypto.sha256(utf8('plants'));
const payer = softwareSigner(new Uint8Array(32).fill(1)).did;
const keys = plantKeys(secret, 1, crypto);
const SENT = 5_000_000;

/** The entry by which the payer's credits come to a key of the plant. */
const sent = (position: number): AppliedEntry =>
  ({
    position,
    entry: { envelope: { id: `entry ${position}`, payload: {} } },
    outcome: { accepted: true },
    events: [
      {
        type: 'posting',
        code: 'transfer',
        debit: freeAccount(payer),
        credit: freeAccount(keys.requester.did),
        amount: SENT,
      },
    ],
  }) as unknown as AppliedEntry;

/** A plant that was refused, and closed at a position of the log. */
function closedAt(position: number): Store {
  const store = memoryStore();
  const standing = { ...UNSEEN, funded: { requester: true, worker: true }, taken: false, sent: 7, back: 7 };
  const body = { skill: 'brief', priceCap: 1_000, windows: { leaseMs: 1_000 }, deadlineMs: 1_000 };
  const planned = {
    number: 1,
    body,
    outputs: [],
    like: 'need',
    posted: null,
    postBy: 0,
    funds: { requester: 1, worker: 1 },
  };
  const value = utf8(JSON.stringify({ ...planned, closed: { standing, position } }));
  store.batch([{ key: 'plant/000000000001', value }], { sync: true });
  return store;
}

/** One life of a node with a planter, over what its disk kept. */
async function live(store: Store, life: { recovered?: AppliedEntry[]; applied?: AppliedEntry[]; free: number }) {
  const said: { readonly from: Did; readonly body: unknown }[] = [];
  const admitted: Did[] = [];
  const listeners = new Set<NodeListener>();
  const free = new Map([[freeAccount(keys.requester.did), life.free]]);
  const node = {
    cursor: 9,
    state: {
      time: 1,
      position: 9,
      params: { logFeeBase: 1, logFeePerByte: 1 },
      accounts: { get: (account: string) => free.get(account as never) ?? 0 },
      needs: new Map(),
    },
    listen: (listener: NodeListener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    admit: ({ signer }: Identity) => void admitted.push(signer.did),
    dismiss: () => undefined,
    command: (from: Did, { body }: { body: unknown }) => {
      said.push({ from, body });
      return new Promise(() => undefined);
    },
  };
  const planter = new Planter({
    node: node as unknown as Node,
    log: { head: async () => 9 },
    shard: 's',
    book: {} as NeedBook,
    store,
    content: {} as never,
    clock: virtualClock({ startMs: 1 }),
    crypto,
    random: seededRandom(secret, crypto.sha256).stream('plants'),
    secret,
    payer,
    percent: 0,
    onProblem: (error) => {
      throw error;
    },
  });
  for (const entry of life.recovered ?? [])
    for (const listener of listeners) listener.onRecovered?.(entry, node.state as never);
  planter.start();
  await Promise.resolve();
  await Promise.resolve();
  for (const entry of life.applied ?? [])
    for (const listener of listeners) listener.onApplied?.(entry, node.state as never);
  planter.close();
  return { said, admitted: new Set(admitted), plant: planter.get(1) };
}

const back = { from: keys.requester.did, body: { to: payer, amount: SENT - 769, create: false } };

it('credits that come to a plant after it was closed come back', async () => {
  const { said, plant } = await live(closedAt(5), { applied: [sent(6)], free: SENT });
  expect(said).toEqual([back]);
  expect(plant?.standing).toMatchObject({ sent: 7 + SENT, back: 7 });
});

it('also where the node died after it took their entry and before it told the planter', async () => {
  const { said, admitted, plant } = await live(closedAt(5), { recovered: [sent(6)], free: SENT });
  expect(admitted).toEqual(new Set([keys.requester.did, keys.worker.did]));
  expect(said).toEqual([back]);
  expect(plant?.standing).toMatchObject({ sent: 7 + SENT, back: 7 });
});

it('and where it dies again and again before they are back', async () => {
  const store = closedAt(5);
  for (let life = 0; life < 3; life += 1) {
    const { said, plant } = await live(store, { recovered: [sent(6)], free: SENT });
    expect(said).toEqual([back]);
    expect(plant?.standing.sent).toBe(7 + SENT);
  }
});

it('what was sent before it was closed opens it for nobody', async () => {
  const { said, admitted, plant } = await live(closedAt(6), { recovered: [sent(6)], free: SENT });
  expect([said, admitted.size, plant?.standing.sent]).toEqual([[], 0, 7]);
});
