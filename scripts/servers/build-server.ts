import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Pin, PinnedModule } from './pins.ts';

const run = promisify(execFile);
/** A build of the largest server takes minutes on two cores. */
const BUILD_MS = 30 * 60_000;
const OUTPUT_BYTES = 32 * 1024 * 1024;
/** Go below this version builds none of the pins. */
const GO_LEAST = 26;
const NICE = 10;

/** A server could not be built: what happened, and what to do. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/** The Go toolchain of this machine. Rejects with a BuildError when there is none, or an old one. */
export async function findGo(): Promise<string> {
  const said: string[] = [];
  for (const program of ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go']) {
    const version = await run(program, ['env', 'GOVERSION'], { timeout: BUILD_MS }).catch(() => null);
    if (version === null) continue;
    if (Number(/^go1\.(\d+)/.exec(version.stdout)?.[1] ?? 0) >= GO_LEAST) return program;
    said.push(`${program} is ${version.stdout.trim()}`);
  }
  const found = said.length === 0 ? 'there is no Go here' : said.join('; ');
  throw new BuildError(
    `${found}, and servers are built with Go 1.${GO_LEAST} or newer`,
    'Install it from https://go.dev/dl, or install the servers by other means and name their programs.',
  );
}

/**
 * Builds a server's programs from its pinned modules into `folder/bin`. Everything comes through the Go module proxy, and the
 * checksum database vouches for it; the hash of each pinned module must also be the one pinned here. The folder appears
 * whole or not at all. Rejects with a BuildError.
 */
export async function buildServer(go: string, pin: Pin, folder: string): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(`${folder}.building-`);
  try {
    const inScratch = async (...args: readonly string[]): Promise<string> => goIn(go, scratch, args);
    writeFileSync(join(scratch, 'go.mod'), `module canswarm.invalid/servers\n\ngo 1.${GO_LEAST}\n`);
    for (const module of pin.modules) assertSum(module, await inScratch('mod', 'download', '-json', named(module)));
    await inScratch('get', ...pin.modules.map(named));
    const bin = join(scratch, 'built', 'bin');
    for (const { program, package: source } of pin.programs) {
      await inScratch('build', '-trimpath', '-ldflags=-s -w', '-o', join(bin, program), source);
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(scratch, 'built'), folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const named = ({ path, version }: PinnedModule): string => `${path}@${version}`;

function assertSum(module: PinnedModule, downloaded: string): void {
  const found: unknown = JSON.parse(downloaded);
  const sum = typeof found === 'object' && found !== null && 'Sum' in found ? found.Sum : undefined;
  if (sum === module.sum) return;
  throw new BuildError(
    `${named(module)} has the hash ${String(sum)}, and ${module.sum} is pinned: it is not what was reviewed`,
    'Nothing was installed. Look where it comes from: go env GOPROXY GONOSUMDB',
  );
}

async function goIn(go: string, cwd: string, args: readonly string[]): Promise<string> {
  if (process.env['GOSUMDB'] === 'off') {
    throw new BuildError('GOSUMDB is off, so nothing vouches for what is downloaded', 'Unset it: go env -u GOSUMDB');
  }
  const env = { ...process.env, GOFLAGS: '-mod=mod -buildvcs=false', GOWORK: 'off', CGO_ENABLED: '0' };
  try {
    const limits = { timeout: BUILD_MS, maxBuffer: OUTPUT_BYTES };
    const { stdout } = await run('nice', ['-n', `${NICE}`, go, ...args], { cwd, env, ...limits });
    return stdout;
  } catch (error) {
    const why = error instanceof Error && 'stderr' in error ? lastLines(String(error.stderr)) : String(error);
    throw new BuildError(
      `go ${args[0]} failed: ${why}`,
      'Are the Go module proxy and its checksum database reachable from here, and is the disk not full?',
      { cause: error },
    );
  }
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-5).join('\n');
