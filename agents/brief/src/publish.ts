import type { ContentStore } from '@canswarm/ports';
import { type ArtifactRef, type Block, buildRecord, buildTree, type Sha256, type TreeEntry } from '@canswarm/protocol';
import { type Claim, statementRecord } from './brief/claim.ts';
import { encodeReport, groupsOf, REPORT_KEY, STATEMENTS_MAX, statementKey } from './brief/report.ts';

/** What a brief is made of: claims in rank order, best first. */
export interface BriefDraft {
  readonly question: string;
  readonly engine: string;
  readonly claims: readonly Claim[];
}

/** Builds the output artifact of a brief: a report and a record for each claim, in one tree. Keeps only the first 64 claims. */
export function buildBrief(
  draft: BriefDraft,
  sha256: Sha256,
): { readonly ref: ArtifactRef; readonly blocks: readonly Block[] } {
  const claims = draft.claims.slice(0, STATEMENTS_MAX);
  const groups = groupsOf(claims.map(({ path }) => path));
  const report = buildRecord(
    encodeReport({ v: 1, kind: 'brief', question: draft.question, engine: draft.engine, groups }),
    sha256,
  );
  const records = [
    { key: REPORT_KEY, record: report },
    ...claims.map((claim, rank) => ({ key: statementKey(rank), record: statementRecord(claim, sha256) })),
  ];
  const entries = records.map(({ key, record }): TreeEntry => ({ key, cid: record.cid, leaves: 1, size: record.size }));
  const tree = buildTree(entries, sha256);
  const blocks = records.map(({ record }): Block => ({ cid: record.cid, bytes: record.bytes }));
  return { ref: tree.ref, blocks: [...blocks, ...tree.blocks] };
}

/** Builds the output artifact and puts all its blocks into the store. */
export async function publishBrief(store: ContentStore, draft: BriefDraft, sha256: Sha256): Promise<ArtifactRef> {
  const { ref, blocks } = buildBrief(draft, sha256);
  await store.putBlocks(blocks);
  return ref;
}
