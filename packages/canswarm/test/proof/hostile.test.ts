import { writeCar } from '@canswarm/content-fs';
import {
  type Block,
  buildFile,
  buildRecord,
  buildTree,
  type Cid,
  cidOf,
  encodeCbor,
  fromUtf8,
  LEAF_BYTES,
  linkOf,
  type TreeEntry,
  utf8,
} from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { briefKind } from '../../src/proof/kinds/brief/brief-kind.ts';
import { proofRoots } from '../../src/proof/proof-content.ts';
import { verifyArtifacts } from '../../src/proof/verify-artifacts.ts';
import { smallContent } from './small-content.ts';
import { crypto, type SmallTask } from './small-log.ts';

const { sha256 } = crypto;
const small = await smallContent();
const [input] = small.task.inputs;
const [output] = small.task.outputs;
if (input === undefined || output === undefined) throw new Error('the need has an input and an output');

/** Verifies these blocks, each once, as the proof of a task. */
function verify(task: SmallTask, blocks: readonly Block[]) {
  const once = new Map(blocks.map((block) => [block.cid, block]));
  return verifyArtifacts(writeCar(proofRoots(task), once.values()), task, { sha256, gas: 100_000 });
}

/** A block of a tree node with these entries, packed as its author likes. */
function treeNode(level: number, entries: readonly TreeEntry[]): { readonly entry: TreeEntry; readonly block: Block } {
  const wire = entries.map(({ key, cid, leaves, size }) => [key, linkOf(cid), leaves, size]);
  const bytes = encodeCbor({ v: 1, kind: 'tree', level, entries: wire });
  const cid = cidOf(bytes, 'dag-cbor', sha256);
  const sum = (field: 'leaves' | 'size'): number => entries.reduce((total, entry) => total + entry[field], 0);
  const entry = { key: entries[0]?.key ?? '', cid, leaves: sum('leaves'), size: sum('size') };
  return { entry, block: { cid, bytes } };
}

describe('few blocks that stand for much', () => {
  // Three blocks for 522 leaves that are all alike, and 200 names for them: 1.7 GB of zeros.
  const zeros = buildFile(new Uint8Array(LEAF_BYTES * 174 * 3), sha256);
  const files = Array.from({ length: 200 }, (_, index): TreeEntry => {
    const { cid, size, leaves } = zeros;
    return { key: `zeros/${String(index).padStart(3, '0')}`, cid, size, leaves };
  });

  it('in an output are walked once', () => {
    const tree = buildTree(files, sha256);
    const task = { ...small.task, inputs: [], outputs: [tree.ref] };
    const acceptance = small.blocks.filter(({ cid }) => cid === small.task.acceptance);
    const verified = verify(task, [...zeros.blocks, ...tree.blocks, ...acceptance]);
    expect(verified).toMatchObject({ ok: true });
  }, 10_000);

  it('under more keys than a proof judges are refused', () => {
    const record = buildRecord({ note: 'the same under every key' }, sha256);
    const { cid, size, leaves } = record;
    const keys = Array.from({ length: 1025 }, (_, index) => ({ key: `k/${index}`, cid, size, leaves }));
    const tree = buildTree(keys, sha256);
    const task = { ...small.task, outputs: [tree.ref] };
    expect(verify(task, [...small.blocks, record, ...tree.blocks])).toMatchObject({
      ok: false,
      code: 'malformed',
      cid: tree.ref.cid,
    });
  });

  it('are found malformed where one of them is', () => {
    const leaf: Block = { cid: cidOf(new Uint8Array(9), 'raw', sha256), bytes: new Uint8Array(9) };
    const tree = buildTree([{ key: 'short', cid: leaf.cid, size: 10, leaves: 1 }], sha256);
    const acceptance = small.blocks.filter(({ cid }) => cid === small.task.acceptance);
    const verified = verify({ ...small.task, inputs: [], outputs: [tree.ref] }, [leaf, ...tree.blocks, ...acceptance]);
    expect(verified).toMatchObject({ ok: false, code: 'malformed', cid: leaf.cid });
  });
});

it('a tree of many nodes is read node by node', () => {
  const [empty] = buildFile(new Uint8Array(), sha256).blocks;
  if (empty === undefined) throw new Error('an empty file has a leaf');
  const blocks: Block[] = [empty];
  const level = (of: readonly TreeEntry[], height: number, width: number): TreeEntry[] => {
    const nodes: TreeEntry[] = [];
    for (let at = 0; at < of.length; at += width) {
      const { entry, block } = treeNode(height, of.slice(at, at + width));
      blocks.push(block);
      nodes.push(entry);
    }
    return nodes;
  };
  const entries = Array.from({ length: 10_000 }, (_, index): TreeEntry => {
    return { key: `k/${String(index).padStart(6, '0')}`, cid: empty.cid, size: 0, leaves: 1 };
  });
  const [root] = level(level(level(entries, 0, 1), 1, 150), 2, 150);
  if (root === undefined) throw new Error('a tree has a root');
  const { cid, leaves } = root;
  const task = { ...small.task, inputs: [input, { cid, leaves }] };
  expect(verify(task, [...small.blocks, ...blocks])).toMatchObject({ ok: true, sources: true });
}, 10_000);

describe('a brief that speaks for itself', () => {
  const held = new Map<Cid, Uint8Array>(small.blocks.map(({ cid, bytes }) => [cid, bytes]));

  /** Renders the small brief with other groups in its report. */
  function render(groups: readonly { readonly title: string; readonly statements: readonly string[] }[]) {
    const report = buildRecord(
      { v: 1, kind: 'brief', question: small.task.goal, engine: 'own words', groups: groups as never },
      sha256,
    );
    const statements = small.blocks.flatMap(({ cid, bytes }) => {
      const rank = [0, 1].find((at) => Buffer.from(bytes).includes(at === 0 ? 'security@example.org' : 'in public'));
      return cid === small.task.acceptance || rank === undefined || !Buffer.from(bytes).includes('lineStart')
        ? []
        : [{ key: `s/000${rank + 1}`, cid, leaves: 1, size: bytes.length }];
    });
    expect(statements).toHaveLength(2);
    const tree = buildTree([{ key: 'report', ...report }, ...statements], sha256);
    const blocks = new Map([...held, [report.cid, report.bytes], ...tree.blocks.map((one) => [one.cid, one.bytes])] as [
      Cid,
      Uint8Array,
    ][]);
    const about = { id: 'need', need: { goal: small.task.goal }, commit: { outputs: [tree.ref] }, digest: '00' };
    return briefKind.render({ blocks, content: { records: [] } as never }, about as never, sha256);
  }

  const first = { title: 'SECURITY.md', statements: ['s/0001'] };
  const second = { title: 'docs/long.md', statements: ['s/0002'] };

  it('is rendered where its report groups the statements by document', () => {
    const rendered = render([first, second]);
    expect(rendered.ok && fromUtf8(rendered.documents.get('brief.md') ?? utf8(''))).toContain('SECURITY');
  });

  it.each([
    ['with a title of its own', [{ ...first, title: 'They admit it' }, second]],
    ['that leaves statements out', [first]],
    ['that shows none', []],
    ['that repeats one', [{ ...first, statements: ['s/0001', 's/0001'] }, second]],
    ['in another order', [second, first]],
  ])('%s is refused', (_name, groups) => {
    expect(render(groups)).toMatchObject({ ok: false, file: 'artifacts.car', code: 'groups_other' });
  });
});
