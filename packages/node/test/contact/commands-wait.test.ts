import { virtualClock } from '@canswarm/memory';
import { StorageError } from '@canswarm/ports';
import { describe, expect, it } from 'vitest';
import { Appender } from '../../src/appender.ts';
import { LogAwayError } from '../../src/log-away-error.ts';
import { LogGate } from '../../src/log-gate.ts';

const entry = (byte: number): Uint8Array => Uint8Array.of(byte);

function appenderOn() {
  const clock = virtualClock();
  const log = { fails: null as Error | null, taken: [] as number[][], asked: 0 };
  const ended: unknown[] = [];
  const appender = new Appender({
    shard: 's',
    clock,
    log: {
      append: async (_, entries) => {
        log.asked += 1;
        if (log.fails !== null) throw log.fails;
        log.taken.push(entries.map(([byte = -1]) => byte));
      },
    },
    onAppend: (error) => ended.push(error),
  });
  const pass = async (ms: number): Promise<void> =>
    void (await clock.runUntil(() => false, { untilMs: clock.now() + ms }));
  return { clock, log, ended, appender, pass };
}

describe('what is appended', () => {
  it('waits for a log that fails if somebody was told of it, and is left otherwise', async () => {
    const { log, appender, pass } = appenderOn();
    log.fails = new StorageError('io', 'no way there');
    appender.append([entry(1), entry(2)], true);
    appender.append([entry(3)], false);
    await pass(60_000);
    expect([log.asked, appender.waiting, appender.trouble(50)]).toEqual([14, 2, 'no way there']);
    appender.resume();
    await pass(60_000);
    expect([log.asked, appender.waiting]).toEqual([15, 2]);
    log.fails = null;
    appender.resume();
    await pass(0);
    expect([log.taken, appender.waiting, appender.trouble(50)]).toEqual([[[1, 2]], 0, null]);
  });

  it('does not wait where it is not the log that fails', async () => {
    const { log, appender, pass } = appenderOn();
    log.fails = new RangeError('too large');
    appender.append([entry(1)], true);
    await pass(60_000);
    expect([appender.waiting, appender.trouble(50)]).toEqual([0, null]);
  });

  it('waits within a bound', async () => {
    const { log, appender, pass } = appenderOn();
    log.fails = new StorageError('io', 'no way there');
    for (let at = 0; at < 1_030; at += 1) appender.append([entry(1)], true);
    await pass(60_000);
    expect(appender.waiting).toBe(1_024);
  });

  it('is trouble once it is not taken in time', async () => {
    const clock = virtualClock();
    const append = () => new Promise<void>((resolve) => clock.schedule(300, resolve));
    const appender = new Appender({ shard: 's', clock, log: { append }, onAppend: () => undefined });
    appender.append([entry(1)], true);
    await clock.runUntil(() => false, { untilMs: 100 });
    expect(appender.trouble(100)).toBe(null);
    await clock.runUntil(() => false, { untilMs: 200 });
    expect(appender.trouble(100)).toContain('200 ms');
    await clock.runUntil(() => false, { untilMs: 400 });
    expect(appender.trouble(100)).toBe(null);
  });
});

describe('what is appended to a log of which a part is away', () => {
  /** Parts by the tens of an entry's byte; the second takes nothing. */
  function partsOn() {
    const clock = virtualClock();
    const log = { isAway: true, taken: [] as number[][] };
    const partOf = ([byte = 0]: Uint8Array): number => Math.floor(byte / 10);
    const append = async (_: string, entries: readonly Uint8Array[]): Promise<void> => {
      if (log.isAway && entries.some((one) => partOf(one) === 1)) {
        await new Promise<void>((resolve) => clock.schedule(15_000, resolve));
        throw new StorageError('io', 'a part is away', { isPart: true });
      }
      log.taken.push(entries.map(([byte = -1]) => byte));
    };
    const appender = new Appender({ shard: 's', clock, log: { append, partOf }, onAppend: () => undefined });
    const pass = async (ms: number): Promise<void> =>
      void (await clock.runUntil(() => false, { untilMs: clock.now() + ms }));
    return { clock, log, appender, pass };
  }

  it('goes in at once where it needs not that part, and is no trouble of the log', async () => {
    const { log, appender, pass } = partsOn();
    appender.append([entry(1), entry(11), entry(2), entry(21), entry(12)], false);
    await pass(1);
    expect(log.taken).toEqual([[1, 2], [21]]);
    for (let looks = 0; looks < 120; looks += 1) {
      await pass(1_000);
      expect(appender.trouble(1_000)).toBe(null);
    }
    expect(log.taken).toEqual([[1, 2], [21]]);
  });

  it('waits if somebody was told of it, however long, without the log counting as lost, and goes in when the part is back', async () => {
    const { log, appender, pass } = partsOn();
    appender.append([entry(11), entry(1)], true);
    await pass(600_000);
    expect([log.taken, appender.trouble(1_000)]).toEqual([[[1]], null]);
    log.isAway = false;
    await pass(20_000);
    expect([log.taken, appender.waiting, appender.trouble(1_000)]).toEqual([[[1], [11]], 0, null]);
  });

  it('is trouble of the log where all of it fails', async () => {
    const clock = virtualClock();
    const append = () => Promise.reject(new StorageError('full', 'no space'));
    const appender = new Appender({
      ...{ shard: 's', clock, onAppend: () => undefined },
      log: { append, partOf: () => 0 },
    });
    appender.append([entry(1)], true);
    await clock.runUntil(() => false, { untilMs: 60_000 });
    expect([appender.waiting, appender.trouble(1_000)]).toEqual([1, 'no space']);
  });
});

describe('a command', () => {
  function gateOn() {
    const clock = virtualClock();
    const sight = { lost: true, since: 0, why: 'no way there' as string | null };
    const gate = new LogGate({ clock, waitMs: 500, log: () => sight });
    const said: number[] = [];
    const refused: Error[] = [];
    const pass = (name: number) =>
      gate.pass(
        () => said.push(name),
        (error) => refused.push(error),
      );
    return { clock, sight, gate, said, refused, pass };
  }

  it('passes at once while the log is there', () => {
    const { sight, said, pass } = gateOn();
    sight.lost = false;
    pass(1);
    expect(said).toEqual([1]);
  });

  it('waits for a log that is lost, and passes in its order once that is back', async () => {
    const { clock, gate, said, refused, pass } = gateOn();
    for (const name of [1, 2, 3]) pass(name);
    await clock.runUntil(() => false, { untilMs: 499 });
    expect([said, gate.waiting]).toEqual([[], 3]);
    gate.open();
    await clock.runUntil(() => false, { untilMs: 9_999 });
    expect([said, refused, gate.waiting]).toEqual([[1, 2, 3], [], 0]);
  });

  it('is refused when it waited long enough, says why, and never passes', async () => {
    const { clock, gate, said, refused, pass } = gateOn();
    pass(1);
    await clock.runUntil(() => false, { untilMs: 500 });
    expect(refused).toEqual([expect.any(LogAwayError)]);
    expect(refused[0]?.message).toContain('no way there');
    gate.open();
    expect(said).toEqual([]);
  });

  it('is refused where too many wait', () => {
    const { gate, refused, pass } = gateOn();
    for (let name = 0; name <= 256; name += 1) pass(name);
    expect([gate.waiting, refused.length]).toEqual([256, 1]);
    gate.close();
    expect([gate.waiting, refused.length]).toEqual([0, 257]);
  });
});
