import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { main } from '../src/index.ts';
import { fakeIo, lastJson } from './fake-io.ts';

const run = promisify(execFile);
/** Within the workspace, so that the project finds its packages. */
const folder = mkdtempSync(fileURLToPath(new URL('./init-', import.meta.url)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('makes a project whose types hold and whose test passes, and nothing where something is', async () => {
  const path = join(folder, 'tea-maker');
  const io = fakeIo();
  expect(await main(['init', path, '--json'], io)).toBe(0);
  const said = lastJson(io) as { readonly files: readonly string[] };
  expect(said).toMatchObject({ folder: path, name: 'tea-maker' });
  expect(readdirSync(path).sort()).toEqual([...said.files].sort());
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  for (const version of Object.values({ ...dependencies, ...devDependencies }))
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
  await run(process.execPath, [tsc, '-p', path], { cwd: path });
  const { stdout } = await run(process.execPath, ['--test'], { cwd: path });
  expect(stdout).toMatch(/pass 2\b[\s\S]*fail 0\b/);
  expect(await main(['init', path], fakeIo())).toBe(1);
}, 180_000);

it('refuses a folder that is not empty, and a name that no agent may have', async () => {
  const full = join(folder, 'full');
  mkdirSync(full);
  writeFileSync(join(full, 'note'), 'mine');
  expect(await main(['init', full], fakeIo())).toBe(1);
  expect(readdirSync(full)).toEqual(['note']);
  expect(await main(['init', join(folder, 'Tea Maker')], fakeIo())).toBe(2);
});
