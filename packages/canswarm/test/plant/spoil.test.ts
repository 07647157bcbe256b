import { sodiumCrypto } from '@canswarm/local';
import { memoryContent, seededRandom } from '@canswarm/memory';
import {
  type ArtifactRef,
  buildFile,
  buildRecord,
  buildTree,
  type Cid,
  cidOf,
  type DagMap,
  decodeCbor,
  encodeAcceptance,
  isMap,
  linkOf,
  lookup,
  parseSchema,
  utf8,
} from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { type Spoiled, spoil } from '../../src/plant/spoil.ts';

const { sha256 } = sodiumCrypto();
const TEXT = 'It rains on Monday. The sun shines on Tuesday.\n';

interface Made {
  readonly outputs: readonly ArtifactRef[];
  readonly inputs: readonly ArtifactRef[];
  readonly acceptance: Cid;
}

/** A result of one record, the document that it may cite, and an acceptance, all in a store. */
async function made(record: (document: Cid) => DagMap, schema: DagMap | null) {
  const content = memoryContent(sha256);
  const file = buildFile(utf8(TEXT), sha256);
  const input = buildTree([{ key: 'a.md', cid: file.cid, size: file.size, leaves: file.leaves }], sha256);
  const one = buildRecord(record(file.cid), sha256);
  const output = buildTree([{ key: 's/0001', cid: one.cid, size: one.size, leaves: 1 }], sha256);
  const parsed = schema === null ? undefined : parseSchema(schema);
  const schemas = parsed === undefined ? {} : { 's/0001': parsed };
  const bytes = encodeAcceptance({ v: 1, tier: 2, checker: 'any', params: {}, schemas, example: null });
  const acceptance = cidOf(bytes, 'dag-cbor', sha256);
  const blocks = [...file.blocks, ...input.blocks, { cid: one.cid, bytes: one.bytes }, ...output.blocks];
  await content.putBlocks([...blocks, { cid: acceptance, bytes }]);
  const result: Made = { outputs: [output.ref], inputs: [input.ref], acceptance };
  return { content, result };
}

const cites = (document: Cid): DagMap => {
  const quote = 'The sun shines on Tuesday.';
  const byteStart = TEXT.indexOf(quote);
  const place = { input: 0, path: 'a.md', document: linkOf(document), byteStart, byteEnd: byteStart + quote.length };
  return { ...place, quote, sha256: sha256(utf8(quote)), lineStart: 1, lineEnd: 1 };
};

const random = seededRandom(utf8('spoil'), sha256).stream('spoil');

const isFit = async () => true;

it('moves a citation beside the words that it quotes, and leaves its quote', async () => {
  const { content, result } = await made(cites, null);
  const spoiled = await spoil(result, { content, sha256, random, isFit });
  expect(spoiled?.fault).toEqual({ class: 'missing_citation', claim: { output: 0, key: 's/0001', step: 0 } });
  const blocks = new Map(spoiled?.blocks.map(({ cid, bytes }) => [cid, bytes]));
  const found = lookup(spoiled?.outputs[0]?.cid ?? result.acceptance, 's/0001', (cid) => blocks.get(cid));
  if (found.status !== 'found') throw new Error(found.status);
  const record = decodeCbor(blocks.get(found.entry.cid) ?? new Uint8Array());
  if (!record.ok || !isMap(record.value)) throw new Error('it is no record');
  const right = cites(result.acceptance);
  expect(record.value).toMatchObject({ quote: right['quote'], path: 'a.md' });
  expect(record.value['byteStart']).not.toBe(right['byteStart']);
});

it('breaks the schema of a record that cites nothing', async () => {
  const { content, result } = await made(() => ({ sum: 3 }), { type: 'object', required: ['sum'] });
  const spoiled = await spoil(result, { content, sha256, random, isFit });
  expect(spoiled?.fault.class).toBe('schema_violation');
});

it('makes nothing wrong that blocks cannot prove to be wrong', async () => {
  const { content, result } = await made(() => ({ sum: 3 }), null);
  expect(await spoil(result, { content, sha256, random, isFit })).toBeNull();
});

it('makes it wrong otherwise where what it made first is not fit, and not at all where nothing is', async () => {
  const schema = { type: 'object', required: ['quote', 'lineStart'] };
  const { content, result } = await made(cites, schema);
  const tried: string[] = [];
  const isNoCitation = async ({ fault }: Spoiled): Promise<boolean> => {
    tried.push(fault.class);
    return fault.class !== 'missing_citation';
  };
  const spoiled = await spoil(result, { content, sha256, random, isFit: isNoCitation });
  expect(spoiled?.fault.class).toBe('schema_violation');
  expect(tried.slice(0, 2)).toEqual(['missing_citation', 'missing_citation']);
  expect(await spoil(result, { content, sha256, random, isFit: async () => false })).toBeNull();
});
