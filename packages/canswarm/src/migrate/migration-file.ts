import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeText } from '../home/files.ts';
import { type FileFormat, formatJson, newestVersion, readVersioned } from '../home/versioned-file.ts';
import { HostError } from '../host/host-error.ts';
import { Fields } from '../host/json-fields.ts';
import type { NetworkFolder } from '../host/network-folder.ts';

const FORMAT: FileFormat = { kind: 'migration file', privacy: 'public', bytesMax: 65_536, migrations: [] };

/** Where a network's log was moved: `migration.json` in its folder. `switching`: its nodes are between the two. */
export interface Migration {
  readonly from: string;
  readonly to: string;
  readonly phase: 'switching' | 'done';
}

const pathOf = ({ path }: Pick<NetworkFolder, 'path'>): string => join(path, 'migration.json');

/** The last migration of a network here, or null. Throws a HomeError, or a HostError `file_broken`. */
export function readMigration(folder: Pick<NetworkFolder, 'path'>): Migration | null {
  const path = pathOf(folder);
  if (!existsSync(path)) return null;
  const document = readVersioned(path, FORMAT);
  if (document === null) return null;
  const fields = new Fields(path, document);
  const phase = fields.text('phase');
  if (phase !== 'switching' && phase !== 'done')
    throw new HostError('file_broken', `${path}: phase is neither switching nor done`, 'Restore it from a backup.');
  return { from: fields.text('from'), to: fields.text('to'), phase };
}

export function writeMigration(folder: Pick<NetworkFolder, 'path'>, migration: Migration): void {
  writeText(pathOf(folder), formatJson({ version: newestVersion(FORMAT), ...migration }));
}

export const removeMigration = (folder: Pick<NetworkFolder, 'path'>): void => rmSync(pathOf(folder), { force: true });

/** Throws a HostError where nodes are between two logs: none may start then. */
export function requireSettled(folder: Pick<NetworkFolder, 'path' | 'name'>): void {
  const migration = readMigration(folder);
  if (migration?.phase !== 'switching') return;
  const what = `the log of "${folder.name}" was being moved to ${migration.to} when that was interrupted`;
  throw new HostError('log_moving', what, 'Let it end, which takes moments: canswarm migrate log --resume');
}
