import type { FetchBlock } from '@canswarm/agent';
import { readTree } from '@canswarm/agent';
import { ContentError } from '@canswarm/ports';
import {
  type ArtifactRef,
  checkSchema,
  type DagValue,
  decodeCbor,
  parseCitation,
  type TreeEntry,
} from '@canswarm/protocol';
import { type BriefParams, briefSchema } from '../acceptance.ts';
import { type Brief, isGroupedRight, type Statement } from '../brief/read-brief.ts';
import { parseReport, REPORT_KEY, type Report, statementKey } from '../brief/report.ts';
import { type Fault, fault } from './fault.ts';

/** What judging a record by its schema may cost: far more than a sound record needs, far less than the kernel grants. */
const SCHEMA_GAS = 100_000;

type Judged = Brief | { readonly faults: readonly Fault[] };

/** Reads the output as a brief and checks all that can be checked without its documents. */
export async function judgeOutput(output: ArtifactRef, params: BriefParams, fetch: FetchBlock): Promise<Judged> {
  try {
    return await readOutput(output, params, fetch);
  } catch (error) {
    if (error instanceof ContentError) return refused(`the output cannot be read: ${error.code}`);
    throw error;
  }
}

async function readOutput(output: ArtifactRef, params: BriefParams, fetch: FetchBlock): Promise<Judged> {
  // A brief of 64 statements needs one node; a few more are room for a worker that packs them otherwise.
  const tree = await readTree(output.cid, fetch, 8);
  if (tree.status !== 'found') return refused(`the output is no sound tree: ${tree.status}`);
  const { entries } = tree;
  const leaves = entries.reduce((sum, entry) => sum + entry.leaves, 0);
  if (leaves !== output.leaves) return refused(`the output has ${leaves} leaves, not the ${output.leaves} committed`);
  if (entries.length > params.maxStatements + 1)
    return refused(`there are more than ${params.maxStatements} statements`);
  const due = [REPORT_KEY, ...entries.slice(1).map((_, rank) => statementKey(rank))];
  const wrong = entries.find((entry, index) => entry.key !== due[index]);
  if (wrong !== undefined) return refused(`the output has an entry ${JSON.stringify(wrong.key)} out of place`);
  const faults: Fault[] = [];
  let report: Report | undefined;
  const statements: Statement[] = [];
  for (const entry of entries) {
    const value = await readRecord(entry, params, fetch);
    if (typeof value === 'object' && value !== null && 'faults' in value) faults.push(...value.faults);
    else if (entry.key === REPORT_KEY) report = parseReport(value.record);
    else statements.push(...statementOf(entry.key, value.record));
  }
  if (faults.length > 0) return { faults };
  if (report === undefined || statements.length !== entries.length - 1)
    return refused('a record is not what its key says');
  const brief = { report, statements };
  return isGroupedRight(brief) ? brief : refused('the report does not group its statements by document');
}

async function readRecord(
  entry: TreeEntry,
  params: BriefParams,
  fetch: FetchBlock,
): Promise<{ readonly record: DagValue } | { readonly faults: readonly Fault[] }> {
  const decoded = decodeCbor(await fetch(entry.cid));
  if (!decoded.ok) return refused(`${entry.key} is no record: ${decoded.code}`);
  const checked = checkSchema(briefSchema(params, entry.key), decoded.value, SCHEMA_GAS);
  if (checked.ok) return { record: decoded.value };
  return refused(
    'outOfGas' in checked ? `${entry.key} is too large to judge` : `${entry.key}${checked.path} ${checked.reason}`,
  );
}

function statementOf(key: string, record: DagValue): Statement[] {
  const citation = parseCitation(record);
  return citation === undefined ? [] : [{ key, ...citation }];
}

const refused = (reason: string): { readonly faults: readonly Fault[] } => ({ faults: [fault(reason)] });
