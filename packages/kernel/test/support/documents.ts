import {
  type Acceptance,
  type ArtifactRef,
  type Block,
  buildFile,
  buildRecord,
  buildTree,
  type Cid,
  cidOf,
  type DagMap,
  encodeAcceptance,
  linkOf,
  parseSchema,
  type Schema,
  utf8,
} from '@canswarm/protocol';
import { sha256 } from './keys.ts';

/** The documents, the acceptance and the results that the tests use: built once, real artifacts with all their blocks. */
const blocks = new Map<Cid, Uint8Array>();
const keep = (some: readonly Block[]): void => {
  for (const block of some) blocks.set(block.cid, block.bytes);
};

export const blockOf = (cid: Cid): Uint8Array | undefined => blocks.get(cid);

const GUIDE = `${'Lines before the words that matter.\n'.repeat(1000)}Report a vulnerability by mail.\n`;
const guide = buildFile(utf8(GUIDE), sha256);
const notes = buildFile(utf8('Keep the log in order.\n'), sha256);
keep(guide.blocks);
keep(notes.blocks);

function treeOf(entries: readonly { key: string; cid: Cid; leaves: number; size: number }[]): ArtifactRef {
  const tree = buildTree(entries, sha256);
  keep(tree.blocks);
  return tree.ref;
}

/** inputs[0] of every need: guide.md has three leaves, notes.md one. */
export const INPUTS: readonly ArtifactRef[] = [
  treeOf([
    { key: 'guide.md', ...guide },
    { key: 'notes.md', ...notes },
  ]),
];

/** A statement record that says that `quote` stands at `byteStart` of guide.md. */
function statement(quote: string, byteStart: number, more: DagMap = {}): DagMap {
  const words = utf8(quote);
  return {
    input: 0,
    path: 'guide.md',
    document: linkOf(guide.cid),
    byteStart,
    byteEnd: byteStart + words.length,
    quote,
    sha256: sha256(words),
    lineStart: 1001,
    lineEnd: 1001,
    ...more,
  };
}

const WORDS = 'Report a vulnerability by mail.';
const WORDS_AT = GUIDE.indexOf(WORDS);

/** An output tree of these records. */
function outputOf(records: Readonly<Record<string, DagMap>>): ArtifactRef {
  const entries = Object.entries(records)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => {
      const record = buildRecord(value, sha256);
      keep([{ cid: record.cid, bytes: record.bytes }]);
      return { key, cid: record.cid, leaves: 1, size: record.size };
    });
  return treeOf(entries);
}

const REPORT: DagMap = { v: 1, kind: 'brief', question: 'How is a vulnerability reported?' };

export const TRUTHFUL = outputOf({ report: REPORT, 's/0001': statement(WORDS, WORDS_AT) });
/** The quote differs from the document in one word. */
export const LYING = outputOf({ report: REPORT, 's/0001': statement('Report a vulnerability by moon.', WORDS_AT) });
/** The statement lacks what the schema asks for. */
export const UNFIT = outputOf({ report: REPORT, 's/0001': { text: 'no quote at all' } });

const schemaOf = (value: DagMap): Schema => {
  const schema = parseSchema(value);
  if (schema === undefined) throw new Error('a schema of the tests is a schema');
  return schema;
};

const acceptance: Acceptance = {
  v: 1,
  tier: 1,
  checker: 'brief',
  params: {},
  schemas: {
    report: schemaOf({ type: 'object', required: ['question'] }),
    '*': schemaOf({ type: 'object', required: ['quote'] }),
  },
  example: null,
};

function pinned(bytes: Uint8Array): Cid {
  const cid = cidOf(bytes, 'dag-cbor', sha256);
  keep([{ cid, bytes }]);
  return cid;
}

export const ACCEPTANCE = pinned(encodeAcceptance(acceptance));
/** An acceptance that names no schema at all. */
export const NO_SCHEMA = pinned(encodeAcceptance({ ...acceptance, schemas: {} }));
/** A block that is no acceptance: nothing can be judged by it. */
export const NO_ACCEPTANCE = pinned(buildRecord({ hello: 'world' }, sha256).bytes);

/** Blocks by CID, for the evidence of a challenge. */
export const blocksFor = (cids: Iterable<Cid>): Block[] =>
  [...new Set(cids)].flatMap((cid) => {
    const bytes = blocks.get(cid);
    return bytes === undefined ? [] : [{ cid, bytes }];
  });
