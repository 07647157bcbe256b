import { resolve } from 'node:path';
import { type ScanOptions, scanFolder } from '../corpus/scan-folder.ts';
import type { Skipped } from '../corpus/skip.ts';
import { checkReport } from './check-report.ts';
import type { CheckResult } from './types.ts';

/** A check and what was not read for it. */
export interface FolderCheck {
  readonly result: CheckResult;
  /** How many documents were searched, and their bytes. */
  readonly documents: number;
  readonly bytes: number;
  readonly skipped: readonly Skipped[];
}

/** Holds a report against the documents of a folder. Rejects when the folder cannot be read, or when aborted. */
export async function checkReportAgainst(
  report: string,
  folder: string,
  options: ScanOptions = {},
): Promise<FolderCheck> {
  const { documents, skipped, bytes } = await scanFolder(folder, options);
  const result = checkReport({ report, documents, unread: skipped, folder: resolve(folder) });
  return { result, documents: documents.length, bytes, skipped };
}
