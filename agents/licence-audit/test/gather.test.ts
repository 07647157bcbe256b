import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gatherLockfile } from '../src/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'canswarm-licences-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content = 'x'): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const lock = (...paths: readonly string[]): void =>
  put(
    'package-lock.json',
    JSON.stringify({ lockfileVersion: 3, packages: Object.fromEntries(paths.map((path) => [path, {}])) }),
  );

const names = async (): Promise<string[]> => [...(await gatherLockfile(folder)).files.keys()];

describe('gathering', () => {
  it('takes lockfile, manifests and licence files of the packages, and nothing else', async () => {
    lock('', 'node_modules/a', 'node_modules/@s/b', 'packages/c', 'node_modules/gone');
    put('package.json');
    put('LICENSE');
    for (const name of ['package.json', 'LICENSE', 'license.md', 'NOTICE', 'index.js', 'lib/LICENSE'])
      put(`node_modules/a/${name}`);
    for (const name of ['package.json', 'COPYING']) put(`node_modules/@s/b/${name}`);
    put('packages/c/package.json');
    put('node_modules/unlisted/package.json');
    const gathered = await gatherLockfile(folder);
    expect([...gathered.files.keys()]).toEqual([
      'node_modules/@s/b/COPYING',
      'node_modules/@s/b/package.json',
      'node_modules/a/LICENSE',
      'node_modules/a/NOTICE',
      'node_modules/a/license.md',
      'node_modules/a/package.json',
      'package-lock.json',
      'packages/c/package.json',
    ]);
    expect(gathered.skipped).toEqual([]);
  });

  it('reads nothing outside the folder, whatever leads there', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'canswarm-outside-'));
    try {
      writeFileSync(join(outside, 'package.json'), 'secret');
      lock(
        'node_modules/linked',
        'node_modules/file',
        '../up',
        '/abs',
        'node_modules/../../up',
        'node_modules\\..',
        'node_modules/in',
      );
      put('real/package.json');
      put('node_modules/file/LICENSE');
      symlinkSync(outside, join(folder, 'node_modules/linked'));
      symlinkSync(join(outside, 'package.json'), join(folder, 'node_modules/file/package.json'));
      symlinkSync(join(folder, 'real'), join(folder, 'node_modules/in'));
      const { files, skipped } = await gatherLockfile(folder);
      expect([...files.keys()]).toEqual([
        'node_modules/file/LICENSE',
        'node_modules/in/package.json',
        'package-lock.json',
      ]);
      expect(skipped).toEqual([
        { path: '../up', reason: 'its path leads out of the folder, or is none' },
        { path: '/abs', reason: 'its path leads out of the folder, or is none' },
        { path: 'node_modules/../../up', reason: 'its path leads out of the folder, or is none' },
        { path: 'node_modules/file/package.json', reason: 'it cannot be read (ELOOP)' },
        { path: 'node_modules/linked', reason: 'a symbolic link leads out of the folder' },
        { path: 'node_modules\\..', reason: 'its path leads out of the folder, or is none' },
      ]);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it('reports what is too large, no file, or no package', async () => {
    lock('node_modules/a', 'node_modules/b');
    put('node_modules/a/package.json', 'x'.repeat(1_048_577));
    mkdirSync(join(folder, 'node_modules/a/LICENSE'), { recursive: true });
    put('node_modules/b');
    const { files, skipped } = await gatherLockfile(folder);
    expect([...files.keys()]).toEqual(['package-lock.json']);
    expect(skipped).toEqual([
      { path: 'node_modules/a/LICENSE', reason: 'it is no regular file' },
      { path: 'node_modules/a/package.json', reason: 'it has more than 1048576 bytes' },
      { path: 'node_modules/b', reason: 'it cannot be looked into (ENOTDIR)' },
    ]);
  });

  it('leaves it to the audit to judge the lockfile, but needs one', async () => {
    await expect(gatherLockfile(folder)).rejects.toThrow(
      `${folder} has no package-lock.json, which "npm install" writes`,
    );
    await expect(gatherLockfile(join(folder, 'none'))).rejects.toThrow(`there is no folder ${join(folder, 'none')}`);
    put('a-file', '');
    await expect(gatherLockfile(join(folder, 'a-file'))).rejects.toThrow('a-file is a file, not a folder');
    rmSync(join(folder, 'a-file'));
    for (const content of ['', '[]', '{"packages":7}', '{"lockfileVersion":1}']) {
      put('package-lock.json', content);
      expect(await names()).toEqual(['package-lock.json']);
    }
  });
});
