import { hash, randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { sqliteLog } from '@canswarm/log-sqlite';
import type { DecisionLog } from '@canswarm/ports';
import { figure, median } from '../measure.ts';
import type { Metrics } from '../metrics.ts';

const ROUNDS = 7;
const TURNS = 40;
/** Entries of one turn, each appended on its own. */
const GROUP = 64;
const ENTRY_BYTES = 700;

/** Entries a second that are durable: group commit of single appends, over SQLite alone that is told what to commit at once. */
export async function appendBench(say: (line: string) => void): Promise<Metrics> {
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-bench-'));
  const log = sqliteLog({ path: join(folder, 'log.sqlite') });
  const bare = bareTable(
    join(folder, 'bare.sqlite'),
    SAME_TABLE,
    'INSERT INTO entries (shard, hash, bytes) VALUES (?, ?, ?)',
  );
  const heap = bareTable(join(folder, 'heap.sqlite'), BYTES_ONLY, 'INSERT INTO entries (bytes) VALUES (?)');
  try {
    const seen = { log: [] as number[], bare: [] as number[], heap: [] as number[] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      const rates = {
        log: await throughLog(log),
        bare: throughSqlite(bare, (entry) => ['s', hash('sha256', entry, 'buffer'), entry]),
        heap: throughSqlite(heap, (entry) => [entry]),
      };
      // The first round warms up.
      if (round > 0) for (const name of ['log', 'bare', 'heap'] as const) seen[name].push(rates[name]);
    }
    const [ours, theirs, bytes] = [median(seen.log), median(seen.bare), median(seen.heap)];
    say(
      `bus: ${figure(ours)} entries/s through the log, ${figure(theirs)} into such a table, ${figure(bytes)} without keys`,
    );
    return {
      'log.appendPerSecond': figure(ours),
      'log.appendRatioToBare': figure(ours / theirs),
      'log.appendRatioToBytesOnly': figure(ours / bytes),
    };
  } finally {
    await log.close();
    bare.db.close();
    heap.db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the log must keep, so that an entry is found by shard and taken once: the work that SQLite has with any code. */
const SAME_TABLE = `CREATE TABLE entries (cursor INTEGER PRIMARY KEY AUTOINCREMENT, shard TEXT NOT NULL, hash BLOB NOT NULL,
  bytes BLOB NOT NULL, UNIQUE (shard, hash)) STRICT; CREATE INDEX by_shard ON entries (shard);`;
const BYTES_ONLY = 'CREATE TABLE entries (cursor INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;';

interface BareTable {
  readonly db: DatabaseSync;
  readonly insert: StatementSync;
}

function bareTable(path: string, schema: string, insert: string): BareTable {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${schema}`);
  return { db, insert: db.prepare(insert) };
}

const entries = (): readonly Uint8Array[] =>
  Array.from({ length: GROUP }, () => randomFillSync(new Uint8Array(ENTRY_BYTES)));

async function throughLog(log: DecisionLog): Promise<number> {
  const turns = Array.from({ length: TURNS }, entries);
  const start = performance.now();
  for (const turn of turns) await Promise.all(turn.map((entry) => log.append('s', [entry])));
  return (TURNS * GROUP * 1_000) / (performance.now() - start);
}

function throughSqlite({ db, insert }: BareTable, values: (entry: Uint8Array) => SQLInputValue[]): number {
  const turns = Array.from({ length: TURNS }, entries);
  const start = performance.now();
  for (const turn of turns) {
    db.exec('BEGIN IMMEDIATE');
    for (const entry of turn) insert.run(...values(entry));
    db.exec('COMMIT');
  }
  return (TURNS * GROUP * 1_000) / (performance.now() - start);
}
