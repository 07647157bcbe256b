import type { Files } from '@canswarm/agent';
import { LOCKFILE, MANIFEST, MANIFEST_BYTES_MAX } from '../rules.ts';
import { readJson } from './json-members.ts';
import type { LockedPackage, Lockfile } from './lockfile.ts';
import { isRecord } from './record.ts';
import type { Note } from './result.ts';
import { readSaid, type Said } from './said.ts';

/** What is said of a package's licence, by which file of the input, and what else is to be remarked. */
export interface Statement extends Omit<Said, 'notes'> {
  readonly source: 'package.json' | 'package-lock.json' | null;
  /** The file of the input that says it. */
  readonly file: string;
  readonly notes: readonly Note[];
}

/** The licence that an installed package's manifest says; of a package that is not installed, the one that the lockfile says. */
export async function statementOf(locked: LockedPackage, lockfile: Lockfile, files: Files): Promise<Statement> {
  const bySaid = readSaid(locked.entry, lockfile.json.bytes, locked.entryStart);
  const file = `${locked.path}/${MANIFEST}`;
  const size = files.size(file);
  if (size === undefined) {
    const source = bySaid.said === null ? null : LOCKFILE;
    return { ...bySaid, source, file: LOCKFILE, notes: ['not_installed', ...bySaid.notes] };
  }
  const json = size > MANIFEST_BYTES_MAX ? undefined : readJson(await files.bytes(file));
  if (json === undefined || !isRecord(json.value))
    return { said: null, place: null, source: null, file, notes: ['manifest_unreadable'] };
  const said = readSaid(json.value, json.bytes, json.start);
  const notes: Note[] = [...said.notes];
  if (locked.named && differs(json.value, 'name', locked.name)) notes.push('name_differs');
  if (locked.version !== null && differs(json.value, 'version', locked.version)) notes.push('version_differs');
  if (said.said !== null && bySaid.said !== null && said.said !== bySaid.said) notes.push('lock_differs');
  return { ...said, source: said.said === null ? null : MANIFEST, file, notes };
}

function differs(manifest: Readonly<Record<string, unknown>>, key: 'name' | 'version', locked: string): boolean {
  const own = Object.hasOwn(manifest, key) ? manifest[key] : undefined;
  return typeof own === 'string' && own !== locked;
}
