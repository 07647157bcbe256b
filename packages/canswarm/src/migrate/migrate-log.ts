import type { LogMark, MovableLog } from '@canswarm/ports';
import { HostError } from '../host/host-error.ts';
import type { NetworkFolder, NodeFolder } from '../host/network-folder.ts';
import { takeNode } from '../host/node-lock.ts';
import { SHARD } from '../network/network.ts';
import type { LogAccount } from './log-account.ts';
import { type Copied, type CopyGround, copyLog } from './log-copy.ts';
import { otherLog } from './log-extension.ts';
import { readMigration, writeMigration } from './migration-file.ts';
import { dropPrepared, nodesOf, placeOf, prepare, switchNode, withStopped } from './switch-nodes.ts';

export interface MigrateOptions extends CopyGround {
  readonly folder: NetworkFolder;
  /** Where the log is to be, as nodes' files say it; `resume` ends what was interrupted, or follows where another home moved it. */
  readonly to: string | 'resume';
  /** Opens a log to move it. */
  readonly open: (place: string) => Promise<MovableLog>;
}

/** What a migration came to. */
export interface Migrated {
  readonly from: string;
  readonly to: string;
  readonly found: number;
  readonly copied: number;
  /** What both logs come to. */
  readonly account: LogAccount;
  readonly nodes: readonly string[];
}

/** A move that is under way: both logs, and what they are marked as. */
interface Move {
  readonly from: string;
  readonly to: string;
  readonly source: MovableLog;
  readonly target: MovableLog;
}

/**
 * Moves a network's log: copies it, proves that both logs hold the same and that the law makes the same of them, marks the old one as moved,
 * has the new one follow what came until then, and only then switches the nodes of this home. From the mark on nobody appends to the old log or
 * follows it, in no home, so there are never two that go on; what it holds stays, so the way back is the same way. The mark is set once: of two
 * homes that move one log at once one finds it marked, and follows. Interrupted before the mark nothing happened; after it the move is ended by
 * whoever resumes it, in any home. Rejects with a HostError or StorageError.
 */
export async function migrateLog(options: MigrateOptions): Promise<Migrated> {
  const { folder } = options;
  const nodes = nodesOf(folder);
  const { migrated, goesOn } = await withStopped(nodes, () => moveHeld(options, nodes));
  // The log may have been moved on from there before this home followed.
  return goesOn ? migrateLog({ ...options, to: 'resume' }) : migrated;
}

async function moveHeld(options: MigrateOptions, nodes: readonly NodeFolder[]) {
  const { folder, open } = options;
  const last = readMigration(folder);
  const pending = last?.phase === 'switching' ? last : null;
  const from = pending?.from ?? leftPlace(options, nodes);
  const source = await open(from);
  try {
    const mark = await source.mark();
    const to = placeTo(options, from, pending?.to ?? null, mark.place);
    const target = await open(to);
    try {
      const move = { from, to, source, target };
      const begun = mark.place === null && pending === null ? await begin(move, mark, nodes, options) : null;
      const settled = await settle(move, begun, options);
      if (begun === null && pending === null) await prepareAll(nodes, target, options);
      switchNodes(nodes, { from, to }, options);
      const { found, copied, account } = settled;
      const migrated = { from, to, found, copied, account, nodes: nodes.map(({ name }) => name) };
      const { place, turn } = await target.mark();
      return { migrated, goesOn: options.to === 'resume' && place !== null && turn > settled.turn };
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** What was copied before the old log was marked, and how far that had come. */
interface Begun extends Copied {
  readonly head: number;
}

/** Copies, proves, makes ready what nodes will remember, and marks the old log: the step after which the move is ended whatever happens. */
async function begin(move: Move, mark: LogMark, nodes: readonly NodeFolder[], options: MigrateOptions): Promise<Begun> {
  const { from, to, source, target } = move;
  const head = await source.head(SHARD);
  const copied = await copyLog(source, target, { isLeft: false }, options);
  await prepareAll(nodes, target, options);
  // Until the old one is left nobody may take the new one for the network's log.
  const there = await target.mark();
  const turn = Math.max(mark.turn, there.turn) + 1;
  const waits = there.place !== null || (await target.setMark({ place: from, turn }, there));
  options.onProgress(`the log at ${to} waits for the old one`);
  if (waits && (await source.setMark({ place: to, turn: turn + 1 }, mark))) {
    options.onProgress(`the log at ${from} takes nothing any more`);
    return { ...copied, head };
  }
  for (const node of nodes) dropPrepared(node);
  const place = (await source.mark()).place ?? to;
  throw new HostError(
    'log_moving',
    `another home moved the log at ${from} to ${place} meanwhile`,
    'Nothing was switched here. Follow it there: canswarm migrate log --resume',
  );
}

async function prepareAll(nodes: readonly NodeFolder[], target: MovableLog, { onProgress }: CopyGround): Promise<void> {
  for (const node of nodes) await prepare(node, target);
  onProgress('what the nodes remember is ready');
}

interface Settled extends Copied {
  /** In which turn the old log was left. */
  readonly turn: number;
}

/** Has the new log hold all that the old one took until it was left, and then take what comes. */
async function settle({ from, to, source, target }: Move, begun: Begun | null, ground: CopyGround): Promise<Settled> {
  const left = await source.mark();
  const isWhole = begun !== null && (await source.head(SHARD)) === begun.head;
  if (begun === null && (await source.head(SHARD)) > 0 && (await target.head(SHARD)) === 0)
    await assertReached(target, from);
  const whole = isWhole ? begun : await copyLog(source, target, { isLeft: true }, ground);
  const { turn } = left;
  // A log that was left later than this one was is not ours to take up again.
  for (let mark = await target.mark(); left.place === to && mark.turn < turn; mark = await target.mark())
    if (await target.setMark({ place: null, turn }, mark)) break;
  ground.onProgress(`the log at ${to} is the one that goes on`);
  if (begun === null || whole === begun) return { ...whole, turn };
  return { ...whole, found: begun.found, copied: begun.copied + whole.copied, turn };
}

/** An empty log that is not marked as waiting for the old one is none that the old one was moved to. */
async function assertReached(target: MovableLog, from: string): Promise<void> {
  if ((await target.mark()).place === from) return;
  throw otherLog('the log was moved there, and it is empty: is it reached from here?');
}

/** Also those that were made while the log was moved. */
function switchNodes(
  nodes: readonly NodeFolder[],
  move: { readonly from: string; readonly to: string },
  { folder, onProgress }: MigrateOptions,
): void {
  writeMigration(folder, { ...move, phase: 'switching' });
  onProgress('switching the nodes of this home');
  for (const node of nodes) {
    switchNode(node, move.to);
    onProgress(`${node.name} follows the log at ${move.to}`);
  }
  const known = new Set(nodes.map(({ name }) => name));
  for (const node of nodesOf(folder)) {
    if (known.has(node.name) || node.read().log !== move.from) continue;
    const lock = takeNode(node);
    try {
      dropPrepared(node);
      switchNode(node, move.to);
    } finally {
      lock.release();
    }
  }
  writeMigration(folder, { ...move, phase: 'done' });
}

/** Where nodes of this home have the log that is to be moved. A node that was made while it was moved last may have the old place. */
function leftPlace({ folder, to }: MigrateOptions, nodes: readonly NodeFolder[]): string {
  const last = readMigration(folder);
  const isBetween = nodes.every((node) => [last?.from, last?.to].includes(node.read().log));
  const isBehind = nodes.some((node) => node.read().log === last?.from);
  if (to === 'resume' && last !== null && isBetween && isBehind) return last.from;
  return placeOf(folder, nodes);
}

/** Where the log is to be. `pending`: where nodes of this home are being switched to; `mark`: where it was moved to, perhaps by another home. */
function placeTo({ folder, to }: MigrateOptions, from: string, pending: string | null, mark: string | null): string {
  const due = pending ?? mark;
  if (due !== null) {
    if (to === 'resume' || to === due) return due;
    const what =
      pending === null
        ? `the log at ${from} was moved to ${due}`
        : `the log of "${folder.name}" is being moved to ${due}`;
    const hint =
      'Nothing was changed. Have the nodes of this home follow it there first: canswarm migrate log --resume';
    throw new HostError('log_moving', what, hint);
  }
  if (to === 'resume')
    throw new HostError(
      'not_found',
      `no migration of "${folder.name}" was interrupted, and its log was not moved`,
      'Begin one: --to etcd or --to sqlite',
    );
  if (from === to)
    throw new HostError('usage', `the log of "${folder.name}" is at ${to} already`, 'Nothing was changed.');
  return to;
}

/** Where the last migration of a network came from: the way back. Throws a HostError where there was none. */
export function wayBack(folder: NetworkFolder): string {
  const last = readMigration(folder);
  if (last?.phase === 'done') return last.from;
  throw new HostError(
    'not_found',
    `no log of "${folder.name}" was moved here`,
    'Name the place: --to etcd or --to sqlite',
  );
}
