import type { Files } from '@canswarm/agent';
import { utf8Length } from '@canswarm/protocol';
import { TEXT_FILE, WORD_BYTES_MAX } from '../rules.ts';

/** Names of files that may hold licences, by the folder they stand in directly; names sorted as the bundle has them. */
export function licenceFiles(files: Files): ReadonlyMap<string, readonly string[]> {
  const byFolder = new Map<string, string[]>();
  for (const path of files.names()) {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    if (slash <= 0 || !TEXT_FILE.test(name) || utf8Length(name) > WORD_BYTES_MAX) continue;
    const folder = path.slice(0, slash);
    const names = byFolder.get(folder) ?? [];
    names.push(name);
    byFolder.set(folder, names);
  }
  return byFolder;
}
