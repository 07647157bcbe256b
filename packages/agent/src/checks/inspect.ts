import { ContentError, type Finding, type InspectOutcome, type ResultInput, type SkillContext } from '@canswarm/ports';
import {
  type Acceptance,
  type ArtifactRef,
  type BlockSource,
  type CitationVerdict,
  checkCitation,
  checkSchema,
  codecOf,
  type DagValue,
  decodeCbor,
  noneRead,
  parseAcceptance,
  parseCitation,
  type Sha256,
  schemaFor,
  withBlocks,
} from '@canswarm/protocol';
import { blockFetcher, type FetchBlock, keepingFetcher } from '../reading/fetch-blocks.ts';
import { readTree } from '../reading/read-tree.ts';

/** Records looked at in one output. */
const RECORDS_MAX = 4096;
/** What judging a record by its schema may cost: far more than a sound record needs, far less than the kernel grants. */
const SCHEMA_GAS = 100_000;

/**
 * Looks for the first fault that a proof can show: a record that violates its schema, or a citation whose words do not stand
 * where it says. Gives null when there is none, or when what it would need cannot be read: a bystander risks its bond only on
 * what it has seen.
 */
export async function inspect(subject: ResultInput, context: SkillContext): Promise<InspectOutcome> {
  const fetch = keepingFetcher(blockFetcher(context.content, context.signal));
  try {
    const parsed = parseAcceptance(await fetch(subject.task.acceptance));
    if (!parsed.ok) return { finding: null };
    for (let output = 0; output < subject.outputs.length; output++) {
      const finding = await inspectOutput(subject, output, parsed.acceptance, { ...context, fetch });
      if (finding !== null) return { finding };
    }
    return { finding: null };
  } catch (error) {
    if (error instanceof ContentError) return { finding: null };
    throw error;
  }
}

type Looking = SkillContext & { readonly fetch: FetchBlock };

async function inspectOutput(
  { task, outputs }: ResultInput,
  output: number,
  acceptance: Acceptance,
  { fetch, sha256 }: Looking,
): Promise<Finding | null> {
  const ref = outputs[output];
  const tree = ref === undefined ? undefined : await readTree(ref.cid, fetch);
  if (tree?.status !== 'found') return null;
  const read = noneRead();
  for (const entry of tree.entries.slice(0, RECORDS_MAX)) {
    const { key, cid } = entry;
    if (codecOf(cid) !== 'dag-cbor') continue;
    const decoded = decodeCbor(await fetch(cid));
    if (!decoded.ok) continue;
    const fault = await recordFault(key, decoded.value, { acceptance, inputs: task.inputs, fetch, sha256, read });
    if (fault !== null) return { class: fault, claim: { output, key, step: 0 } };
  }
  return null;
}

/** What a record of an output is judged by. */
export interface RecordGround {
  readonly acceptance: Acceptance;
  /** The need's. */
  readonly inputs: readonly ArtifactRef[];
  readonly fetch: FetchBlock;
  readonly sha256: Sha256;
  /** What was read of the inputs, for the records that follow. */
  readonly read: ReturnType<typeof noneRead>;
}

/** What blocks prove to be wrong in a record at a key of an output; null: nothing. Rejects with a ContentError where a block lacks. */
export async function recordFault(
  key: string,
  value: DagValue,
  { acceptance, inputs, fetch, sha256, read }: RecordGround,
): Promise<Finding['class'] | null> {
  if (violates(acceptance, key, value)) return 'schema_violation';
  if (parseCitation(value) === undefined) return null;
  const check = (get: BlockSource): CitationVerdict => checkCitation(value, inputs, get, sha256, read);
  const { result } = await withBlocks(check, fetch);
  return result.status === 'false' ? 'missing_citation' : null;
}

function violates(acceptance: Acceptance, key: string, value: DagValue): boolean {
  const schema = schemaFor(acceptance, key);
  if (schema === undefined) return false;
  const checked = checkSchema(schema, value, SCHEMA_GAS);
  return !checked.ok && !('outOfGas' in checked);
}
