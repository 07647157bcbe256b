import { sodiumCrypto } from '@canswarm/local';
import { memoryMeter, seededRandom, virtualClock } from '@canswarm/memory';
import { StorageError, TransportError } from '@canswarm/ports';
import { describe, expect, it } from 'vitest';
import { Contact, type Contacts } from '../../src/contact/contact.ts';

const { sha256 } = sodiumCrypto();
const settings = { everyMs: 100, deadlineMs: 50, misses: 3, answers: 2, waitMs: 1_000 };

/** A world that a test changes while it is looked at. */
function worldOf() {
  const clock = virtualClock();
  const meter = memoryMeter();
  const world = {
    head: async (): Promise<number> => 0,
    cursor: 0,
    unwritten: null as string | null,
    peers: ['one', 'two'] as string[],
    request: async (): Promise<Uint8Array> => new Uint8Array(),
    hasOthers: true,
    asked: { log: 0, peers: 0 },
    signs: 0,
  };
  const changes: [string, Contacts['state']][] = [];
  const contact = new Contact({
    settings,
    shard: 's',
    log: {
      head: () => {
        world.asked.log += 1;
        return world.head();
      },
    },
    transport: {
      peers: () => world.peers,
      request: () => {
        world.asked.peers += 1;
        return world.request();
      },
      serve: () => () => undefined,
    },
    clock,
    random: seededRandom(sha256(new Uint8Array()), sha256).stream('contact'),
    meter,
    cursor: () => world.cursor,
    unwritten: () => world.unwritten,
    onSign: () => {
      world.signs += 1;
    },
    hasOthers: () => world.hasOthers,
    onChange: ({ state }, what) => changes.push([what, state]),
  });
  const pass = async (ms: number): Promise<void> =>
    void (await clock.runUntil(() => false, { untilMs: clock.now() + ms }));
  return { world, contact, changes, meter, pass };
}

const never = (): Promise<never> => new Promise(() => undefined);

describe('a node finds out that it is cut off', () => {
  it('from the log, which does not answer, and that it no longer is', async () => {
    const { world, contact, changes, meter, pass } = worldOf();
    contact.start();
    await pass(1_000);
    expect(contact.contacts.state).toBe('online');
    world.head = never;
    await pass(2 * (settings.everyMs + settings.deadlineMs));
    expect(contact.logIsLost).toBe(false);
    await pass(2 * (settings.everyMs + settings.deadlineMs));
    expect(contact.contacts).toMatchObject({
      state: 'log_lost',
      log: { lost: true, why: 'it does not answer within 50 ms' },
      peers: { lost: false, why: null },
    });
    world.head = async () => 0;
    await pass(1_000);
    expect(changes).toEqual([
      ['log', 'log_lost'],
      ['log', 'online'],
    ]);
    const counted = meter.read();
    expect(counted).toMatchObject({ 'contact.log.lost': 1, 'contact.log.back': 1 });
    expect(counted['contact.log.lost_ms']).toBeGreaterThan(100);
    contact.close();
  });

  it('from the log, which fails', async () => {
    const { world, contact, pass } = worldOf();
    world.head = () => Promise.reject(new StorageError('io', 'no way there'));
    contact.start();
    await pass(1_000);
    expect(contact.contacts).toMatchObject({ state: 'log_lost', log: { why: 'no way there' } });
    contact.close();
  });

  it('from the log, which goes on without it', async () => {
    const { world, contact, pass } = worldOf();
    world.head = async () => 7;
    world.cursor = 3;
    contact.start();
    await pass(1_000);
    expect(contact.contacts.log).toMatchObject({ lost: true, why: expect.stringContaining('nothing came after 3') });
    world.cursor = 7;
    await pass(1_000);
    expect(contact.contacts.state).toBe('online');
    contact.close();
  });

  it('from the log, which does not take what it appends; what waits is tried once it answers', async () => {
    const { world, contact, pass } = worldOf();
    world.unwritten = 'the disk is full';
    contact.start();
    await pass(1_000);
    expect(contact.contacts.log).toMatchObject({ lost: true, why: 'the disk is full' });
    expect(world.signs).toBeGreaterThan(0);
    contact.close();
  });

  it('from its peers, of which none answers, though they count as connected', async () => {
    const { world, contact, pass } = worldOf();
    world.request = () => Promise.reject(new TransportError('deadline', 'no answer'));
    contact.start();
    await pass(1_000);
    expect(contact.contacts).toMatchObject({
      state: 'peers_lost',
      peers: { why: expect.stringContaining('of 2 peers') },
    });
    world.head = never;
    await pass(1_000);
    expect(contact.contacts.state).toBe('isolated');
    contact.close();
  });

  it('from its peers, with none of which it is connected; not where nobody else takes part', async () => {
    const { world, contact, changes, pass } = worldOf();
    world.peers = [];
    contact.start();
    await pass(1_000);
    expect(contact.contacts).toMatchObject({ state: 'peers_lost', peers: { why: 'it is connected with no peer' } });
    world.hasOthers = false;
    await pass(1_000);
    expect(changes.map(([, state]) => state)).toEqual(['peers_lost', 'online']);
    contact.close();
  });
});

describe('a node is not cut off', () => {
  it('while a peer refuses it: who refuses is there', async () => {
    const { world, contact, changes, pass } = worldOf();
    world.request = () => Promise.reject(new TransportError('refused', 'no'));
    contact.start();
    await pass(1_000);
    expect(changes).toEqual([]);
    contact.close();
  });

  it('while others come by themselves, and then it asks nobody', async () => {
    const { world, contact, changes, pass } = worldOf();
    contact.start();
    for (let step = 1; step <= 10; step += 1) {
      world.cursor = step;
      contact.heard();
      await pass(settings.everyMs);
    }
    expect([changes, world.asked]).toEqual([[], { log: 0, peers: 0 }]);
    contact.close();
  });
});

it('asks a log that never answers a bounded number of times', async () => {
  const { world, contact, pass } = worldOf();
  world.head = never;
  contact.start();
  await pass(10_000);
  expect(world.asked.log).toBe(8);
  contact.close();
  const before = world.asked.peers;
  await pass(1_000);
  expect(world.asked.peers).toBe(before);
});
