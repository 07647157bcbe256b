import { linksOf } from '@canswarm/ports';
import {
  type Acceptance,
  type ArtifactRef,
  type BlockSource,
  type Cid,
  type Citation,
  checkCitation,
  checkSchema,
  codecOf,
  type DagValue,
  decodeCbor,
  LEAF_BYTES,
  listTree,
  type Missing,
  parseAcceptance,
  parseCitation,
  readRange,
  type Sha256,
  schemaFor,
  type TreeEntry,
} from '@canswarm/protocol';

/** What a proof's blocks are about: a need's inputs and acceptance, a commit's outputs. */
export interface ProofTask {
  readonly inputs: readonly ArtifactRef[];
  readonly acceptance: Cid;
  readonly outputs: readonly ArtifactRef[];
}

/** A record of an output tree. */
export interface OutputRecord {
  readonly output: number;
  readonly key: string;
  readonly cid: Cid;
  readonly value: DagValue;
  /** Set when the record cites words of an input; then they stand there. */
  readonly citation: Citation | undefined;
}

/** All that the blocks of a proof say, found true. */
export interface ProofContent {
  readonly ok: true;
  readonly acceptance: Acceptance;
  readonly records: readonly OutputRecord[];
}

/** What is wrong with the content, and in which block. */
export interface ContentFault {
  readonly ok: false;
  readonly code: 'malformed' | 'not_a_record' | 'acceptance_invalid' | 'schema_violation' | 'citation_false';
  readonly cid: Cid;
  readonly detail: string;
}

export interface WalkOptions {
  /** Every block of the inputs, not only the paths to the cited words. */
  readonly includeSources: boolean;
  readonly sha256: Sha256;
  /** Gas of judging one record by its schema. */
  readonly gas: number;
}

/** Blocks that the example of an acceptance may reach. */
const EXAMPLE_BLOCKS_MAX = 256;

/** Asks for blocks one by one, each once. */
export type ContentWalk<T> = Generator<Cid, T | ContentFault, Uint8Array>;

/** The blocks asked for so far. */
class Held {
  readonly #blocks = new Map<Cid, Uint8Array>();
  readonly get: BlockSource = (cid) => this.#blocks.get(cid);

  *block(cid: Cid): Generator<Cid, Uint8Array, Uint8Array> {
    const held = this.#blocks.get(cid);
    if (held !== undefined) return held;
    const bytes = yield cid;
    this.#blocks.set(cid, bytes);
    return bytes;
  }

  /** Repeats a step, each time with one more of the blocks that it lacks. */
  *settle<R extends { readonly status: string }>(
    step: () => R | Missing,
  ): Generator<Cid, Exclude<R, Missing>, Uint8Array> {
    for (;;) {
      const result = step();
      if (result.status !== 'missing') return result as Exclude<R, Missing>;
      yield* this.block((result as Missing).cid);
    }
  }
}

/**
 * Walks over all blocks of a proof: acceptance and its example, outputs whole, and for each citation the blocks that lead
 * from the input's root to the words; with `includeSources` the inputs whole. Judges what it sees: trees well-formed,
 * records of the shape that the acceptance demands, citations true. Source: `spec/11-audit.md`, artifacts.
 */
export function* walkContent(task: ProofTask, options: WalkOptions): ContentWalk<ProofContent> {
  const held = new Held();
  const parsed = parseAcceptance(yield* held.block(task.acceptance));
  if (!parsed.ok) return fault('acceptance_invalid', task.acceptance, `${parsed.code} ${parsed.path}`);
  const { acceptance } = parsed;
  if (acceptance.example !== null && (yield* wholeExample(held, acceptance.example)) > EXAMPLE_BLOCKS_MAX) {
    return fault('acceptance_invalid', acceptance.example, `its example has more than ${EXAMPLE_BLOCKS_MAX} blocks`);
  }
  const records: OutputRecord[] = [];
  for (const [output, { cid }] of task.outputs.entries()) {
    const entries = yield* treeEntries(held, cid);
    if ('ok' in entries) return entries;
    for (const entry of entries) {
      if (codecOf(entry.cid) !== 'dag-cbor') {
        const broken = yield* wholeFile(held, entry);
        if (broken !== null) return broken;
        continue;
      }
      const record = yield* readRecord(held, task, output, entry, acceptance, options);
      if ('ok' in record) return record;
      records.push(record);
    }
  }
  if (options.includeSources) {
    const broken = yield* wholeInputs(held, task);
    if (broken !== null) return broken;
  }
  return { ok: true, acceptance, records };
}

/** Every block that the example reaches; gives their number, and stops beyond the limit. */
function* wholeExample(held: Held, root: Cid): Generator<Cid, number, Uint8Array> {
  const reached = new Set([root]);
  for (const cid of reached) {
    if (reached.size > EXAMPLE_BLOCKS_MAX) break;
    for (const link of linksOf({ cid, bytes: yield* held.block(cid) })) reached.add(link);
  }
  return reached.size;
}

const fault = (code: ContentFault['code'], cid: Cid, detail: string): ContentFault => ({
  ok: false,
  code,
  cid,
  detail,
});

function* treeEntries(held: Held, root: Cid): ContentWalk<readonly TreeEntry[]> {
  const tree = yield* held.settle(() => listTree(root, held.get));
  return tree.status === 'found' ? tree.entries : fault('malformed', tree.cid, tree.reason);
}

function* readRecord(
  held: Held,
  task: ProofTask,
  output: number,
  entry: TreeEntry,
  acceptance: Acceptance,
  { sha256, gas }: WalkOptions,
): ContentWalk<OutputRecord> {
  const { cid, key } = entry;
  const decoded = decodeCbor(yield* held.block(cid));
  if (!decoded.ok) return fault('not_a_record', cid, `${key}: ${decoded.code}`);
  const { value } = decoded;
  const schema = schemaFor(acceptance, key);
  if (schema !== undefined) {
    const judged = checkSchema(schema, value, gas);
    if (!judged.ok)
      return fault(
        'schema_violation',
        cid,
        `${key}: ${'path' in judged ? `${judged.path} ${judged.reason}` : 'too large to judge'}`,
      );
  }
  const citation = parseCitation(value);
  if (citation === undefined) return { output, key, cid, value, citation };
  const verdict = yield* held.settle(() => checkCitation(value, task.inputs, held.get, sha256));
  if (verdict.status === 'true') return { output, key, cid, value, citation };
  if (verdict.status === 'malformed') return fault('malformed', verdict.cid, verdict.reason);
  return fault('citation_false', cid, `${key}: ${verdict.reason}`);
}

/** Every leaf of a file, in order. */
function* wholeFile(held: Held, file: TreeEntry): ContentWalk<null> {
  for (let start = 0; start === 0 || start < file.size; start += LEAF_BYTES) {
    const end = Math.min(file.size, start + LEAF_BYTES);
    const read = yield* held.settle(() => readRange(file, start, end, held.get));
    if (read.status !== 'found') return fault('malformed', file.cid, `${file.key}: no bytes ${start} to ${end}`);
    // An empty file has one leaf that no range touches.
    if (file.size === 0) yield* held.block(file.cid);
  }
  return null;
}

function* wholeInputs(held: Held, task: ProofTask): ContentWalk<null> {
  for (const { cid } of task.inputs) {
    const entries = yield* treeEntries(held, cid);
    if ('ok' in entries) return entries;
    for (const entry of entries) {
      if (codecOf(entry.cid) === 'dag-cbor') {
        yield* held.block(entry.cid);
        continue;
      }
      const broken = yield* wholeFile(held, entry);
      if (broken !== null) return broken;
    }
  }
  return null;
}

/** The roots that a proof's CAR names. */
export function proofRoots({ inputs, acceptance, outputs }: ProofTask): readonly Cid[] {
  return [...new Set([...outputs.map(({ cid }) => cid), acceptance, ...inputs.map(({ cid }) => cid)])];
}
