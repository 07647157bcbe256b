import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fileText, type VectorFile } from './kind.ts';
import { KINDS } from './kinds/index.ts';

/**
 * Vectors are committed in `spec/vectors`. Each case is judged from its committed data; and what this code would write now must
 * be what is committed. To write them anew after a deliberate change: `VECTORS=write npx vitest run packages/protocol/test/vectors`.
 */
const FOLDER = fileURLToPath(new URL('../../../../spec/vectors/', import.meta.url));
const path = (kind: string): string => `${FOLDER}${kind}.json`;

if (process.env['VECTORS'] === 'write') {
  for (const kind of KINDS) writeFileSync(path(kind.kind), fileText(kind));
}

test('every file of vectors has a test and every kind a file', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(KINDS.map(({ kind }) => `${kind}.json`).sort());
});

describe.each(KINDS)('$kind', (kind) => {
  const file = JSON.parse(readFileSync(path(kind.kind), 'utf8')) as VectorFile;

  test('the file is of its kind and has cases', () => {
    expect([file.kind, file.about, file.cases.length > 4]).toEqual([kind.kind, kind.about, true]);
  });

  test.each(file.cases.map((one, index) => ({ index, one })))('case $index', ({ one }) => kind.judge(one));

  test('is what this code writes', () => {
    expect(fileText(kind) === readFileSync(path(kind.kind), 'utf8')).toBe(true);
  });
});
