import { expect } from 'vitest';
import {
  type DecisionLog,
  LOG_APPEND_MAX,
  LOG_ENTRY_BYTES_MAX,
  LOG_FOLLOW_MAX,
  type LogRecord,
  type Subscription,
} from '../decision-log.ts';
import { StorageError } from '../storage-error.ts';
import { expectCode, hex, rejectionOf, signal, thrownBy, utf8 } from './fixtures.ts';
import { type Check, registerSuite, type World } from './suite.ts';

export interface DecisionLogHarness extends World {
  readonly log: DecisionLog;
  /** Opens the same log by another handle, as another process would; null where there is only one handle. */
  readonly second: (() => Promise<DecisionLog>) | null;
  /** Opens what `log` left behind after its close; null for a log that lives in memory. */
  readonly reopen: (() => Promise<DecisionLog>) | null;
}

/** A follower that collects; `upTo(n)` resolves once it has n records. */
interface Reader {
  readonly records: LogRecord[];
  readonly subscription: Subscription;
  texts(): readonly string[];
  upTo(count: number): Promise<void>;
}

function read(log: DecisionLog, shard = 'main', after = 0): Reader {
  const records: LogRecord[] = [];
  let wanted = { count: Number.POSITIVE_INFINITY, reached: () => {} };
  const subscription = log.follow(shard, after, (batch) => {
    records.push(...batch);
    if (records.length >= wanted.count) wanted.reached();
  });
  return {
    records,
    subscription,
    texts: () => records.map((record) => new TextDecoder().decode(record.bytes)),
    upTo: async (count) => {
      if (records.length >= count) return;
      const reached = signal();
      wanted = { count, reached: () => reached.resolve() };
      await reached.promise;
    },
  };
}

const entries = (...texts: readonly string[]): Uint8Array[] => texts.map(utf8);

const orderChecks: readonly Check<DecisionLogHarness>[] = [
  {
    name: 'keeps the order given, with ascending cursors from 1, and head is the last',
    run: async ({ log, drive }) => {
      expect(await drive(log.head('main'))).toBe(0);
      await drive(log.append('main', entries('a', 'b')));
      await drive(log.append('main', entries('c')));
      const reader = read(log);
      await drive(reader.upTo(3));
      expect(reader.texts()).toEqual(['a', 'b', 'c']);
      const cursors = reader.records.map((record) => record.cursor);
      expect(cursors[0]).toBeGreaterThanOrEqual(1);
      expect(cursors.every((cursor) => Number.isSafeInteger(cursor))).toBe(true);
      expect([...new Set(cursors)].sort((x, y) => x - y)).toEqual(cursors);
      expect(await drive(log.head('main'))).toBe(cursors[2]);
    },
  },
  {
    name: 'an entry already there keeps its first place, within a call and across calls',
    run: async ({ log, drive, settle }) => {
      await drive(log.append('main', entries('a', 'b', 'a')));
      const head = await drive(log.head('main'));
      await drive(log.append('main', entries('b', 'a')));
      expect(await drive(log.head('main'))).toBe(head);
      await drive(Promise.all([log.append('main', entries('a', 'c')), log.append('main', entries('c', 'd'))]));
      const reader = read(log);
      await drive(reader.upTo(4));
      await settle();
      expect(reader.texts().slice(0, 2)).toEqual(['a', 'b']);
      expect(reader.texts().toSorted()).toEqual(['a', 'b', 'c', 'd']);
    },
  },
  {
    name: 'keeps shards apart',
    run: async ({ log, drive, settle }) => {
      await drive(log.append('one', entries('a', 'b')));
      await drive(log.append('two', entries('b')));
      expect(await drive(log.head('three'))).toBe(0);
      const [one, two] = [read(log, 'one'), read(log, 'two')];
      await drive(Promise.all([one.upTo(2), two.upTo(1)]));
      await settle();
      expect(one.texts()).toEqual(['a', 'b']);
      expect(two.texts()).toEqual(['b']);
    },
  },
  {
    name: 'adds all entries of a call or none, and says why it refuses',
    run: async ({ log, drive }) => {
      const tooLarge = new Uint8Array(LOG_ENTRY_BYTES_MAX + 1);
      const tooMany = Array.from({ length: LOG_APPEND_MAX + 1 }, (_, i) => utf8(`${i}`));
      const refused: readonly (readonly [string, readonly Uint8Array[], string])[] = [
        ['main', [utf8('a'), tooLarge], 'too_large'],
        ['main', tooMany, 'too_large'],
        ['main', [utf8('a'), new Uint8Array(0)], 'invalid'],
        ['Main', entries('a'), 'invalid'],
        ['', entries('a'), 'invalid'],
        ['x'.repeat(65), entries('a'), 'invalid'],
      ];
      for (const [shard, batch, code] of refused) {
        expectCode(await drive(rejectionOf(log.append(shard, batch))), StorageError, code);
      }
      expectCode(await drive(rejectionOf(log.head('Main'))), StorageError, 'invalid');
      for (const after of [-1, 0.5, Number.NaN]) {
        expectCode(
          thrownBy(() => log.follow('main', after, () => {})),
          StorageError,
          'invalid',
        );
      }
      expect(await drive(log.head('main'))).toBe(0);
      await drive(log.append('main', []));
      await drive(log.append('main', [new Uint8Array(LOG_ENTRY_BYTES_MAX)]));
      expect(await drive(log.head('main'))).toBeGreaterThan(0);
    },
  },
  {
    name: 'takes the bytes at the call and gives each reader its own',
    run: async ({ log, drive }) => {
      const mine = Uint8Array.of(1, 2, 3);
      const appended = log.append('main', [mine]);
      mine.fill(9);
      await drive(appended);
      const first = read(log);
      await drive(first.upTo(1));
      for (const record of first.records) {
        expect(hex(record.bytes)).toBe('010203');
        record.bytes.fill(7);
      }
      const second = read(log);
      await drive(second.upTo(1));
      expect(second.records.map((record) => hex(record.bytes))).toEqual(['010203']);
    },
  },
];

const followChecks: readonly Check<DecisionLogHarness>[] = [
  {
    name: 'follows from a cursor, then each new record, every reader seeing the same',
    run: async ({ log, drive, settle }) => {
      await drive(log.append('main', entries('a', 'b')));
      const all = read(log);
      await drive(all.upTo(2));
      const rest = read(log, 'main', all.records[0]?.cursor ?? Number.NaN);
      const fresh = read(log, 'main', await drive(log.head('main')));
      await drive(rest.upTo(1));
      const calls = Array.from({ length: 40 }, (_, i) => log.append('main', entries(`x${i}`, `y${i}`)));
      await drive(Promise.all(calls));
      await drive(Promise.all([all.upTo(82), rest.upTo(81), fresh.upTo(80)]));
      await settle();
      expect(new Set(all.texts()).size).toBe(82);
      expect(all.records).toHaveLength(82);
      expect(rest.records).toEqual(all.records.slice(1));
      expect(fresh.records).toEqual(all.records.slice(2));
      const order = all.texts();
      for (let i = 0; i < 40; i += 1) {
        expect(order.indexOf(`x${i}`)).toBeLessThan(order.indexOf(`y${i}`));
      }
    },
  },
  {
    name: 'hands over bounded batches, never inside follow, and the next only after the last settled',
    run: async ({ log, drive, settle }) => {
      const count = LOG_FOLLOW_MAX * 2 + 10;
      await drive(
        log.append(
          'main',
          Array.from({ length: count }, (_, i) => utf8(`${i}`)),
        ),
      );
      const sizes: number[] = [];
      const gates = [signal(), signal(), signal()];
      let running = 0;
      let overlaps = 0;
      const begun = [signal(), signal(), signal()];
      log.follow('main', 0, async (batch) => {
        running += 1;
        if (running > 1) overlaps += 1;
        const turn = sizes.push(batch.length) - 1;
        begun[turn]?.resolve();
        await gates[turn]?.promise;
        running -= 1;
      });
      const inside = sizes.length;
      try {
        for (const [turn, gate] of gates.entries()) {
          await drive(begun[turn]?.promise ?? Promise.reject(new Error('no such turn')));
          await drive(log.append('main', [utf8(`more ${turn}`)]));
          await settle();
          expect(sizes).toHaveLength(turn + 1);
          gate.resolve();
        }
      } finally {
        for (const gate of gates) gate.resolve();
      }
      expect([inside, overlaps]).toEqual([0, 0]);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(LOG_FOLLOW_MAX);
    },
  },
  {
    name: 'a closed subscription begins no further batch and ends',
    run: async ({ log, drive, settle }) => {
      const gate = signal();
      const begun = signal();
      let batches = 0;
      const subscription = log.follow('main', 0, async () => {
        batches += 1;
        begun.resolve();
        await gate.promise;
      });
      let closed = false;
      let closing = Promise.resolve();
      try {
        await drive(log.append('main', entries('a')));
        await drive(begun.promise);
        closing = subscription.close().then(() => {
          closed = true;
        });
        await drive(log.append('main', entries('b')));
        await settle();
        expect(closed).toBe(false);
      } finally {
        gate.resolve();
      }
      await drive(Promise.all([closing, subscription.ended, subscription.close()]));
      await settle();
      expect(batches).toBe(1);
    },
  },
  {
    name: 'a handler that fails ends its subscription with that error, and no other',
    run: async ({ log, drive, settle }) => {
      const failure = new Error('the handler cannot go on');
      let calls = 0;
      const failing = log.follow('main', 0, async () => {
        calls += 1;
        throw failure;
      });
      const ended = rejectionOf(failing.ended);
      const reader = read(log);
      await drive(log.append('main', entries('a')));
      expect(await drive(ended)).toBe(failure);
      await drive(log.append('main', entries('b')));
      await drive(reader.upTo(2));
      await settle();
      expect(calls).toBe(1);
      await drive(failing.close());
    },
  },
];

const lifeChecks: readonly Check<DecisionLogHarness>[] = [
  {
    name: 'close lets appends finish, ends subscriptions and refuses what comes later',
    run: async ({ log, drive }) => {
      const reader = read(log);
      const appended = log.append('main', entries('a'));
      const closing = log.close();
      await drive(Promise.all([appended, closing, log.close(), reader.subscription.ended]));
      expectCode(await drive(rejectionOf(log.append('main', entries('b')))), StorageError, 'closed');
      expectCode(await drive(rejectionOf(log.head('main'))), StorageError, 'closed');
      expectCode(
        thrownBy(() => log.follow('main', 0, () => {})),
        StorageError,
        'closed',
      );
    },
  },
  {
    name: 'keeps everything across a close',
    lacks: ({ reopen }) => (reopen === null ? 'this log lives in memory' : null),
    run: async ({ log, reopen, drive, settle }) => {
      await drive(log.append('main', entries('a', 'b')));
      const before = read(log);
      await drive(before.upTo(2));
      await drive(log.close());
      const again = reopen === null ? log : await reopen();
      await drive(again.append('main', entries('b', 'c')));
      const after = read(again);
      await drive(after.upTo(3));
      await settle();
      expect(after.texts()).toEqual(['a', 'b', 'c']);
      expect(after.records.slice(0, 2)).toEqual(before.records);
      await drive(again.close());
    },
  },
  {
    name: 'several handles see one order',
    lacks: ({ second }) => (second === null ? 'there is only one handle to this log' : null),
    run: async ({ log, second, drive, settle }) => {
      const other = second === null ? log : await second();
      const [mine, theirs] = [read(log), read(other)];
      const calls = Array.from({ length: 20 }, (_, i) => [
        log.append('main', entries(`a${i}`, 'both')),
        other.append('main', entries(`b${i}`, 'both')),
      ]);
      await drive(Promise.all(calls.flat()));
      await drive(Promise.all([mine.upTo(41), theirs.upTo(41)]));
      await settle();
      expect(mine.records).toHaveLength(41);
      expect(theirs.records).toEqual(mine.records);
      expect(new Set(mine.texts()).size).toBe(41);
      await drive(other.close());
    },
  },
];

export const decisionLogChecks: readonly Check<DecisionLogHarness>[] = [...orderChecks, ...followChecks, ...lifeChecks];

/** What every `DecisionLog` must do. */
export function decisionLogCompliance(
  name: string,
  make: () => DecisionLogHarness | Promise<DecisionLogHarness>,
): void {
  registerSuite(`${name} is a DecisionLog`, decisionLogChecks, make);
}
