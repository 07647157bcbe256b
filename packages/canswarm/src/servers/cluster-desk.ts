import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeText } from '../home/files.ts';
import { tryLock } from '../home/lock.ts';
import { type FileFormat, formatJson, newestVersion, readVersioned } from '../home/versioned-file.ts';
import { HostError } from '../host/host-error.ts';
import { Fields } from '../host/json-fields.ts';
import type { EtcdMember } from './etcd-member.ts';

const FORMAT: FileFormat = { kind: 'running cluster file', privacy: 'public', bytesMax: 65_536, migrations: [] };
const [LOCK, NOTE] = ['running.lock', 'running.json'];
const PID_MAX = 2 ** 31 - 1;
/** Lookers hold the lock for an instant; whoever wants to keep it waits them out. */
const WAIT_MS = 500;
const LOOK_MS = 50;
/** How long a member may take to start or to end, ms. */
const DONE_MS = 30_000;

/** A member as the process that runs its cluster tells it; without `pid` it does not run. */
export interface MemberNote {
  readonly name: string;
  readonly pid: number | null;
  readonly endpoint: string;
}

/** What is asked of one member of a cluster that runs. */
export type MemberWish = 'start' | 'stop';

/** A cluster's members as the process sees them that runs them. */
export interface ClusterMembers {
  readonly members: readonly Pick<EtcdMember, 'name' | 'pid' | 'clientUrl' | 'start' | 'stop'>[];
}

/**
 * The one process that runs the cluster of a folder. It holds a lock, which ends with it, and says beside it what runs; other processes ask it to
 * start or stop one member by a file that it takes away.
 */
export class ClusterDesk {
  readonly #folder: string;
  readonly #release: () => void;
  #told = '';

  private constructor(folder: string, release: () => void) {
    this.#folder = folder;
    this.#release = release;
  }

  /** Makes the folder when it is not there. Throws a HostError `node_running` where another process runs the cluster. */
  static take(folder: string): ClusterDesk {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = tryLock(join(folder, LOCK), WAIT_MS);
    if (lock === null) throw taken(readNote(folder));
    const desk = new ClusterDesk(folder, () => lock.release());
    desk.#clear();
    return desk;
  }

  /** Does what is asked until it is interrupted or no member runs. Tells of every member that ended, and whether that was asked. */
  async attend(
    { members }: ClusterMembers,
    signal: AbortSignal,
    onEnded: (name: string, asked: boolean) => void,
  ): Promise<void> {
    let ran = new Set(members.map(({ name }) => name));
    while (!signal.aborted) {
      for (const member of members) {
        const asked = this.#takeWish(member.name, 'stop');
        if (asked) await member.stop();
        if (member.pid === null && ran.has(member.name)) onEnded(member.name, asked);
        if (this.#takeWish(member.name, 'start')) member.start();
      }
      const running = members.filter(({ pid }) => pid !== null);
      ran = new Set(running.map(({ name }) => name));
      this.#tell(members.map(({ name, pid, clientUrl }) => ({ name, pid, endpoint: clientUrl })));
      if (running.length === 0) return;
      await delay(LOOK_MS);
    }
  }

  close(): void {
    this.#clear();
    this.#release();
  }

  #takeWish(name: string, wish: MemberWish): boolean {
    const path = wishPath(this.#folder, name, wish);
    if (!existsSync(path)) return false;
    rmSync(path, { force: true });
    return true;
  }

  #tell(members: readonly MemberNote[]): void {
    const text = formatJson({ version: newestVersion(FORMAT), members });
    if (text !== this.#told) writeText(join(this.#folder, NOTE), text);
    this.#told = text;
  }

  /** What an earlier life left that did not end in order. */
  #clear(): void {
    const wishes = readdirSync(this.#folder).filter((name) => /^m\d+\.(start|stop)$/.test(name));
    for (const name of [NOTE, ...wishes]) rmSync(join(this.#folder, name), { force: true });
  }
}

/**
 * Has the process that runs the cluster of a folder start or stop one member; resolves when that runs or ended, with how it is then. Rejects
 * with a HostError, or a HomeError.
 */
export async function askMember(folder: string, name: string, wish: MemberWish): Promise<MemberNote> {
  if (!isRun(folder)) throw notRun();
  const members = readNote(folder);
  const find = (all: readonly MemberNote[]): MemberNote | undefined => all.find((one) => one.name === name);
  const before = find(members);
  if (before === undefined) {
    const names = members.map((one) => one.name).join(', ');
    const hint = names === '' ? 'It is starting: try again in a moment.' : `It has: ${names}`;
    throw new HostError('usage', `the cluster has no member "${name}"`, hint);
  }
  writeText(wishPath(folder, name, wish), '');
  for (const until = Date.now() + DONE_MS; Date.now() < until; await delay(LOOK_MS)) {
    const isTaken = !existsSync(wishPath(folder, name, wish));
    const now = find(readNote(folder));
    if (isTaken && now !== undefined && (now.pid !== null) === (wish === 'start')) return now;
    if (isRun(folder)) continue;
    // It ended with its last member.
    if (wish === 'stop') return { ...before, pid: null };
    throw notRun();
  }
  const todo = `Read its words: ${join(folder, `${name}.log`)}`;
  throw new HostError('node_failed', `the etcd member ${name} did not ${wish} within ${DONE_MS / 1000} s`, todo);
}

/** Whether a process runs the cluster of a folder. */
function isRun(folder: string): boolean {
  const path = join(folder, LOCK);
  if (!existsSync(path)) return false;
  const lock = tryLock(path, 0);
  lock?.release();
  return lock === null;
}

const notRun = (): HostError =>
  new HostError('node_not_running', 'no cluster of this home runs', 'Start it with: canswarm cluster up');

function taken(members: readonly MemberNote[]): HostError {
  const running = members.map(
    ({ name, pid, endpoint }) => `${name} ${pid === null ? 'stopped' : `process ${pid}`} ${endpoint}`,
  );
  const what = `the cluster of this home runs already${running.length === 0 ? '' : `: ${running.join(', ')}`}`;
  const endpoints = members.map(({ endpoint }) => endpoint).join(',');
  const hint = [
    'Nothing was started. It ends with Ctrl-C where it was started; one member: canswarm cluster stop MEMBER, canswarm cluster start MEMBER',
    ...(endpoints === ''
      ? []
      : [`Let nodes use it: canswarm config set etcd.endpoints ${endpoints}; canswarm config set log etcd`]),
  ].join('\n');
  return new HostError('node_running', what, hint);
}

const wishPath = (folder: string, name: string, wish: MemberWish): string => join(folder, `${name}.${wish}`);

function readNote(folder: string): readonly MemberNote[] {
  const path = join(folder, NOTE);
  const document = readVersioned(path, FORMAT);
  if (document === null) return [];
  return new Fields(path, document).list('members').map((member) => ({
    name: member.text('name'),
    pid: member.integerOrNull('pid', 1, PID_MAX),
    endpoint: member.text('endpoint'),
  }));
}
