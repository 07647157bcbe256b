import { randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqliteLog } from '@canswarm/log-sqlite';
import type { DecisionLog } from '@canswarm/ports';
import { figure, median } from '../measure.ts';
import type { Metrics } from '../metrics.ts';

const ROUNDS = 7;
const TURNS = 40;
/** Entries of one turn, each appended on its own. */
const GROUP = 64;
const ENTRY_BYTES = 700;

/** Entries a second that are durable: group commit of single appends over SQLite alone, told to commit as many at once. */
export async function appendBench(say: (line: string) => void): Promise<Metrics> {
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-bench-'));
  const log = sqliteLog({ path: join(folder, 'log.sqlite') });
  const bare = new DatabaseSync(join(folder, 'bare.sqlite'));
  bare.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE entries (cursor INTEGER PRIMARY KEY, bytes BLOB)',
  );
  try {
    const seen = { log: [] as number[], bare: [] as number[] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      const [ours, theirs] = [await throughLog(log), throughSqlite(bare)];
      // The first round warms up.
      if (round > 0) {
        seen.log.push(ours);
        seen.bare.push(theirs);
      }
    }
    const [ours, theirs] = [median(seen.log), median(seen.bare)];
    say(`bus: ${figure(ours)} entries/s through the log, ${figure(theirs)} through SQLite alone`);
    return { 'log.appendPerSecond': figure(ours), 'log.appendRatioToBare': figure(ours / theirs) };
  } finally {
    await log.close();
    bare.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const entries = (): readonly Uint8Array[] =>
  Array.from({ length: GROUP }, () => randomFillSync(new Uint8Array(ENTRY_BYTES)));

async function throughLog(log: DecisionLog): Promise<number> {
  const turns = Array.from({ length: TURNS }, entries);
  const start = performance.now();
  for (const turn of turns) await Promise.all(turn.map((entry) => log.append('s', [entry])));
  return (TURNS * GROUP * 1_000) / (performance.now() - start);
}

function throughSqlite(db: DatabaseSync): number {
  const turns = Array.from({ length: TURNS }, entries);
  const insert = db.prepare('INSERT INTO entries (bytes) VALUES (?)');
  const start = performance.now();
  for (const turn of turns) {
    db.exec('BEGIN IMMEDIATE');
    for (const entry of turn) insert.run(entry);
    db.exec('COMMIT');
  }
  return (TURNS * GROUP * 1_000) / (performance.now() - start);
}
