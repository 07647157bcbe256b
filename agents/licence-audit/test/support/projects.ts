import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonValue } from '@canswarm/ports';
import { utf8 } from '@canswarm/protocol';
import { gatherLockfile } from '../../src/index.ts';
import { LOCKFILE, MANIFEST } from '../../src/rules.ts';
import { APACHE, BSD2, BSD3, GPL3, ISC, MIT } from './licence-words.ts';

/** The root of this repository: its lockfile and what is installed by it were written by others. */
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** What is asked of which files. */
export interface Project {
  readonly value: JsonValue;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

interface Described {
  /** The lockfile's entry. */
  readonly entry?: unknown;
  /** The manifest: a value, or text as it stands; none when the package is not installed. */
  readonly manifest?: unknown;
  readonly texts?: Readonly<Record<string, string>>;
}

/** A project of packages by path. */
export function project(value: JsonValue, packages: Readonly<Record<string, Described>>): Project {
  const files = new Map<string, Uint8Array>();
  const entries: Record<string, unknown> = { '': { name: 'root', version: '1.0.0' } };
  for (const [path, { entry = { version: '1.0.0' }, manifest, texts = {} }] of Object.entries(packages)) {
    Object.defineProperty(entries, path, { value: entry, enumerable: true });
    if (manifest !== undefined)
      files.set(
        `${path}/${MANIFEST}`,
        utf8(typeof manifest === 'string' ? manifest : JSON.stringify(manifest, null, 2)),
      );
    for (const [name, text] of Object.entries(texts)) files.set(`${path}/${name}`, utf8(text));
  }
  files.set(LOCKFILE, utf8(JSON.stringify({ name: 'root', lockfileVersion: 3, packages: entries })));
  return { value, files };
}

/** A package that says a licence. */
export const saying = (license: unknown, texts: Readonly<Record<string, string>> = {}): Described => ({
  manifest: { version: '1.0.0', license },
  texts,
});

/** A project in which every verdict and most remarks occur. */
export const motley = (): Project =>
  project(
    { allow: ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'no licence'], deny: ['GPL-3.0-only', 'AGPL-3.0', 'GPL'] },
    {
      'node_modules/plain': saying('MIT', { LICENSE: MIT }),
      'node_modules/choice': saying('(MIT OR GPL-3.0-only)', { 'LICENSE-MIT': MIT, 'LICENSE-GPL': GPL3 }),
      'node_modules/both': saying('MIT AND GPL-3.0-or-later', { LICENSE: MIT, COPYING: GPL3 }),
      'node_modules/other-text': saying('MIT', { LICENCE: ISC }),
      'node_modules/hidden': saying('ISC', { LICENSE: `${ISC}\n${GPL3}`, NOTICE: APACHE }),
      'node_modules/many': saying('BSD-2-Clause', { 'LICENSE.md': `${BSD2}\n\n${BSD3}\n\n${MIT}\n\n${APACHE}` }),
      'node_modules/old': saying([{ type: 'MIT' }, { type: 'Apache-2.0', url: 'x' }], { LICENSE: APACHE }),
      'node_modules/free': saying('Public Domain'),
      'node_modules/silent': { manifest: { name: 'silent', version: '1.0.0' }, texts: { LICENSE: MIT } },
      'node_modules/broken': { manifest: '{"license": "MIT"' },
      'node_modules/absent': { entry: { version: '2.0.0', license: 'ISC', optional: true } },
      'node_modules/newer': { manifest: { version: '1.0.1', license: 'ISC' }, texts: { LICENSE: ISC } },
      'node_modules/renamed': { manifest: { name: 'x', version: '1.0.0', license: 'MIT' }, texts: { LICENSE: MIT } },
      'node_modules/plain/node_modules/@scope/inner': saying('Apache-2.0', { 'LICENSE.txt': APACHE }),
      'node_modules/said-twice': { entry: { version: '1.0.0', license: 'ISC' }, ...saying('MIT') },
      'packages/own': { entry: { name: '@x/own' }, manifest: { name: '@x/own', license: 'MIT' } },
      'node_modules/@x/own': { entry: { resolved: 'packages/own', link: true } },
      'node_modules/tool': { entry: { version: '1.0.0', dev: true }, ...saying('EPL-2.0') },
      'node_modules/\u0001': saying('MIT'),
      'node_modules/no-entry': { entry: 7 },
    },
  );

/** The lockfile of this repository with what is installed by it. */
export async function installed(value: JsonValue): Promise<Project> {
  return { value, files: (await gatherLockfile(ROOT)).files };
}

/** The same, of the packages only whose path fits. */
export async function installedPart(value: JsonValue, fits: (path: string) => boolean): Promise<Project> {
  const { files } = await installed(value);
  const lockfile = JSON.parse(new TextDecoder().decode(files.get(LOCKFILE)));
  const packages = Object.fromEntries(Object.entries(lockfile.packages).filter(([path]) => path === '' || fits(path)));
  const part = new Map(files);
  part.set(LOCKFILE, utf8(JSON.stringify({ ...lockfile, packages }, null, 2)));
  return { value, files: part };
}

/** The lockfile that npm keeps hidden in a folder of packages, as the lockfile of the project around it. */
export async function hiddenLockfile(value: JsonValue, folder: string): Promise<Project> {
  const { files } = await installed(value);
  const at = folder === '' ? '' : `${folder}/`;
  const own = [...files].flatMap(([path, bytes]) =>
    path.startsWith(`${at}node_modules/`) ? [[path.slice(at.length), bytes] as const] : [],
  );
  const hidden = readFileSync(join(ROOT, folder, 'node_modules/.package-lock.json'));
  return { value, files: new Map([...own, [LOCKFILE, new Uint8Array(hidden)] as const]) };
}
