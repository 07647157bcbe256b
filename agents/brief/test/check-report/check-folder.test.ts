import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkReportAgainst } from '../../src/check-report/index.ts';

let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'canswarm-check-'));
  await mkdir(join(root, 'docs', 'sub'), { recursive: true });
  await writeFile(join(root, 'docs', 'guide.md'), '\ufeff# Guide\r\n\r\nÜber all dem steht ein Wort.\r\n');
  await writeFile(join(root, 'docs', 'sub', 'broken.md'), Uint8Array.of(0xc3, 0x28, 0x0a));
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

test('documents, files that were not read, and the folder’s own name', async () => {
  const report = '"Über all dem steht ein Wort" (docs/guide.md:3), see sub/broken.md and docs/none.md.';
  const { result, documents, skipped } = await checkReportAgainst(report, join(root, 'docs'));
  expect(documents).toBe(1);
  expect(skipped.map(({ path, code }) => [path, code])).toEqual([['sub/broken.md', 'not_utf8']]);
  expect(result).toMatchObject({
    ok: true,
    check: {
      quotations: [
        { verdict: 'exact', at: { path: 'guide.md', byteStart: 14, byteEnd: 42, lineStart: 3, lineEnd: 3 } },
      ],
      citations: [
        { target: 'docs/guide.md', verdict: 'found' },
        { target: 'sub/broken.md', verdict: 'found' },
        { target: 'docs/none.md', verdict: 'not_found' },
      ],
      counts: { false: 1 },
    },
  });
});

test('a folder that is not there rejects', async () => {
  await expect(checkReportAgainst('', join(root, 'nowhere'))).rejects.toThrow();
});
