import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkLinearizable, readHistory } from '../../src/index.ts';

/** Histories whose verdicts are known; beside the repository where there are any. */
const ROOT = fileURLToPath(new URL('../../../../../shared/testdata/linearizability/', import.meta.url));
const LIMITS = { configurations: 4_000_000, isOver: () => false };

const isThere = existsSync(ROOT);
if (!isThere) console.warn(`skipped: public histories, for there is no ${ROOT}`);
const expected: Readonly<Record<string, boolean>> = isThere
  ? JSON.parse(readFileSync(`${ROOT}expected.json`, 'utf8'))
  : {};
const files = isThere
  ? ['etcd', 'kv'].flatMap((folder) => readdirSync(`${ROOT}${folder}`).map((name) => `${folder}/${name}`))
  : [];
const verdictOf = (file: string): boolean => expected[file.split('/')[1] ?? ''] ?? file.endsWith('-ok.txt');

it.skipIf(!isThere)('there are public histories of both verdicts', () => {
  expect(new Set(files.map(verdictOf))).toEqual(new Set([true, false]));
});

it.each(files)('%s', (file) => {
  const verdict = checkLinearizable(readHistory(readFileSync(`${ROOT}${file}`, 'utf8')), LIMITS);
  expect(verdict.linearizable).toBe(verdictOf(file));
  expect(verdict.bad?.isShortest ?? true).toBe(true);
});
