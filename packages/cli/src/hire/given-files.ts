import { readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { CliFailure, EXIT } from '../failure.ts';
import type { Io } from '../io.ts';
import { bytes, count, safe } from '../text.ts';

/** What one piece of work may bring along: files, their bytes together, and the longest name in bytes. */
const FILES_MAX = 20_000;
const BYTES_MAX = 134_217_728;
const NAME_BYTES_MAX = 512;
const LOCKFILE = 'package-lock.json';

export interface FileFlags {
  readonly file?: readonly string[];
  readonly lockfile?: string;
}

/** What a bundled skill cannot do without, and how it is given. */
const NEEDED: Readonly<Record<string, { readonly what: string; readonly how: string }>> = {
  'table-clean': { what: 'a table', how: '--file shop.csv' },
  reconcile: { what: 'two tables', how: '--file left=a.csv --file right=b.csv' },
  'html-extract': { what: 'a page', how: '--file page.html' },
  'licence-audit': { what: 'a lockfile', how: '--lockfile FOLDER' },
};

type Gather = typeof import('canswarm')['gatherLockfile'];
type Files = Readonly<Record<string, Uint8Array>>;

/** The files that go with the input, by name. Fails as a usage error for what cannot be read or is too much; nothing is posted then. */
export async function givenFiles(
  io: Io,
  skill: string,
  { file = [], lockfile }: FileFlags,
  gather: Gather,
): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  let size = 0;
  for (const given of file) {
    const [name = '', path = ''] = /^([^=]+)=(.+)$/.exec(given)?.slice(1) ?? [basename(given), given];
    if (files.has(name)) throw usage(`two files are named ${name}`, `Name one otherwise: --file other=${path}`);
    if (Buffer.byteLength(name) > NAME_BYTES_MAX)
      throw usage(`the name ${name.slice(0, 40)}... is too long`, `Names have at most ${NAME_BYTES_MAX} bytes.`);
    const content = readGiven(path);
    size += content.length;
    if (size > BYTES_MAX) throw tooMuch('the files together');
    files.set(name, content);
  }
  if (files.size > FILES_MAX) throw usage(`${files.size} files are too many`, `At most ${FILES_MAX} go along.`);
  if (lockfile !== undefined)
    for (const [name, content] of await project(io, skill, lockfile, gather)) files.set(name, content);
  requireNeeded(skill, files);
  return Object.fromEntries(files);
}

/** Reads a file that a user named. Fails as a usage error. */
export function readGiven(path: string): Buffer {
  try {
    const stat = statSync(path);
    if (stat.isDirectory())
      throw usage(
        `${path} is a folder`,
        'Name a file. The licences of a project are audited with: hire licence-audit --lockfile FOLDER',
      );
    if (stat.size > BYTES_MAX) throw tooMuch(path, stat.size);
    const content = readFileSync(path);
    // A pipe does not say its size before.
    if (content.length > BYTES_MAX) throw tooMuch(path, content.length);
    return content;
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw usage(`there is no file ${path}`, 'Name a file that is there.');
    throw usage(
      `cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`,
      'Name a file that you may read.',
    );
  }
}

async function project(io: Io, skill: string, given: string, gather: Gather): Promise<ReadonlyMap<string, Uint8Array>> {
  if (skill !== 'licence-audit') throw usage('--lockfile is for licence-audit', 'Give files with --file name=path.');
  const folder = basename(given) === LOCKFILE ? dirname(given) : given;
  const gathered = await gather(folder).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw usage(why, `Name the folder of a project that has its ${LOCKFILE}.`);
  });
  const size = [...gathered.files.values()].reduce((sum, content) => sum + content.length, 0);
  io.err.write(
    `${count(gathered.files.size, 'file')}, ${bytes(size)}; ${count(gathered.skipped.length, 'file')} skipped\n`,
  );
  return gathered.files;
}

/** A worker would give such work back, for a fee of the seats. */
function requireNeeded(skill: string, files: ReadonlyMap<string, unknown>): void {
  const needed = Object.hasOwn(NEEDED, skill) ? NEEDED[skill] : undefined;
  if (needed === undefined) return;
  const lacks =
    files.size === 0 ||
    (skill === 'reconcile' && files.size < 2) ||
    (skill === 'licence-audit' && !files.has(LOCKFILE));
  if (lacks) throw usage(`${skill} needs ${needed.what}`, `Give it along: canswarm hire ${skill} ${needed.how}`);
}

const tooMuch = (what: string, size?: number): CliFailure =>
  usage(
    size === undefined ? `${what} are too large` : `${what} is too large: ${bytes(size)}`,
    `At most ${bytes(BYTES_MAX)} go along with one piece of work.`,
  );

/** What was asked wrongly, and what to do; nothing was posted. */
export const usage = (what: string, todo: string): CliFailure =>
  new CliFailure(EXIT.usage, 'usage', safe(what), '', safe(todo));
