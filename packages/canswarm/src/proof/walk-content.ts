import { linksOf } from '@canswarm/ports';
import {
  type Acceptance,
  type Cid,
  checkCitation,
  checkSchema,
  codecOf,
  decodeCbor,
  parseAcceptance,
  parseCitation,
  type Sha256,
  schemaFor,
  type TreeEntry,
} from '@canswarm/protocol';
import { kindOf } from './kinds/kind-of.ts';
import type { OutputRecord, ProofContent, ProofTask } from './proof-content.ts';
import { type ContentWalk, contentFault, fileBlocks, HeldBlocks, inputBlocks, treeEntries } from './walk-blocks.ts';

export interface WalkOptions {
  /** Every block of the inputs, not only the paths to the cited words. */
  readonly includeSources: boolean;
  readonly sha256: Sha256;
  /** Gas of judging one record by its schema. */
  readonly gas: number;
}

/** Blocks that the example of an acceptance may reach. */
const EXAMPLE_BLOCKS_MAX = 256;

/**
 * Walks over all blocks of a proof: acceptance and what its kind of result is judged by, outputs whole, and for each citation the
 * blocks that lead from the input's root to the words; with `includeSources` the inputs whole. Judges what it sees: trees well-formed,
 * records of the shape that the acceptance demands, citations true. What it costs grows with the bytes of the blocks that are
 * asked for, however often they are linked.
 */
export function* walkContent(task: ProofTask, options: WalkOptions): ContentWalk<ProofContent> {
  const held = new HeldBlocks();
  const terms = yield* walkTerms(held, task.acceptance);
  if ('code' in terms) return terms;
  const { acceptance, outputEntriesMax } = terms;
  const records: OutputRecord[] = [];
  for (const [output, { cid }] of task.outputs.entries()) {
    const entries = yield* treeEntries(held, cid);
    if ('ok' in entries) return entries;
    if (entries.length > outputEntriesMax)
      return contentFault('malformed', cid, `an output that is proven has at most ${outputEntriesMax} entries`);
    for (const entry of entries) {
      if (codecOf(entry.cid) !== 'dag-cbor') {
        const broken = yield* fileBlocks(held, entry, entry.key);
        if (broken !== null) return broken;
        continue;
      }
      const record = yield* readRecord(held, task, output, entry, acceptance, options);
      if ('ok' in record) return record;
      records.push(record);
    }
  }
  if (options.includeSources) {
    const broken = yield* inputBlocks(held, task.inputs);
    if (broken !== null) return broken;
  }
  return { ok: true, acceptance, records };
}

interface WalkedTerms {
  readonly acceptance: Acceptance;
  readonly outputEntriesMax: number;
}

/** The acceptance, and the files and example that its kind of result is judged by. */
function* walkTerms(held: HeldBlocks, cid: Cid): ContentWalk<WalkedTerms> {
  const bytes = yield* held.block(cid);
  const parsed = parseAcceptance(bytes);
  if (!parsed.ok) return contentFault('acceptance_invalid', cid, `${parsed.code} ${parsed.path}`);
  const { acceptance } = parsed;
  const kind = kindOf(acceptance);
  if (kind === undefined)
    return contentFault('kind_unknown', cid, `what "${acceptance.checker}" judges is no kind of result known here`);
  if (kind.holdsExample && acceptance.example !== null) {
    if ((yield* exampleBlocks(held, acceptance.example)) > EXAMPLE_BLOCKS_MAX)
      return contentFault(
        'acceptance_invalid',
        acceptance.example,
        `its example has more than ${EXAMPLE_BLOCKS_MAX} blocks`,
      );
  }
  const files = kind.termFiles(bytes);
  if (typeof files === 'string') return contentFault('acceptance_invalid', cid, files);
  for (const file of files) {
    const broken = yield* fileBlocks(held, file, 'a file of the terms');
    if (broken !== null) return broken;
  }
  return { acceptance, outputEntriesMax: kind.outputEntriesMax };
}

/** Every block that the example reaches; gives their number, and stops beyond the limit. */
function* exampleBlocks(held: HeldBlocks, root: Cid): Generator<Cid, number, Uint8Array> {
  const reached = new Set([root]);
  for (const cid of reached) {
    if (reached.size > EXAMPLE_BLOCKS_MAX) break;
    for (const link of linksOf({ cid, bytes: yield* held.block(cid) })) reached.add(link);
  }
  return reached.size;
}

function* readRecord(
  held: HeldBlocks,
  task: ProofTask,
  output: number,
  entry: TreeEntry,
  acceptance: Acceptance,
  { sha256, gas }: WalkOptions,
): ContentWalk<OutputRecord> {
  const { cid, key } = entry;
  const decoded = decodeCbor(yield* held.block(cid));
  if (!decoded.ok) return contentFault('not_a_record', cid, `${key}: ${decoded.code}`);
  const { value } = decoded;
  const schema = schemaFor(acceptance, key);
  const name = `${cid} ${Object.hasOwn(acceptance.schemas, key) ? key : ''}`;
  if (held.judged.has(name)) return { output, key, cid, value, citation: held.judged.get(name) };
  if (schema !== undefined) {
    const judged = checkSchema(schema, value, gas);
    if (!judged.ok)
      return contentFault(
        'schema_violation',
        cid,
        `${key}: ${'path' in judged ? `${judged.path} ${judged.reason}` : 'too large to judge'}`,
      );
  }
  const citation = parseCitation(value);
  if (citation !== undefined) {
    const verdict = yield* held.settle(() => checkCitation(value, task.inputs, held.get, sha256));
    if (verdict.status === 'malformed') return contentFault('malformed', verdict.cid, verdict.reason);
    if (verdict.status !== 'true') return contentFault('citation_false', cid, `${key}: ${verdict.reason}`);
  }
  held.judged.set(name, citation);
  return { output, key, cid, value, citation };
}
