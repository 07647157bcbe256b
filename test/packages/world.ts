import { execFile } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

/** A folder with `node_modules` in which the packages are used as their users do. */
export interface World {
  /** What checks and metrics of it begin with. */
  readonly name: 'linked' | 'installed';
  readonly folder: string;
  /** The program file of the Node that runs everything in it. */
  readonly node: string;
}

export interface Ended {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

const MS_MAX = 300_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** Runs a program in a world, with its Node first in the path and nothing of this repository in it. Never rejects. */
export function runIn({ folder, node }: Omit<World, 'name'>, program: string, args: readonly string[]): Promise<Ended> {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((place) => !place.endsWith('/.bin'));
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package_|lifecycle_|config_local)/.test(name),
  );
  const env = { ...Object.fromEntries(inherited), PATH: [dirname(node), ...path].join(delimiter) };
  const options = { cwd: folder, env, timeout: MS_MAX, maxBuffer: OUTPUT_BYTES_MAX };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, out, err) => {
      const exit = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ exit, out, err: exit === -1 ? `${String(error)}\n${err}` : err });
    });
  });
}

/** Runs the command that npm linked for the user. */
export function runCanswarm(world: World, args: readonly string[]): Promise<Ended> {
  return runIn(world, join(world.folder, 'node_modules/.bin/canswarm'), args);
}

/** The object on the last line of standard output; empty when there is none. */
export function lastLine({ out }: Ended): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
