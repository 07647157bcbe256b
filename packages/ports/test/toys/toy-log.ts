import { toHex } from '@canswarm/protocol';
import type { DecisionLogHarness } from '../../src/compliance/index.ts';
import {
  assertAppend,
  assertCursor,
  assertShard,
  type DecisionLog,
  LOG_FOLLOW_MAX,
  type LogRecord,
  type RecordsHandler,
  StorageError,
  type Subscription,
} from '../../src/index.ts';
import { sha256, soon, toyWorld } from './toy-world.ts';

export type LogFault =
  | 'turns entries around'
  | 'keeps repeats'
  | 'has one shard'
  | 'adds before it checks'
  | 'shares its arrays'
  | 'loses a record'
  | 'delivers while one is busy'
  | 'delivers inside follow'
  | 'goes on after close'
  | "swallows the handler's error"
  | 'works after its close'
  | 'forgets on close'
  | 'keeps handles apart';

type Disk = Map<string, LogRecord[]>;

class ToyLog implements DecisionLog {
  readonly #disk: Disk;
  readonly #fault: LogFault | null;
  readonly #subscriptions = new Set<Subscription>();
  #closed = false;

  constructor(disk: Disk, fault: LogFault | null) {
    this.#disk = disk;
    this.#fault = fault;
  }

  async append(shard: string, entries: readonly Uint8Array[]): Promise<void> {
    this.#assertOpen();
    if (this.#fault === 'adds before it checks') this.#add(shard, entries.slice(0, 1));
    assertAppend(shard, entries);
    const own = this.#fault === 'shares its arrays' ? entries : entries.map((entry) => entry.slice());
    await soon();
    this.#add(shard, this.#fault === 'turns entries around' ? own.toReversed() : own);
  }

  #records(shard: string): LogRecord[] {
    const name = this.#fault === 'has one shard' ? 'main' : shard;
    const records = this.#disk.get(name) ?? [];
    this.#disk.set(name, records);
    return records;
  }

  #add(shard: string, entries: readonly Uint8Array[]): void {
    const records = this.#records(shard);
    for (const bytes of entries) {
      const isKnown = records.some((record) => toHex(sha256(record.bytes)) === toHex(sha256(bytes)));
      if (!isKnown || this.#fault === 'keeps repeats') records.push({ cursor: records.length + 1, bytes });
    }
  }

  follow(shard: string, after: number, onRecords: RecordsHandler): Subscription {
    this.#assertOpen();
    assertShard(shard);
    assertCursor(after);
    let over = false;
    const running = this.#run(shard, after, onRecords, () => over && this.#fault !== 'goes on after close');
    const subscription: Subscription = {
      ended: running,
      close: async () => {
        over = true;
        await running.catch(() => {});
      },
    };
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async #run(shard: string, after: number, onRecords: RecordsHandler, isOver: () => boolean): Promise<void> {
    let cursor = this.#fault === 'loses a record' ? after + 1 : after;
    if (this.#fault !== 'delivers inside follow') await soon();
    for (const giveUpMs = performance.now() + 1000; !isOver() && performance.now() < giveUpMs; await soon()) {
      const records = this.#records(shard).slice(cursor, cursor + LOG_FOLLOW_MAX);
      cursor += records.length;
      if (records.length === 0) continue;
      const own =
        this.#fault === 'shares its arrays' ? records : records.map((each) => ({ ...each, bytes: each.bytes.slice() }));
      const handled = (async () => onRecords(own))();
      if (this.#fault === "swallows the handler's error") await handled.catch(() => {});
      else if (this.#fault !== 'delivers while one is busy') await handled;
    }
  }

  async head(shard: string): Promise<number> {
    this.#assertOpen();
    assertShard(shard);
    return this.#records(shard).length;
  }

  async close(): Promise<void> {
    this.#closed = this.#fault !== 'works after its close';
    await soon();
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
    if (this.#fault === 'forgets on close') this.#disk.clear();
  }

  #assertOpen(): void {
    if (this.#closed) throw new StorageError('closed', 'the toy is closed');
  }
}

export function toyLog(fault: LogFault | null): DecisionLogHarness {
  const disk: Disk = new Map();
  const opened: DecisionLog[] = [];
  const open = (on: Disk): DecisionLog => {
    const log = new ToyLog(on, fault);
    opened.push(log);
    return log;
  };
  return {
    ...toyWorld(400),
    log: open(disk),
    second: async () => open(fault === 'keeps handles apart' ? new Map() : disk),
    reopen: async () => open(disk),
    dispose: async () => {
      await Promise.all(opened.map((log) => log.close()));
    },
  };
}
