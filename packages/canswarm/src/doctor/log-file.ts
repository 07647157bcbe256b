import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Finding } from './finding.ts';

const MEBIBYTE = 1024 * 1024;
const SPACE_LEAST = 8 * MEBIBYTE;
const SPACE_WARN = 256 * MEBIBYTE;
/** Writers take turns of a few milliseconds; who waits longer than this stands behind somebody that does not let go. */
const LOCK_MS = 1_500;
/** Checking a larger log takes too long to be done each time. */
const CHECK_BYTES_MAX = 256 * MEBIBYTE;

/** Looks whether the decision log's file is there, can be written, is whole and not held by somebody. Changes nothing. */
export function examineLog(path: string): Finding {
  const name = 'decision log';
  const finding = (status: Finding['status'], found: string, means: string, todo: string): Finding => ({
    name,
    status,
    found,
    means,
    todo,
  });
  if (!existsSync(path)) {
    const means = 'It is made when the first node starts. If nodes ran before, it was moved or removed.';
    return finding('warning', `${path} is not there yet`, means, 'If it was removed, restore it from a backup.');
  }
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    accessSync(dirname(path), constants.W_OK | constants.X_OK);
  } catch (error) {
    const means =
      'Nothing that nodes of this user say can count: the log takes it only from who may write its file and folder.';
    return finding(
      'failed',
      `${path} cannot be written: ${told(error)}`,
      means,
      'Repair owner and mode of file and folder.',
    );
  }
  try {
    const entries = probe(path);
    return finding('ok', `${path}, ${entries} records, takes writers`, '', '');
  } catch (error) {
    if (isBusy(error)) {
      const means = 'Nodes wait for it; what they say does not count until the holder lets go.';
      const todo = `End the program that holds it (fuser ${path}): a backup, a database browser, a hanging node.`;
      return finding('failed', `${path} is locked by another process`, means, todo);
    }
    const means = 'Nodes do not start on a log that is damaged.';
    return finding(
      'failed',
      `${path}: ${told(error)}`,
      means,
      'Restore it from a backup, or free the disk if that is full.',
    );
  }
}

/** Takes the write lock for a moment; gives the number of records. */
function probe(path: string): number {
  const db = new DatabaseSync(path, { timeout: LOCK_MS });
  try {
    db.exec('BEGIN IMMEDIATE');
    db.exec('ROLLBACK');
    if (statSync(path).size <= CHECK_BYTES_MAX) {
      const [row] = db.prepare('PRAGMA quick_check(1)').all();
      const answer = String(Object.values(row ?? {})[0]);
      if (answer !== 'ok') throw new Error(`it is damaged: ${answer}`);
    }
    return Number(db.prepare('SELECT count(*) AS records FROM entries').get()?.['records'] ?? 0);
  } finally {
    db.close();
  }
}

/** Looks at the free space of each disk that holds one of the paths; a disk with enough has no finding. */
export function examineSpace(paths: readonly string[]): readonly Finding[] {
  const disks = new Map<number, string>();
  for (const path of paths) {
    const place = existsSync(path) ? path : dirname(path);
    const device = statSync(place, { throwIfNoEntry: false })?.dev;
    if (device !== undefined && !disks.has(device)) disks.set(device, place);
  }
  return [...disks.values()].flatMap((place): readonly Finding[] => {
    const { bavail, bsize } = statfsSync(place);
    const free = bavail * bsize;
    if (free >= SPACE_WARN) return [];
    const status = free < SPACE_LEAST ? 'failed' : 'warning';
    const found = `${status === 'failed' ? 'the disk is full' : 'the disk fills up'}: ${Math.floor(free / MEBIBYTE)} MiB free at ${place}`;
    const means = 'Nodes stop rather than say what they could not keep. Nothing that is in the log is lost.';
    return [{ name: 'disk of the network', status, found, means, todo: 'Free some space, then: canswarm up' }];
  });
}

const told = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && ((error.errcode as number) & 0xff) === 5;
