import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package.json of an unpacked package, as far as tests read it. */
export interface PublishedManifest {
  readonly name?: string;
  readonly version?: string;
  readonly type?: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly engines?: { readonly node?: string };
  readonly exports?: Readonly<Record<string, { readonly types?: string; readonly default?: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly scripts?: object;
  readonly devDependencies?: object;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export function manifestIn(folder: string): PublishedManifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** All files below a folder, as posix paths. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
