import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { main } from '../src/index.ts';
import { fakeIo, lastJson } from './fake-io.ts';

const BIN = fileURLToPath(new URL('../bin/canswarm.ts', import.meta.url));
/** Longest start and life of a need on a busy machine, ms. */
export const LONG_MS = 120_000;

/** A home of its own with a folder of documents, and a local network that commands are run against. */
export class HomeNetwork {
  readonly root: string;
  readonly home: string;
  readonly docs: string;

  constructor(name: string) {
    this.root = mkdtempSync(join(tmpdir(), `canswarm-${name}-`));
    this.home = join(this.root, 'home');
    this.docs = join(this.root, 'docs');
    mkdirSync(this.docs);
    writeFileSync(join(this.docs, 'a.md'), '# Rain\n\nIt rains on Monday.\n\nThe sun shines on Tuesday.\n');
  }

  /** Starts the network, which it makes the first time, as a process of its own. */
  up(...more: readonly string[]): Promise<string> {
    return this.start('up', ...more);
  }

  /** Starts a node as a process of its own; gives what it says on the way. Rejects with that when it does not run. */
  async start(...argv: readonly string[]): Promise<string> {
    const command = [BIN, ...argv, '--detach', '--home', this.home];
    return (await promisify(execFile)(process.execPath, command)).stderr;
  }

  async run(...argv: readonly string[]) {
    const io = fakeIo();
    const exit = await main([...argv, '--home', this.home], io);
    return { exit, out: io.out.text, err: io.err.text, io };
  }

  /** What a command says as JSON. */
  async json<T>(...argv: readonly string[]): Promise<T> {
    return lastJson((await this.run(...argv, '--json')).io) as T;
  }

  async remove(): Promise<void> {
    await this.run('down');
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Looks again until something is there. */
export async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  const until = Date.now() + LONG_MS / 2;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error('it never came to that');
  }
}
