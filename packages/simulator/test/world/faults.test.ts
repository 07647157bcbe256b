import { memoryLog } from '@canswarm/memory';
import { StorageError } from '@canswarm/ports';
import { utf8 } from '@canswarm/protocol';
import { CREDIT, localCast } from 'canswarm';
import { describe, expect, it } from 'vitest';
import { quoteNeed } from '../../src/workload/quote-need.ts';
import { publishQuoteTask, QUOTE_SKILL } from '../../src/workload/quote-skill.ts';
import { simulatedDisk } from '../../src/world/disk.ts';
import { LogLink } from '../../src/world/log-link.ts';
import { nodeClock } from '../../src/world/node-clock.ts';
import { Pace } from '../../src/world/pace.ts';
import { SimulatedWeather } from '../../src/world/weather.ts';
import { createWorld, randomOf } from '../../src/world/world.ts';
import { atRest, sha256 } from '../support.ts';

const put = (key: string, value: string) => [{ key, value: utf8(value) }];
const text = (bytes: Uint8Array | undefined): string | null =>
  bytes === undefined ? null : new TextDecoder().decode(bytes);

describe('a disk', () => {
  it('loses the latest batches that were not synced when power fails, whole ones, and none before a sync', () => {
    const disk = simulatedDisk(() => undefined);
    const store = disk.mount();
    store.batch(put('a', 'synced'), { sync: true });
    store.batch([...put('a', 'second'), ...put('b', 'second')], { sync: false });
    store.batch(put('b', 'third'), { sync: false });
    store.batch(put('c', 'third'), { sync: false });
    expect(disk.cut(2)).toBe(2);
    expect(() => store.get('a')).toThrow(StorageError);
    const next = disk.mount();
    expect(['a', 'b', 'c'].map((key) => text(next.get(key)))).toEqual(['second', 'second', null]);
    expect(disk.cut(9)).toBe(0);
  });

  it.each([
    [true, 'new'],
    [false, 'old'],
  ])('ends its machine inside a write, which is kept: %s', (isWritten, kept) => {
    let crashes = 0;
    const disk = simulatedDisk(() => {
      crashes += 1;
    });
    const store = disk.mount();
    store.batch(put('a', 'old'), { sync: true });
    disk.crashAt(2, isWritten);
    store.batch(put('b', 'first'), { sync: true });
    expect(() => store.batch(put('a', 'new'), { sync: true })).toThrow('died');
    expect(crashes).toBe(1);
    const next = disk.mount();
    expect([text(next.get('a')), text(next.get('b'))]).toEqual([kept, 'first']);
  });

  it('keeps nothing while it is full', () => {
    const disk = simulatedDisk(() => undefined);
    const store = disk.mount();
    disk.fill(true);
    expect(() => store.batch(put('a', 'x'), { sync: true })).toThrow(expect.objectContaining({ code: 'full' }));
    disk.fill(false);
    store.batch(put('a', 'x'), { sync: true });
    expect(text(store.get('a'))).toBe('x');
  });
});

describe('a way to the log', () => {
  const always = { lostPerMillion: 0, unansweredPerMillion: 1_000_000, timeoutMs: { min: 5, max: 5 } };

  it('may lose an answer, and the entry is there', async () => {
    const world = atRest();
    const log = memoryLog({ clock: world.clock, random: randomOf('world'), sha256 });
    const link = new LogLink(log, world.clock, randomOf('world').stream('link'), always);
    await expect(world.drive(link.open().append('s', [utf8('x')]))).rejects.toMatchObject({ code: 'io' });
    expect(await log.head('s')).toBe(1);
    link.calm();
    await world.drive(link.open().append('s', [utf8('y')]));
    expect(await log.head('s')).toBe(2);
  });

  it('hands nothing over while it is cut, and all of it afterwards', async () => {
    const world = atRest();
    const log = memoryLog({ clock: world.clock, random: randomOf('world'), sha256 });
    const link = new LogLink(log, world.clock, randomOf('world').stream('link'), {
      ...always,
      unansweredPerMillion: 0,
    });
    const seen: number[] = [];
    link.open().follow('s', 0, (records) => {
      seen.push(...records.map(({ cursor }) => cursor));
    });
    link.cut();
    await world.drive(log.append('s', [utf8('a'), utf8('b')]));
    await expect(world.drive(link.open().append('s', [utf8('c')]))).rejects.toMatchObject({ code: 'io' });
    await world.settle();
    expect([seen, await log.head('s')]).toEqual([[], 2]);
    link.heal();
    await world.settle();
    expect(seen).toEqual([1, 2]);
  });
});

describe('the weather', () => {
  const calm = { min: 1, max: 1 };
  const dry = {
    latencyMs: calm,
    slowPerMillion: 0,
    slowMs: { min: 0, max: 0 },
    lossPerMillion: 0,
    duplicatePerMillion: 0,
  };

  it('cuts, deafens, clogs, and heals each way apart', () => {
    const weather = new SimulatedWeather(dry, randomOf('world'), () => 100);
    weather.cut(['a'], ['b'], true);
    weather.deafen(['b'], ['c']);
    weather.clog(['c'], ['a'], 150);
    const ways = (...pairs: readonly [string, string][]) =>
      pairs.map(([from, to]) => [weather.reaches(from, to), weather.deliveries(from, to)]);
    expect(ways(['a', 'b'], ['b', 'a'], ['b', 'c'], ['c', 'b'], ['c', 'a'])).toEqual([
      [false, []],
      [true, [1]],
      [true, []],
      [true, [1]],
      [true, [51]],
    ]);
    weather.heal();
    expect(ways(['a', 'b'], ['b', 'c'], ['c', 'a'])).toEqual([
      [true, [1]],
      [true, [1]],
      [true, [1]],
    ]);
  });

  it('loses and doubles as often as it should, and nothing once it is calm', () => {
    const weather = new SimulatedWeather(
      { ...dry, lossPerMillion: 300_000, duplicatePerMillion: 100_000 },
      randomOf('world'),
      () => 0,
    );
    const copies = Array.from({ length: 5_000 }, () => weather.deliveries('a', 'b').length);
    const share = (count: number) => copies.filter((one) => one === count).length / copies.length;
    expect(share(0)).toBeCloseTo(0.3, 1);
    expect(share(2)).toBeCloseTo(0.07, 1);
    weather.calm();
    expect(new Set(Array.from({ length: 500 }, () => weather.deliveries('a', 'b').length))).toEqual(new Set([1]));
  });
});

describe('the clock of a machine', () => {
  it('is ahead, gains, and is never set back', async () => {
    const world = atRest();
    let fault = { skewMs: 100, driftPerMillion: 500_000 };
    const own = nodeClock(world.clock, () => fault);
    const times = [own.now()];
    let rang = 0;
    own.schedule(300, () => {
      rang = world.clock.now();
    });
    await world.clock.runUntil(() => false, { untilMs: 1_000 });
    times.push(own.now());
    fault = { skewMs: 0, driftPerMillion: 0 };
    times.push(own.now());
    expect([times, rang]).toEqual([[100, 1_600, 1_600], 200]);
  });
});

describe('the pace of a machine', () => {
  it('delays each step, keeps their order, and does nothing once it is over', async () => {
    const { clock } = atRest();
    const pace = new Pace(clock, (step) => step());
    const own = pace.clock(clock);
    const done: [string, number][] = [];
    const note = (what: string) => () => void done.push([what, clock.now()]);
    own.schedule(10, note('in time'));
    own.schedule(20, note('slow'));
    own.schedule(60, note('after the slow one'));
    own.schedule(900, note('never'));
    own.schedule(30, note('cancelled'))();
    clock.schedule(15, () => pace.slow(100));
    clock.schedule(50, () => pace.slow(0));
    clock.schedule(500, () => pace.end());
    await clock.runUntil(() => false, { untilMs: 1_000 });
    expect(done).toEqual([
      ['in time', 10],
      ['slow', 120],
      ['after the slow one', 120],
    ]);
  });
});

describe('a machine', () => {
  const cast = localCast({
    skill: QUOTE_SKILL,
    workers: [],
    evaluate: 'honest',
    inspect: null,
    stake: CREDIT,
    free: 100 * CREDIT,
  });

  it.each(['step', 'word'] as const)('dies at a %s, before it or after it, and runs on after a restart', async (at) => {
    const { network, machines, clock, content, ...world } = createWorld({ seed: 'machine', cast, hosts: 3 });
    const { did, node } = network.person('requester');
    const machine = [...machines.values()].find((one) => one.node !== node);
    if (machine === undefined) throw new Error('there are other machines than that of the requester');
    network.start();
    for (const isDone of [false, true]) {
      const before = machine.crashes;
      machine.crashAt(at, 1, isDone, 0);
      const task = await clock.settled(publishQuoteTask('Word for word.', content, sha256));
      await clock.settled(node.postNeed(did, quoteNeed(task, { goal: String(isDone) })));
      await clock.runUntil(() => machine.node === null, { untilMs: clock.now() + 5_000 });
      expect([machine.node, machine.crashes]).toEqual([null, before + 1]);
      world.restart(machine.name);
      await clock.runUntil(() => machine.node?.state.position === node.state.position, {
        untilMs: clock.now() + 5_000,
      });
      expect(machine.node?.state.position).toBe(node.state.position);
    }
  });
});
