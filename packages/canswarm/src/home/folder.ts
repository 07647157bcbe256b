import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { attempt, HomeError } from './home-error.ts';
import { assertOwn } from './permissions.ts';

/** The environment of a process, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where canswarm keeps what outlives a command: `$CANSWARM_HOME`, or the data folder of the system. Absolute. */
export function dataFolder(env: Environment, platform: NodeJS.Platform): string {
  const { CANSWARM_HOME: own, XDG_DATA_HOME: xdg, LOCALAPPDATA: local } = env;
  if (own !== undefined && own !== '') return resolve(own);
  if (platform === 'win32') return join(local ?? join(homedir(), 'AppData', 'Local'), 'canswarm');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'canswarm');
  // The XDG base directory specification has relative paths ignored.
  const base = xdg?.startsWith('/') === true ? xdg : join(homedir(), '.local', 'share');
  return join(base, 'canswarm');
}

/** Makes a folder of mode 0700 with those above it; one that is there must be this user's alone. */
export function makePrivateFolder(path: string): void {
  attempt(path, () => {
    const made = mkdirSync(path, { recursive: true, mode: 0o700 });
    // The umask may have taken rights away from the owner too.
    if (made !== undefined) chmodSync(path, 0o700);
  });
  assertPrivateFolder(path);
}

/** Whether the folder is there. Throws `permissions` when it is not this user's alone, `not_a_home` for a file. */
export function assertPrivateFolder(path: string): boolean {
  const stats = attempt(path, () => statSync(path, { throwIfNoEntry: false }));
  if (stats === undefined) return false;
  if (!stats.isDirectory()) {
    const todo = 'Move it away, or choose another home: --home FOLDER';
    throw new HomeError('not_a_home', `${path} is no folder`, 'Nothing can be kept there.', todo);
  }
  assertOwn(path, stats, 'private');
  return true;
}
