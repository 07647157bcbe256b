import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder and what removes it. */
export function temporaryFolder(): { readonly dir: string; remove(): Promise<void> } {
  const dir = mkdtempSync(join(tmpdir(), 'canswarm-content-'));
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** Mounts a disk of that size at `dir` and gives what unmounts it; null where this process may not mount. */
export function smallDisk(dir: string, size: string): (() => void) | null {
  mkdirSync(dir, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dir]);
  return status === 0 ? () => void spawnSync('umount', [dir]) : null;
}
