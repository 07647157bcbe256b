import { expect } from 'vitest';
import {
  type ArtifactRef,
  buildTree,
  checkCitation,
  type DagValue,
  fromDagJson,
  linkOf,
  toDagJson,
  utf8,
} from '../../../src/index.ts';
import { Blocks } from '../../support/blocks.ts';
import { sha256 } from '../../support/crypto.ts';
import { cidOfText } from '../../support/samples.ts';
import { defineKind } from '../kind.ts';

interface CitationCase {
  readonly name: string;
  /** the only document, at the path "doc.md" of input 0 */
  readonly document: string;
  /** DAG-JSON */
  readonly record: string;
  /** "true", or "false" and the reason */
  readonly verdict: string;
}

const DOCUMENT = 'Security\n\nReport it in private – “never” in an issue.\n';

function inputOf(document: string): {
  readonly blocks: Blocks;
  readonly inputs: readonly ArtifactRef[];
  readonly cid: DagValue;
} {
  const blocks = new Blocks();
  const entry = blocks.file('doc.md', utf8(document));
  const tree = buildTree([entry], sha256);
  blocks.add(tree.blocks);
  return { blocks, inputs: [tree.ref], cid: linkOf(entry.cid) };
}

function verdictOf(document: string, line: string): string {
  const { blocks, inputs } = inputOf(document);
  const record = fromDagJson(line);
  if (record === undefined) throw new Error('not DAG-JSON');
  const verdict = checkCitation(record, inputs, blocks.get, sha256);
  return verdict.status === 'false' ? `false ${verdict.reason}` : verdict.status;
}

export const citations = defineKind<CitationCase>({
  kind: 'citations',
  about: 'statement records over one document, and whether they are true',
  generate() {
    const quote = 'in private – “never”';
    const byteStart = utf8(DOCUMENT.slice(0, DOCUMENT.indexOf(quote))).length;
    const record = {
      input: 0,
      path: 'doc.md',
      document: inputOf(DOCUMENT).cid,
      byteStart,
      byteEnd: byteStart + utf8(quote).length,
      quote,
      sha256: sha256(utf8(quote)),
      lineStart: 3,
      lineEnd: 3,
    };
    const said = (text: string) => ({
      quote: text,
      sha256: sha256(utf8(text)),
      byteEnd: byteStart + utf8(text).length,
    });
    const cases: readonly (readonly [string, Record<string, DagValue>])[] = [
      ['true', record],
      ['true, and more said', { ...record, rank: 1 }],
      ['one letter altered', { ...record, ...said('in private – “NEver”') }],
      ['plain quotes for typographic ones', { ...record, ...said('in private - "never"') }],
      ['moved by a byte', { ...record, byteStart: byteStart + 1, byteEnd: record.byteEnd + 1 }],
      ['hash of other words', { ...record, sha256: sha256(utf8('other')) }],
      ['another document', { ...record, document: linkOf(cidOfText('other')) }],
      ['no such path', { ...record, path: 'doc' }],
      ['no such input', { ...record, input: 1 }],
      ['beyond the end', { ...record, byteStart: record.byteStart + 1000, byteEnd: record.byteEnd + 1000 }],
      ['no lines', { ...record, lineStart: 0 }],
      ['nothing quoted', { ...record, ...said('') }],
    ];
    return cases.map(([name, value]) => {
      const line = toDagJson(value) ?? '';
      return { name, document: DOCUMENT, record: line, verdict: verdictOf(DOCUMENT, line) };
    });
  },
  judge({ document, record, verdict }) {
    expect(verdictOf(document, record)).toBe(verdict);
  },
});
