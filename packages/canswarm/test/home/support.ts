import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { type Home, HomeError, type HomeErrorCode, type HomeOptions, openHome, Secret } from '../../src/home/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'canswarm-home-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let homes = 0;

/** A path under a folder that is removed at the end. */
export const fresh = (): string => {
  homes += 1;
  return join(folder, `home-${homes}`);
};

/** A home that asks nobody and sees no variables unless told. */
export const homeAt = (path: string, options: HomeOptions = {}): Home => openHome({ path, env: {}, ...options });

export const WORDS = 'correct horse battery';
export const secret = (text = WORDS): Secret<string> => new Secret(text);
export const byWords = (text = WORDS) => ({ protection: async () => secret(text) });
export const byMachine = { protection: async () => 'machine' as const };
export const agent = (name: string) => ({ name, kind: 'agent' as const, of: null });

/** The code of the HomeError that something fails with. */
export async function codeOf(work: () => unknown): Promise<HomeErrorCode | 'none'> {
  try {
    await work();
    return 'none';
  } catch (error) {
    if (!(error instanceof HomeError)) throw error;
    return error.code;
  }
}

/** A process that does one thing with a home: see holder.ts. */
export interface Helper {
  readonly child: ChildProcess;
  /** The first line that it says. */
  readonly said: Promise<string>;
  readonly ended: Promise<void>;
}

export function startHelper(...argv: readonly string[]): Helper {
  const script = fileURLToPath(new URL('./holder.ts', import.meta.url));
  const child = spawn(process.execPath, ['--expose-gc', script, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const said = new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
    });
    child.once('close', () => reject(new Error('it ended and said nothing')));
  });
  return { child, said, ended };
}
