import {
  type BlockSource,
  type Cid,
  type Citation,
  decodeCbor,
  listTree,
  parseCitation,
  type TreeEntry,
} from '@canswarm/protocol';
import { groupsOf, parseReport, REPORT_KEY, type Report, STATEMENTS_MAX, statementKey } from './report.ts';

/** A statement as committed. */
export interface Statement extends Citation {
  readonly key: string;
}

/** A committed brief, read from its blocks. Says what was claimed; whether it is true is the checker's to say. */
export interface Brief {
  readonly report: Report;
  /** In rank order. */
  readonly statements: readonly Statement[];
}

export type ReadBrief =
  | { readonly status: 'found'; readonly brief: Brief }
  | { readonly status: 'missing'; readonly cid: Cid }
  | { readonly status: 'malformed'; readonly reason: string };

/** Reads the brief under the root of an output artifact. Pure: the same blocks give the same brief. */
export function readBrief(root: Cid, get: BlockSource): ReadBrief {
  const tree = listTree(root, get);
  if (tree.status === 'missing') return tree;
  if (tree.status === 'malformed') return { status: 'malformed', reason: tree.reason };
  if (tree.entries.length > STATEMENTS_MAX + 1) return { status: 'malformed', reason: 'it has too many entries' };
  let report: Report | undefined;
  const statements: Statement[] = [];
  for (const entry of tree.entries) {
    const bytes = get(entry.cid);
    if (bytes === undefined) return { status: 'missing', cid: entry.cid };
    const read = readEntry(entry, bytes);
    if (read === undefined)
      return { status: 'malformed', reason: `${JSON.stringify(entry.key)} is no part of a brief` };
    if ('groups' in read) report = read;
    else statements.push(read);
  }
  return report === undefined
    ? { status: 'malformed', reason: 'it has no report' }
    : { status: 'found', brief: { report, statements } };
}

/**
 * Whether the statements have the keys of their ranks and the report groups them by document, in the only right way. Then
 * nothing that a reader of the brief sees is the worker's own word: titles are paths, and no statement is left out or repeated.
 */
export function isGroupedRight({ report, statements }: Brief): boolean {
  const due = groupsOf(statements.map(({ path }) => path));
  const keysRight = statements.every(({ key }, rank) => key === statementKey(rank));
  return keysRight && JSON.stringify(report.groups) === JSON.stringify(due);
}

function readEntry(entry: TreeEntry, bytes: Uint8Array): Report | Statement | undefined {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) return undefined;
  if (entry.key === REPORT_KEY) return parseReport(decoded.value);
  const citation = parseCitation(decoded.value);
  return citation === undefined ? undefined : { key: entry.key, ...citation };
}
