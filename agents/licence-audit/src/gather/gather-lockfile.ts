import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { FILES_BYTES_MAX, FILES_MAX, parseJson } from '@canswarm/agent';
import { compareText, fromUtf8, utf8Length } from '@canswarm/protocol';
import {
  LOCKFILE,
  LOCKFILE_BYTES_MAX,
  MANIFEST,
  MANIFEST_BYTES_MAX,
  PACKAGES_MAX,
  PATH_BYTES_MAX,
  TEXT_BYTES_MAX,
  TEXT_FILE,
} from '../rules.ts';
import { errorCode, readRegular } from './read-file.ts';

/** A file, or a package's folder, that was not taken, and why. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

/** What an audit is given of a project's folder. */
export interface GatheredLockfile {
  /** By path from the folder, with `/`; sorted by bytes. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Sorted by path. Packages that are not installed are not named: the audit names them. */
  readonly skipped: readonly SkippedFile[];
}

/** Longest name of a file in a bundle, bytes. */
const NAME_BYTES_MAX = 512;

/** The gathering under way. Invariant: `bytes` is the sum of the files' sizes. */
interface Gathering {
  readonly root: string;
  readonly files: Map<string, Uint8Array>;
  readonly skipped: SkippedFile[];
  bytes: number;
}

/**
 * Reads from a project's folder what an audit needs: the lockfile, and for each installed package its manifest and licence files. Nothing
 * outside the folder is read, whatever the lockfile or a symbolic link says. Rejects with an Error when there is no lockfile to be read.
 */
export async function gatherLockfile(folder: string): Promise<GatheredLockfile> {
  const root = await realpath(folder).catch((error: unknown) => {
    const code = errorCode(error);
    const what = code === 'ENOENT' ? `there is no folder ${folder}` : `${folder} cannot be looked into (${code})`;
    throw new Error(what, { cause: error });
  });
  if (!(await stat(root)).isDirectory()) throw new Error(`${folder} is a file, not a folder`);
  const read = await readRegular(join(root, LOCKFILE), LOCKFILE_BYTES_MAX);
  if (!read.ok) {
    const isThere = await lstat(join(root, LOCKFILE)).catch(() => null);
    const lacks = `${folder} has no ${LOCKFILE}, which "npm install" writes`;
    throw new Error(isThere === null ? lacks : `${join(folder, LOCKFILE)}: ${read.reason}`);
  }
  const gathering: Gathering = { root, files: new Map(), skipped: [], bytes: 0 };
  take(gathering, LOCKFILE, read.bytes);
  for (const path of pathsOf(read.bytes, gathering)) await gatherPackage(gathering, path);
  const files = new Map([...gathering.files].sort(([a], [b]) => compareText(a, b)));
  return { files, skipped: gathering.skipped.sort((a, b) => compareText(a.path, b.path)) };
}

/** Paths of packages in a lockfile that may lie in the folder; of no lockfile none. */
function pathsOf(bytes: Uint8Array, { skipped }: Gathering): readonly string[] {
  const lockfile = parseJson(fromUtf8(bytes)?.replace(/^\uFEFF/, '') ?? '');
  const packages = isObject(lockfile) && Object.hasOwn(lockfile, 'packages') ? lockfile['packages'] : undefined;
  if (!isObject(packages)) return [];
  const paths: string[] = [];
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '' || (isObject(entry) && entry['link'] === true)) continue;
    const shown = path.slice(0, NAME_BYTES_MAX).toWellFormed();
    if (!isInside(path)) skipped.push({ path: shown, reason: 'its path leads out of the folder, or is none' });
    else if (paths.length >= PACKAGES_MAX)
      skipped.push({ path: shown, reason: `there are more than ${PACKAGES_MAX} packages` });
    else paths.push(path);
  }
  return paths;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isInside = (path: string): boolean =>
  path.isWellFormed() &&
  utf8Length(path) <= PATH_BYTES_MAX &&
  !path.includes('\u0000') &&
  !path.includes('\\') &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

async function gatherPackage(gathering: Gathering, path: string): Promise<void> {
  const { root, skipped } = gathering;
  let place: string;
  let names: string[];
  try {
    place = await realpath(join(root, path));
    if (!place.startsWith(root.endsWith(sep) ? root : root + sep)) {
      skipped.push({ path, reason: 'a symbolic link leads out of the folder' });
      return;
    }
    names = await readdir(place);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT') skipped.push({ path, reason: `it cannot be looked into (${code})` });
    return;
  }
  // Sorted, so that which files a limit keeps does not depend on the file system's order.
  for (const name of names.sort(compareText)) {
    if (name !== MANIFEST && !TEXT_FILE.test(name)) continue;
    await gatherFile(gathering, { path: `${path}/${name}`, place: join(place, name), isManifest: name === MANIFEST });
  }
}

async function gatherFile(
  gathering: Gathering,
  { path, place, isManifest }: { readonly path: string; readonly place: string; readonly isManifest: boolean },
): Promise<void> {
  const skip = (reason: string): void => {
    gathering.skipped.push({ path, reason });
  };
  if (!path.isWellFormed() || path.includes('\uFFFD') || utf8Length(path) > NAME_BYTES_MAX)
    return skip('its name is not UTF-8, or too long');
  if (gathering.files.size >= FILES_MAX) return skip(`there are more than ${FILES_MAX} files`);
  const read = await readRegular(place, isManifest ? MANIFEST_BYTES_MAX : TEXT_BYTES_MAX);
  if (!read.ok) return skip(read.reason);
  if (gathering.bytes + read.bytes.length > FILES_BYTES_MAX)
    return skip(`the files together would have more than ${FILES_BYTES_MAX} bytes`);
  take(gathering, path, read.bytes);
}

function take(gathering: Gathering, path: string, bytes: Uint8Array): void {
  gathering.files.set(path, bytes);
  gathering.bytes += bytes.length;
}
