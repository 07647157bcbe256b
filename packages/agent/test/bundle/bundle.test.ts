import type { JsonValue } from '@canswarm/ports';
import {
  type ArtifactRef,
  type Block,
  type BlockSource,
  buildFile,
  buildRecord,
  buildTree,
  type Cid,
  type DagValue,
  linkOf,
  listTree,
  type TreeEntry,
  utf8,
} from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BundleDraft, BundleError, publishBundle } from '../../src/bundle/bundle.ts';
import { heldBundle, heldFile, readBundle } from '../../src/bundle/read-bundle.ts';
import { canonicalJson } from '../../src/json.ts';
import { blockFetcher } from '../../src/reading/fetch-blocks.ts';
import { UnsoundArtifactError } from '../../src/reading/read-file.ts';
import { citationOf } from '../support/citation.ts';
import { testContent } from '../support/content.ts';
import { sha256 } from '../support/sha256.ts';
import { bundleOf } from '../support/work.ts';

const TEXT = 'one\ntwo é three\n';
const citation = citationOf('a.txt', TEXT, 'two é');
const nested = (depth: number): JsonValue => (depth === 0 ? 1 : [nested(depth - 1)]);

/** Publishes a bundle; gives its keys, and what both readers make of it. */
async function roundTrip(draft: BundleDraft) {
  const content = testContent();
  const ref = await publishBundle(content, draft, sha256);
  const get: BlockSource = (cid) => content.held.get(cid);
  const tree = listTree(ref.cid, get);
  const keys = tree.status === 'found' ? tree.entries.map(({ key }) => key) : [];
  return { ref, keys, get, bundle: await readBundle(ref, blockFetcher(content)), held: heldBundle(ref, get) };
}

describe('a bundle', () => {
  it('is read back as it was published, by both readers', async () => {
    const names = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((name) => !name.includes('\0'));
    const file = fc.tuple(names, fc.uint8Array({ maxLength: 40_000, size: 'medium' }));
    const files = fc.uniqueArray(file, { maxLength: 4, selector: ([name]) => name });
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), files, fc.nat({ max: 3 }), async (json, listed, cited) => {
        const value = JSON.parse(JSON.stringify(json)) as JsonValue;
        const draft = { value, files: new Map(listed), citations: Array(cited).fill(citation) };
        const { bundle, held, get } = await roundTrip(draft);
        // -0 is 0 in JSON's one text.
        expect(canonicalJson(bundle.value)).toBe(canonicalJson(value));
        expect(held.value).toStrictEqual(bundle.value);
        expect(bundle.citations).toStrictEqual(held.citations);
        expect(bundle.citations.map((one) => one.citation)).toStrictEqual(draft.citations);
        expect(held.files.map(({ name }) => name)).toEqual(bundle.files.names());
        expect([...bundle.files.names()].sort()).toEqual([...draft.files.keys()].sort());
        for (const one of held.files) {
          expect(Buffer.compare(heldFile(one, get), draft.files.get(one.name) ?? utf8('none'))).toBe(0);
          expect(await bundle.files.bytes(one.name)).toEqual(heldFile(one, get));
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, JsonValue, 'value' | 'value.json']>([
    ['what has whole numbers', { a: [1, -2, 'x', null] }, 'value'],
    ['the largest integer', Number.MAX_SAFE_INTEGER, 'value'],
    ['an integer beyond', 2 ** 53, 'value.json'],
    ['a fraction', { a: 0.5 }, 'value.json'],
    ['what nests deep', nested(23), 'value'],
    ['what nests deeper', nested(24), 'value.json'],
    ['what fits a block', 'x'.repeat(16_384 - 10), 'value'],
    ['what does not', 'x'.repeat(16_384 - 9), 'value.json'],
  ])('holds %s where it follows from the value', async (_name, value, key) => {
    expect((await roundTrip(bundleOf(value))).keys).toEqual([key]);
  });

  it('says its files by name, size and content', async () => {
    const { bundle, ref, keys } = await roundTrip(bundleOf(1, { 'b/c': TEXT, a: 'é' }, [citation, citation]));
    expect(keys).toEqual(['citations/00001', 'citations/00002', 'files/a', 'files/b/c', 'value']);
    expect(ref.leaves).toBe(5);
    const { files } = bundle;
    expect([files.names(), files.size('a'), await files.text('b/c')]).toEqual([['a', 'b/c'], 2, TEXT]);
    expect([files.size('x'), files.cid('x')]).toEqual([undefined, undefined]);
    await expect(files.bytes('x')).rejects.toThrow('there is no file "x"; there is "a", "b/c"');
  });

  it('gives text only of what is UTF-8', async () => {
    const { bundle } = await roundTrip({ value: 1, files: new Map([['a', Uint8Array.of(0xff)]]), citations: [] });
    await expect(bundle.files.text('a')).rejects.toThrow('the file "a" is not UTF-8 text');
  });
});

describe('what is not published', () => {
  it.each<[string, BundleDraft, RegExp]>([
    ['no JSON', bundleOf([Number.NaN]), /no JSON: \/0 is no finite number/],
    ['nested too deep', bundleOf(nested(65)), /no JSON: .* nested deeper than 64/],
    ['too long', bundleOf('x'.repeat(4_194_303)), /4194305 bytes as JSON, more than 4194304/],
    ['a file without a name', bundleOf(1, { '': '' }), /"" is no name of a file/],
    ['a name with NUL', bundleOf(1, { 'a\0': '' }), /is no name of a file/],
    ['a name that is no text', bundleOf(1, { '\ud800': '' }), /is no name of a file/],
    ['a long name', bundleOf(1, { ['é'.repeat(257)]: '' }), /is no name of a file/],
    ['too many citations', bundleOf(1, {}, Array(10_001).fill(citation)), /10001 citations, more than 10000/],
    [
      'too many files',
      { value: 1, files: new Map(Array.from({ length: 20_001 }, (_, i) => [`f${i}`, utf8('')])), citations: [] },
      /20001 files, more than 20000/,
    ],
    [
      'too large files',
      { value: 1, files: new Map([0, 1].map((i) => [`f${i}`, new Uint8Array(67_108_865)])), citations: [] },
      /134217730 bytes, more than 134217728/,
    ],
  ])('%s', async (_name, draft, message) => {
    await expect(publishBundle(testContent(), draft, sha256)).rejects.toThrow(BundleError);
    await expect(publishBundle(testContent(), draft, sha256)).rejects.toThrow(message);
  });
});

/** A tree made by hand of files and records. */
function treeOf(parts: Readonly<Record<string, Uint8Array | DagValue>>) {
  const blocks: Block[] = [];
  const entries = Object.entries(parts).map(([key, part]): TreeEntry => {
    if (part instanceof Uint8Array) {
      const file = buildFile(part, sha256);
      blocks.push(...file.blocks);
      return { key, ...file };
    }
    const record = buildRecord(part, sha256);
    blocks.push(record);
    return { key, ...record };
  });
  const tree = buildTree(entries, sha256);
  const held = new Map([...blocks, ...tree.blocks].map(({ cid, bytes }) => [cid, bytes]));
  return { ref: tree.ref, held };
}

const record = { ...citation, document: linkOf(citation.document) };
const json = (text: string): Uint8Array => utf8(text);

describe('what is no bundle', () => {
  it.each<[string, Readonly<Record<string, Uint8Array | DagValue>>, RegExp]>([
    ['without a value', { 'files/a': json('a') }, /has not one value/],
    ['with two values', { value: { value: 1 }, 'value.json': json('0.5') }, /has not one value/],
    ['with what is of no bundle', { value: { value: 1 }, other: json('1') }, /"other" is not of a bundle/],
    ['with a value that is a file', { value: json('1') }, /value is no record/],
    ['with a value file that is a record', { 'value.json': { value: 1 } }, /value.json is a record/],
    ['with a value that is no map', { value: [1] }, /no record of JSON/],
    ['with more beside the value', { value: { value: 1, more: 2 } }, /no record of JSON/],
    ['with another field', { value: { other: 1 } }, /no record of JSON/],
    ['with bytes in the value', { value: { value: [json('1')] } }, /no record of JSON/],
    ['with a link in the value', { value: { value: { a: linkOf(citation.document) } } }, /no record of JSON/],
    ['with a record that nests too deep', { value: { value: nested(24) as DagValue } }, /no record of JSON/],
    ['with text that is no JSON', { 'value.json': json('0.5,') }, /no canonical JSON/],
    ['with text that is not UTF-8', { 'value.json': Uint8Array.of(0x22, 0xff, 0x22) }, /no canonical JSON/],
    ['with a byte order mark', { 'value.json': json('\ufeff0.5') }, /no canonical JSON/],
    ['with spaces', { 'value.json': json('{"a": 0.5}') }, /no canonical JSON/],
    ['with keys in another order', { 'value.json': json('{"b":0.5,"a":1}') }, /no canonical JSON/],
    ['with a key twice', { 'value.json': json('{"a":0.5,"a":0.5}') }, /no canonical JSON/],
    ['with a number spelled otherwise', { 'value.json': json('0.50') }, /no canonical JSON/],
    ['with -0', { 'value.json': json('[-0,0.5]') }, /no canonical JSON/],
    ['with a file for what fits a record', { 'value.json': json('{"a":1}') }, /fits a record and is none/],
    ['with a file without a name', { value: { value: 1 }, 'files/': json('') }, /"" is no name of a file/],
    ['with a name with NUL', { value: { value: 1 }, 'files/a\0': json('') }, /is no name of a file/],
    ['with a long name', { value: { value: 1 }, [`files/${'x'.repeat(513)}`]: json('') }, /is no name of a file/],
    ['with a file that is a record', { value: { value: 1 }, 'files/a': { a: 1 } }, /the file "a" is a record/],
    ['with a citation that is a file', { value: { value: 1 }, 'citations/00001': json('1') }, /00001 is no record/],
    ['with a citation that is none', { value: { value: 1 }, 'citations/00001': { a: 1 } }, /00001 is no citation/],
    [
      'with a citation that says more',
      { value: { value: 1 }, 'citations/00001': { ...record, more: 1 } },
      /00001 is no citation/,
    ],
    [
      'with a citation that begins at 2',
      { value: { value: 1 }, 'citations/00002': record },
      /"citations\/00002" stands where citations\/00001 is due/,
    ],
    ['with a citation of another name', { value: { value: 1 }, 'citations/a': record }, /stands where/],
  ])('a tree %s', async (_name, parts, message) => {
    const { ref, held } = treeOf(parts);
    const read = readBundle(ref, fetcher(held));
    await expect(read).rejects.toThrow(BundleError);
    await expect(read).rejects.toThrow(message);
    expect(() => heldBundle(ref, (cid) => held.get(cid))).toThrow(message);
  });

  const fetcher = (held: ReadonlyMap<Cid, Uint8Array>) => async (cid: Cid) => {
    const bytes = held.get(cid);
    if (bytes === undefined) throw new Error(`no ${cid}`);
    return bytes;
  };

  it('an artifact with other leaves than its root says', () => {
    const { ref, held } = treeOf({ value: { value: 1 } });
    const said: ArtifactRef = { ...ref, leaves: 2 };
    expect(() => heldBundle(said, (cid) => held.get(cid))).toThrow('it has 1 leaves, not the 2 that were said');
  });

  it('what is no tree, or lacks a block', async () => {
    const { held } = treeOf({ value: { value: 1 } });
    const value = [...held.keys()][0] as Cid;
    const read = readBundle({ cid: value, leaves: 1 }, fetcher(held));
    await expect(read).rejects.toThrow(UnsoundArtifactError);
    expect(() => heldBundle({ cid: value, leaves: 1 }, (cid) => held.get(cid))).toThrow(UnsoundArtifactError);
    const whole = treeOf({ value: { value: 1 }, 'files/a': json('x'.repeat(20_000)) });
    for (const cid of whole.held.keys()) {
      const lacking = (one: Cid) => (one === cid ? undefined : whole.held.get(one));
      expect(() => {
        const { files } = heldBundle(whole.ref, lacking);
        for (const file of files) heldFile(file, lacking);
      }).toThrow(UnsoundArtifactError);
    }
  });
});
