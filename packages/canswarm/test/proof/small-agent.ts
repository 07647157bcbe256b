import {
  type BundleDraft,
  buildTerms,
  CertificateChecks,
  type JudgingTools,
  publishBundle,
  type TermsDraft,
} from '@canswarm/agent';
import { memoryContent } from '@canswarm/memory';
import type { ContentStore } from '@canswarm/ports';
import { type Block, buildFile, type Citation, utf8 } from '@canswarm/protocol';
import type { SmallContent } from './small-content.ts';
import { crypto } from './small-log.ts';
import { vmSandbox } from './vm-sandbox.ts';

const { sha256 } = crypto;
const SKILL = 'count-lines';

const NOTES = 'First line.\nSecond line, é.\n';
const LONG = `${'Some words that fill a line of a long file.\n'.repeat(1_000)}The last line of all.\n`;

/** What goes in: two files, one of one leaf and one of several. */
export const INPUT: BundleDraft = {
  value: { count: ['notes.txt', 'long.txt'] },
  files: new Map([
    ['notes.txt', utf8(NOTES)],
    ['long.txt', utf8(LONG)],
  ]),
  citations: [],
};

/** What comes out: a count of each file, the counts as files too, and the last lines cited. */
export const OUTPUT: BundleDraft = {
  value: { counts: [2, 1_001] },
  files: new Map([
    ['counts.csv', utf8('file,lines\nnotes.txt,2\nlong.txt,1001\nall files together,1003\n')],
    ['../NOTES: <b>all</b>', utf8('Counted line feeds, not lines: a last line without one is none.\n')],
  ]),
  citations: [cited('notes.txt', NOTES, 'Second line, é.', 2), cited('long.txt', LONG, 'The last line of all.', 1_001)],
};

function cited(file: string, text: string, quote: string, line: number): Citation {
  const byteStart = utf8(text.slice(0, text.indexOf(quote))).length;
  return {
    input: 0,
    path: `files/${file}`,
    document: buildFile(utf8(text), sha256).cid,
    byteStart,
    byteEnd: byteStart + utf8(quote).length,
    quote,
    sha256: sha256(utf8(quote)),
    lineStart: line,
    lineEnd: line,
  };
}

/** Counts line feeds of the first file: enough for a test, and it reads values and files. */
const MODULE = `export default ({ input, output }, files) =>
  files.text('input/' + input.count[0]).split('\\n').length - 1 === output.counts[0];
`;

export const TERMS: TermsDraft = {
  skill: SKILL,
  inputSchema: {
    type: 'object',
    properties: { count: { type: 'array', items: { type: 'string' } } },
    required: ['count'],
  },
  outputSchema: {
    type: 'object',
    properties: { counts: { type: 'array', items: { type: 'integer', minimum: 0 } } },
    required: ['counts'],
  },
  checks: ['count-lines/1'],
  module: { source: MODULE, mode: 'check', boundBps: null },
  example: null,
};

/** What the work is judged again with: the check counts the other file. */
export const TOOLS: JudgingTools = {
  checks: new CertificateChecks([
    {
      name: 'count-lines/1',
      check: async ({ input, output }) => {
        const lines = (await input.files.text('long.txt')).split('\n').length - 1;
        const { counts } = output.value as { readonly counts: readonly number[] };
        return counts[1] === lines ? [] : [`long.txt has ${lines} lines, not ${counts[1]}`];
      },
    },
  ]),
  sandbox: vmSandbox(),
};

/** Everything that a need for an agent is about, in a store. */
export async function smallAgentContent({
  input = INPUT,
  output = OUTPUT,
  terms = TERMS,
}: {
  readonly input?: BundleDraft;
  readonly output?: BundleDraft;
  readonly terms?: TermsDraft;
} = {}): Promise<SmallContent> {
  const blocks: Block[] = [];
  const store = memoryContent(sha256);
  const content: ContentStore = {
    ...store,
    putBlocks: async (given) => {
      blocks.push(...given);
      await store.putBlocks(given);
    },
  };
  const [given, made] = [await publishBundle(content, input, sha256), await publishBundle(content, output, sha256)];
  const built = buildTerms(terms, sha256);
  await content.putBlocks(built.blocks);
  const goal = 'Count the lines, please.';
  const task = { skill: terms.skill, goal, inputs: [given], acceptance: built.cid, outputs: [made] };
  return { task, content: store, blocks };
}
