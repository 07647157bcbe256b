import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isDocumentName } from '../../src/corpus/document-names.ts';
import { readDocument } from '../../src/corpus/read-document.ts';
import { scanFolder } from '../../src/corpus/scan-folder.ts';
import { SCAN_LIMITS } from '../../src/corpus/skip.ts';

describe('scanFolder', () => {
  let base = '';
  let root = '';
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'brief-scan-'));
    root = join(base, 'folder');
    mkdirSync(root);
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const write = (path: string | Buffer, data: string | Uint8Array = 'words'): void => {
    if (typeof path === 'string') mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(typeof path === 'string' ? join(root, path) : Buffer.concat([Buffer.from(`${root}/`), path]), data);
  };
  const link = (path: string, target: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
  };
  const paths = async (): Promise<string[]> => (await scanFolder(root)).documents.map(({ path }) => path);
  const codes = async (limits = {}): Promise<Record<string, string>> =>
    Object.fromEntries((await scanFolder(root, { limits })).skipped.map(({ path, code }) => [path, code]));

  it('reads documents by name, sorted by the bytes of their paths', async () => {
    const names = [
      'b.md',
      'a/z.txt',
      'B.MD',
      'é.rst',
      'a.html',
      'a/LICENSE',
      '\u{1F600}.adoc',
      '\uFFFD.htm',
      'x.js',
      'makefile',
    ];
    for (const name of names) write(name);
    const expected = names.filter((name) => isDocumentName(name.slice(name.lastIndexOf('/') + 1)));
    expect(await paths()).toEqual(expected.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });

  it('gives the exact bytes, a byte order mark and line ends included', async () => {
    const bytes = Buffer.from('\uFEFFone\r\ntwo\n');
    write('a.txt', bytes);
    const { documents, bytes: total } = await scanFolder(root);
    expect(Buffer.from(documents[0]?.bytes ?? [])).toEqual(bytes);
    expect(total).toBe(bytes.length);
  });

  it('says why it skips binary, foreign, empty and large files', async () => {
    write('binary.md', 'a\0b');
    write('latin.txt', Buffer.from([0x63, 0x61, 0x66, 0xe9]));
    write('utf16.txt', Buffer.from('\uFEFFword', 'utf16le'));
    write('blank.md', '\uFEFF \r\n\t');
    write('none.md', '');
    write('large.md', 'x'.repeat(33));
    write('fits.md', 'x'.repeat(32));
    expect(await codes({ fileBytesMax: 32 })).toEqual({
      'binary.md': 'binary',
      'latin.txt': 'not_utf8',
      'utf16.txt': 'binary',
      'blank.md': 'empty',
      'none.md': 'empty',
      'large.md': 'too_large',
    });
    expect(await paths()).toContain('fits.md');
  });

  it('never leaves the folder by a link, and reads nothing twice', async () => {
    writeFileSync(join(base, 'secret.md'), 'outside');
    mkdirSync(join(base, 'folder-next'));
    write('docs/a.md');
    write('data/words', 'read by its link only');
    link('secret.md', '../secret.md');
    link('next', '../folder-next');
    link('up', '..');
    link('loop/again', '../loop');
    link('self.md', 'self.md');
    link('gone.md', 'nowhere.md');
    link('copy.md', 'docs/a.md');
    link('docs2', 'docs');
    link('words.md', 'data/words');
    link('words-too.md', 'data/words');
    link('tool.js', '../secret.md');
    expect(await codes()).toEqual({
      'secret.md': 'link_outside',
      next: 'link_outside',
      up: 'link_outside',
      'loop/again': 'link_repeats',
      'self.md': 'link_broken',
      'gone.md': 'link_broken',
      'copy.md': 'link_repeats',
      docs2: 'link_repeats',
      'words.md': 'link_repeats',
    });
    expect(await paths()).toEqual(['docs/a.md', 'words-too.md']);
  });

  it('keeps to each limit and reports what it left out', async () => {
    for (const name of ['a.md', 'b.md', 'c.md', 'd/e/f.md']) write(name, 'xxxx');
    expect(await codes({ documentsMax: 2 })).toEqual({
      'c.md': 'too_many_documents',
      'd/e/f.md': 'too_many_documents',
    });
    expect(await codes({ totalBytesMax: 9 })).toEqual({ 'c.md': 'too_many_bytes', 'd/e/f.md': 'too_many_bytes' });
    expect(await codes({ depthMax: 1 })).toEqual({ 'd/e': 'too_deep' });
    expect(await codes({ pathBytesMax: 7 })).toEqual({ 'd/e/f.md': 'path_too_long' });
    expect(await codes({ entriesMax: 4 })).toEqual({ d: 'too_many_entries' });
  });

  it('reports names that are not text, and what is no file', async () => {
    const server = createServer().listen(join(root, 'pipe.md'));
    await once(server, 'listening');
    write(Buffer.from([0x61, 0xff, 0x2e, 0x6d, 0x64]));
    mkdirSync(join(root, 'folder.md'));
    expect(await codes()).toEqual({ 'a\uFFFD.md': 'path_not_utf8', 'pipe.md': 'not_a_file' });
    server.close();
  });

  it('leaves version control alone, reports progress, stops when told', async () => {
    write('.git/description.md');
    write('a.md');
    const steps: number[] = [];
    await scanFolder(root, { onProgress: ({ done }) => steps.push(done) });
    expect(steps).toEqual([1]);
    expect(await paths()).toEqual(['a.md']);
    await expect(scanFolder(root, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
    await expect(scanFolder(join(base, 'none'))).rejects.toThrow('ENOENT');
  });

  it('reports a file that cannot be opened, and never follows a link in its place', async () => {
    write('a.md');
    link('link.md', 'a.md');
    expect(await readDocument(join(root, 'link.md'), SCAN_LIMITS)).toMatchObject({ ok: false, code: 'unreadable' });
    const gone = await readDocument(join(root, 'gone.md'), SCAN_LIMITS);
    expect(gone).toEqual({ ok: false, code: 'unreadable', reason: 'it cannot be read (ENOENT)' });
    expect(await readDocument(root, SCAN_LIMITS)).toMatchObject({ ok: false, code: 'not_a_file' });
  });
});
