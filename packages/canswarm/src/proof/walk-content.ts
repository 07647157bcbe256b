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
  type Missing,
  parseAcceptance,
  parseCitation,
  partsOf,
  type Sha256,
  schemaFor,
  type TreeEntry,
  walkTree,
  wholeFile,
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

/** Entries of one output: a record is judged for every key it stands under, so few blocks could ask for much. */
const OUTPUT_ENTRIES_MAX = 1024;

/** Asks for blocks one by one, each once. */
export type ContentWalk<T> = Generator<Cid, T | ContentFault, Uint8Array>;

/** The blocks asked for so far. */
class Held {
  readonly #blocks = new Map<Cid, Uint8Array>();
  /** Parts of files walked already: parts that are alike share their blocks, and are walked once. */
  readonly parts = new Set<string>();
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
 * records of the shape that the acceptance demands, citations true. What it costs grows with the bytes of the blocks that are
 * asked for, however often they are linked.
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
    if (entries.length > OUTPUT_ENTRIES_MAX)
      return fault('malformed', cid, `an output that is proven has at most ${OUTPUT_ENTRIES_MAX} entries`);
    for (const entry of entries) {
      if (codecOf(entry.cid) !== 'dag-cbor') {
        const broken = yield* fileBlocks(held, entry);
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
  const walk = walkTree(root);
  let step = walk.next();
  while (step.done !== true) step = walk.next(yield* held.block(step.value));
  const tree = step.value;
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

/** Every block of a file, each in its place. */
function* fileBlocks(held: Held, file: TreeEntry): ContentWalk<null> {
  const pending = [wholeFile(file)];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const name = `${part.cid} ${part.size} ${part.span}`;
    if (held.parts.has(name)) continue;
    held.parts.add(name);
    const parts = partsOf(part, yield* held.block(part.cid));
    if ('status' in parts) return fault('malformed', parts.cid, `${file.key}: ${parts.reason}`);
    pending.push(...parts);
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
      const broken = yield* fileBlocks(held, entry);
      if (broken !== null) return broken;
    }
  }
  return null;
}

/** The roots that a proof's CAR names. */
export function proofRoots({ inputs, acceptance, outputs }: ProofTask): readonly Cid[] {
  return [...new Set([...outputs.map(({ cid }) => cid), acceptance, ...inputs.map(({ cid }) => cid)])];
}
