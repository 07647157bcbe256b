import type { Stats } from 'node:fs';
import { HomeError } from './home-error.ts';

/**
 * Who may do what with a path. `private`: its owner alone. `public`: others may read, nobody else may write. `any`: whose it
 * is does not matter, since what it holds proves itself.
 */
export type Privacy = 'private' | 'public' | 'any';

/**
 * Throws `permissions` unless this user owns the path and others have no more rights than `privacy` grants. Does nothing
 * on Windows, where the rights of the profile folder are inherited.
 */
export function assertOwn(path: string, stats: Stats, privacy: Privacy): void {
  const user = process.geteuid?.();
  if (user === undefined || privacy === 'any') return;
  if (stats.uid !== user) {
    throw new HomeError(
      'permissions',
      `${path} belongs to user ${stats.uid}, and this process runs as user ${user}`,
      'What is in the home of another user is theirs to use and change.',
      `Run as its owner, choose another home with --home FOLDER, or take it over: chown -R ${user} ${shellWord(path)}`,
    );
  }
  const forbidden = privacy === 'private' ? 0o077 : 0o022;
  if ((stats.mode & forbidden) === 0) return;
  const can = (stats.mode & 0o022) === 0 ? 'read' : 'change';
  throw new HomeError(
    'permissions',
    `${path} has mode ${(stats.mode & 0o777).toString(8).padStart(4, '0')}: other users can ${can} it`,
    'Whoever can read keys or passphrases can spend and sign as you; whoever can change settings can redirect you.',
    `Make it yours alone: chmod ${stats.isDirectory() ? '700' : '600'} ${shellWord(path)}`,
  );
}

/** A path as one word of a POSIX shell. */
const shellWord = (path: string): string =>
  /^[A-Za-z0-9_./:@%+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
