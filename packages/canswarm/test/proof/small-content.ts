import { CHECKER } from '@canswarm/brief';
import { memoryContent } from '@canswarm/memory';
import type { ContentStore } from '@canswarm/ports';
import {
  type ArtifactRef,
  type Block,
  buildFile,
  buildRecord,
  buildTree,
  type Cid,
  cidOf,
  type DagValue,
  encodeAcceptance,
  linkOf,
  parseSchema,
  type TreeEntry,
  utf8,
} from '@canswarm/protocol';
import { crypto, type SmallTask } from './small-log.ts';

const { sha256 } = crypto;
const QUESTION = 'How do I report a vulnerability?';

/** Documents of three sizes: one leaf, several leaves, and one that is not cited. */
export const DOCUMENTS: Readonly<Record<string, string>> = {
  'SECURITY.md': '# Security\n\nReport a vulnerability to security@example.org.\n',
  'docs/long.md': `${'Some words that fill a line of a long document.\n'.repeat(1000)}Never report a vulnerability in public.\n`,
  'docs/other.txt': 'Nothing of interest stands here.\n',
};

const QUOTES = [
  ['SECURITY.md', 'Report a vulnerability to security@example.org.'],
  ['docs/long.md', 'Never report a vulnerability in public.'],
] as const;

/** Everything that a need is about, in a store: inputs, acceptance and the outputs of an honest worker. */
export interface SmallContent {
  readonly task: SmallTask;
  readonly content: ContentStore;
  readonly blocks: readonly Block[];
}

const SCHEMA = { type: 'object', required: ['quote'], properties: { quote: { type: 'string', minLength: 1 } } };

export async function smallContent(
  change: (statement: Record<string, DagValue>) => DagValue = (same) => same,
): Promise<SmallContent> {
  const files = Object.entries(DOCUMENTS).map(([key, text]) => ({ key, file: buildFile(utf8(text), sha256) }));
  const inputs = buildTree(
    files.map(({ key, file }) => ({ key, ...file })),
    sha256,
  );
  const blocks: Block[] = [...files.flatMap(({ file }) => file.blocks), ...inputs.blocks];
  const records = QUOTES.map(([path, quote], rank) => ({
    key: `s/000${rank + 1}`,
    value: change(statement(path, quote, files)),
  }));
  const groups = QUOTES.map(([title], rank) => ({ title, statements: [`s/000${rank + 1}`] }));
  const report = { key: 'report', value: { v: 1, kind: 'brief', question: QUESTION, engine: 'paragraph', groups } };
  const outputs = putTree([report, ...records], blocks);
  const schema = parseSchema(SCHEMA);
  if (schema === undefined) throw new Error('the schema is sound');
  const params = { question: QUESTION, maxStatements: 5, boundBps: 9000 };
  const acceptance = encodeAcceptance({
    v: 1,
    tier: 2,
    checker: CHECKER,
    params,
    schemas: { 's/0001': schema, 's/0002': schema },
    example: null,
  });
  const accepted = cidOf(acceptance, 'dag-cbor', sha256);
  blocks.push({ cid: accepted, bytes: acceptance });
  const content = memoryContent(sha256);
  await content.putBlocks(blocks);
  const task = { skill: 'brief', goal: QUESTION, inputs: [inputs.ref], acceptance: accepted, outputs: [outputs] };
  return { task, content, blocks };
}

function putTree(records: readonly { key: string; value: DagValue }[], blocks: Block[]): ArtifactRef {
  const entries = records.map(({ key, value }): TreeEntry => {
    const record = buildRecord(value, sha256);
    blocks.push({ cid: record.cid, bytes: record.bytes });
    return { key, cid: record.cid, leaves: 1, size: record.size };
  });
  const tree = buildTree(entries, sha256);
  blocks.push(...tree.blocks);
  return tree.ref;
}

function statement(
  path: string,
  quote: string,
  files: readonly { key: string; file: { cid: Cid } }[],
): Record<string, DagValue> {
  const text = DOCUMENTS[path] ?? '';
  const byteStart = text.indexOf(quote);
  const document = files.find(({ key }) => key === path)?.file.cid;
  if (document === undefined || byteStart < 0) throw new Error(`${path} does not say so`);
  const line = text.slice(0, byteStart).split('\n').length;
  return {
    input: 0,
    path,
    document: linkOf(document),
    byteStart,
    byteEnd: byteStart + quote.length,
    quote,
    sha256: sha256(utf8(quote)),
    lineStart: line,
    lineEnd: line,
  };
}
