import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '../home/folder.ts';
import { SERVERS, type Server, type ServerName } from './server.ts';

const run = promisify(execFile);
/** How long a program may take to say its version, ms. */
const ANSWER_MS = 10_000;
const ANSWER_BYTES = 64 * 1024;

export interface FoundServer {
  readonly name: ServerName;
  /** Absolute path of the program. */
  readonly path: string;
  readonly version: string;
  /** `named` by its variable, `installed` by the script of this repository, or on the `path` of programs. */
  readonly origin: 'named' | 'installed' | 'path';
}

/** No program of the server can be used here. */
export class ServerMissing extends Error {
  override readonly name = 'ServerMissing';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Where servers are installed for all of this user's work: `$CANSWARM_SERVERS`, or the cache folder of the system. Absolute. */
export function serversFolder(env: Environment): string {
  const { CANSWARM_SERVERS: own, XDG_CACHE_HOME: xdg } = env;
  if (own !== undefined && own !== '') return resolve(own);
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
  return join(base, 'canswarm', 'servers');
}

/**
 * The program of a server: the one that its variable names, else the one that was installed, else the first on the path whose
 * version suffices. Rejects with ServerMissing, which says what was found instead.
 */
export async function findServer(name: ServerName, env: Environment): Promise<FoundServer> {
  const server = SERVERS[name];
  const named = env[server.variable];
  if (named !== undefined && named !== '') {
    const path = resolve(named);
    const version = await versionOf(server, path);
    if (suffices(version, server.least)) return { name, path, version, origin: 'named' };
    throw new ServerMissing(
      `${server.variable} names ${path}, ${told(version, server)}`,
      `Let it name ${server.program} ${server.least} or newer, or leave it unset.`,
    );
  }
  const refused: string[] = [];
  for (const { path, origin } of candidates(server, env)) {
    if (!isProgram(path)) continue;
    const version = await versionOf(server, path);
    if (suffices(version, server.least)) return { name, path, version, origin };
    refused.push(`${path}, ${told(version, server)}`);
  }
  const instead = refused.length === 0 ? '' : `; found only ${refused.join('; ')}`;
  throw new ServerMissing(
    `${name} ${server.least} or newer is not installed here${instead}`,
    `Install it so that ${server.program} is on the path, or name the program: ${server.variable}=PATH. In this repository: npm run install-servers -- ${name}`,
  );
}

function candidates(server: Server, env: Environment): readonly Pick<FoundServer, 'path' | 'origin'>[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return [
    { path: join(serversFolder(env), server.name, 'bin', server.program), origin: 'installed' },
    ...folders.map((folder) => ({ path: join(folder, server.program), origin: 'path' }) as const),
  ];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The version that a program says it has; null when it cannot be run or says none. */
async function versionOf(server: Server, path: string): Promise<string | null> {
  try {
    const limits = { timeout: ANSWER_MS, maxBuffer: ANSWER_BYTES };
    const { stdout, stderr } = await run(path, [...server.versionArguments], limits);
    return server.versionPattern.exec(`${stdout}\n${stderr}`)?.[1] ?? null;
  } catch {
    return null;
  }
}

const told = (version: string | null, { program }: Server): string =>
  version === null ? `which does not say what version of ${program} it is` : `which is ${version}`;

function suffices(version: string | null, least: string): version is string {
  if (version === null) return false;
  const [own, wanted] = [version, least].map((text) => text.split('.').map(Number));
  const difference = wanted?.map((part, i) => (own?.[i] ?? 0) - part).find((by) => by !== 0) ?? 0;
  return difference >= 0;
}
