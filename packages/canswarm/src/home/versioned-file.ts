import { readText, writeNewText, writeText } from './files.ts';
import { HomeError } from './home-error.ts';
import type { Privacy } from './permissions.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A kind of JSON file that carries its version, and how older ones become newer. */
export interface FileFormat {
  /** For messages, such as `configuration`. */
  readonly kind: string;
  readonly privacy: Privacy;
  readonly bytesMax: number;
  /** `migrations[i]` makes version i + 2 of version i + 1, all but the `version` itself. Only ever appended to. */
  readonly migrations: readonly ((document: JsonObject) => JsonObject)[];
}

/** Most backups of one version that are kept beside a file. */
const BACKUPS_MAX = 9;

/** The version that this software writes. */
export const newestVersion = ({ migrations }: FileFormat): number => migrations.length + 1;

/**
 * Reads a file and brings it to the newest version: an older one is copied to `<path>.v<version>.backup` and replaced.
 * Null when there is none. Throws `newer` for a later version, `damaged` for what is no JSON object with a version.
 */
export function readVersioned(path: string, format: FileFormat): JsonObject | null {
  const text = readText(path, format);
  if (text === null) return null;
  const before = parseObject(path, text);
  const version = versionOf(path, before, format);
  if (version === newestVersion(format)) return before;
  let document = before;
  for (const migrate of format.migrations.slice(version - 1)) document = migrate(document);
  const after = { ...document, version: newestVersion(format) };
  backUp(`${path}.v${version}.backup`, text);
  writeText(path, formatJson(after));
  return after;
}

/** JSON as people read and edit it. */
export const formatJson = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** A text as a JSON object; throws `damaged`, naming the file. */
export function parseObject(path: string, text: string): JsonObject {
  let value: unknown;
  let detail = 'it is no object';
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Not a word of the text itself: it may be a secret that was put in the wrong place.
    detail = error instanceof Error && /end of JSON/i.test(error.message) ? 'it ends too early' : 'it is no JSON';
  }
  if (isObject(value)) return value;
  const todo = 'Restore it from a backup, or correct it if you edited it.';
  throw new HomeError('damaged', `${path} cannot be read: ${detail}`, 'The file was cut or changed.', todo);
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The version of a document; throws `newer` or `damaged`. */
export function versionOf(path: string, { version }: JsonObject, format: FileFormat): number {
  const newest = newestVersion(format);
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
    const todo = `Write "version": ${newest} as its first field, or restore it from a backup.`;
    throw new HomeError('damaged', `${path} has no version`, `Every ${format.kind} says its version.`, todo);
  }
  if (version <= newest) return version;
  throw new HomeError(
    'newer',
    `${path} is a ${format.kind} of version ${version}, and this canswarm knows up to version ${newest}`,
    'A newer canswarm wrote it. An older one would misread it, so it is left alone.',
    'Install the newer canswarm again, or choose another home: --home FOLDER',
  );
}

function backUp(path: string, text: string): void {
  for (let number = 1; ; number += 1) {
    try {
      writeNewText(number === 1 ? path : `${path}.${number}`, text);
      return;
    } catch (error) {
      if (!(error instanceof HomeError) || error.code !== 'exists' || number === BACKUPS_MAX) throw error;
    }
  }
}
