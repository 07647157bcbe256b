import { utf8 } from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publishCorpus } from '../../src/corpus/publish-corpus.ts';
import { CorpusError, openCorpus, readCorpus } from '../../src/corpus/read-corpus.ts';
import type { FolderDocument } from '../../src/corpus/scan-folder.ts';
import { testContent } from '../support/content.ts';
import { textDocument } from '../support/needs.ts';
import { sha256 } from '../support/sha256.ts';

const documentText = fc
  .tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.constantFrom(1, 3, 900, 4000))
  .map(([text, times]) => text.toWellFormed().repeat(times));
const paths = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map((path) => path.toWellFormed());
const corpora = fc.dictionary(paths, documentText, { minKeys: 1, maxKeys: 12, noNullPrototype: true });

const fingerprint = ({ path, bytes }: FolderDocument): string =>
  `${path} ${Buffer.from(sha256(bytes)).toString('hex')}`;

describe('a published corpus', () => {
  it('reads back as it was, in path order', async () => {
    await fc.assert(
      fc.asyncProperty(corpora, async (corpus) => {
        const documents = Object.entries(corpus).map(([path, text]) => textDocument(path, text));
        const store = testContent();
        const ref = await publishCorpus(store, documents, sha256);
        const read: FolderDocument[] = [];
        for await (const document of readCorpus(store, ref)) read.push(document);
        const sorted = documents.sort((a, b) => Buffer.compare(utf8(a.path), utf8(b.path)));
        expect(read.map(fingerprint)).toEqual(sorted.map(fingerprint));
        expect(await publishCorpus(testContent(), documents.reverse(), sha256)).toEqual(ref);
      }),
      { numRuns: 40 },
    );
  });

  it('reads thousands of documents with hardly more reads than blocks', async () => {
    const documents = Array.from({ length: 3000 }, (_, index) =>
      textDocument(`folder/${index}/README.md`, `text ${index}`),
    );
    const store = testContent();
    const ref = await publishCorpus(store, documents, sha256);
    let count = 0;
    for await (const { path } of readCorpus(store, ref)) count += path.endsWith('README.md') ? 1 : 0;
    expect(count).toBe(3000);
    expect(store.reads.length).toBeLessThan(3100);
  });

  it('finds one document, leaves out what is not text, refuses to publish nothing', async () => {
    const store = testContent();
    const documents = [textDocument('a', 'words'), { path: 'b', bytes: Uint8Array.of(0xff, 0xfe) }];
    const corpus = await openCorpus(store, await publishCorpus(store, documents, sha256));
    expect((await corpus.document('a'))?.bytes).toEqual(utf8('words'));
    expect(await corpus.document('b')).toBeUndefined();
    expect(await corpus.document('c')).toBeUndefined();
    expect(corpus.files.length).toBe(2);
    await expect(publishCorpus(store, [], sha256)).rejects.toThrow(RangeError);
  });

  it('says when it cannot be read', async () => {
    const store = testContent();
    const ref = await publishCorpus(store, [textDocument('a', 'words'.repeat(9000))], sha256);
    const [file] = (await openCorpus(store, ref)).files;
    if (file === undefined) throw new Error('one file was published');
    store.lose(file.cid);
    await expect((await openCorpus(store, ref)).document('a')).rejects.toMatchObject({ code: 'not_found' });
    await expect(openCorpus(store, { cid: file.cid, leaves: 1 })).rejects.toMatchObject({ code: 'not_found' });
    const raw = await store.put(utf8('no tree'), 'raw');
    await expect(openCorpus(store, { cid: raw, leaves: 1 })).rejects.toThrow(CorpusError);
  });
});
