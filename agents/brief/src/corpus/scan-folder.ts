import { realpath, stat } from 'node:fs/promises';
import { basename, sep } from 'node:path';
import { isDocumentName } from './document-names.ts';
import { type ReadOutcome, readDocument } from './read-document.ts';
import { SCAN_LIMITS, type ScanLimits, type Skipped } from './skip.ts';
import { byPathBytes, errorCode, type FoundPath, walk } from './walk.ts';

/** A document of the folder: a relative path with `/`, and its exact bytes (valid UTF-8, a byte order mark included). */
export interface FolderDocument {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** How far a scan has come. `total` counts the files that are to be read. */
export interface ScanProgress {
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
}

export interface ScanOptions {
  readonly limits?: Partial<ScanLimits>;
  readonly signal?: AbortSignal;
  onProgress?(progress: ScanProgress): void;
}

export interface Scan {
  /** Sorted by the bytes of their paths. */
  readonly documents: readonly FolderDocument[];
  /** What was not read and why, sorted by path. */
  readonly skipped: readonly Skipped[];
  /** Sum of the documents' sizes. */
  readonly bytes: number;
}

interface Candidate extends FoundPath {
  /** Where it is opened: never a link itself. */
  readonly place: string;
}

const READS_AT_ONCE = 16;

/**
 * Reads the documents of a folder: Markdown, HTML and plain text by name. Files that cannot serve are reported with a reason and
 * never end the scan. A link is followed only to a file inside the folder that is not read under its own name already.
 *
 * Rejects when the folder itself cannot be read, and with the signal's reason when aborted.
 */
export async function scanFolder(folder: string, options: ScanOptions = {}): Promise<Scan> {
  const limits = { ...SCAN_LIMITS, ...options.limits };
  const root = await realpath(folder);
  const walked = await walk(root, limits, options.signal);
  const skipped: Skipped[] = [...walked.skipped];
  const direct = walked.files.map((file) => ({ ...file, place: inside(root, file.path) }));
  const linked = await resolveLinks(root, walked.links, new Set(direct.map(({ place }) => place)), skipped);
  const candidates = [...direct, ...linked].sort(byPathBytes);
  const scan = await readCandidates(candidates, limits, skipped, options);
  const bySkippedPath = (a: Skipped, b: Skipped): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  return { ...scan, skipped: skipped.sort(bySkippedPath) };
}

const inside = (root: string, path: string): string => (root === sep ? `${sep}${path}` : `${root}${sep}${path}`);

async function resolveLinks(
  root: string,
  links: readonly FoundPath[],
  read: Set<string>,
  skipped: Skipped[],
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const link of links) {
    const { path } = link;
    const named = isDocumentName(basename(path));
    const target = await resolveLink(inside(root, path));
    if (!target.ok) {
      if (named) skipped.push({ path, code: 'link_broken', reason: `a link that leads nowhere (${target.error})` });
    } else if (!named && !target.folder) {
      // A link that is named like no document and leads to no folder would not have been read if it were a file either.
    } else if (!isInside(root, target.place)) {
      skipped.push({ path, code: 'link_outside', reason: 'a link that leads out of the folder' });
    } else if (target.folder || read.has(target.place)) {
      // Every real folder inside the root is walked under its own path, so a link to one can only repeat it.
      skipped.push({ path, code: 'link_repeats', reason: 'a link to what is read under its own path' });
    } else {
      read.add(target.place);
      found.push({ ...link, place: target.place });
    }
  }
  return found;
}

type Target = { ok: true; place: string; folder: boolean } | { ok: false; error: string };

async function resolveLink(place: string): Promise<Target> {
  try {
    const target = await realpath(place);
    return { ok: true, place: target, folder: (await stat(target)).isDirectory() };
  } catch (error) {
    return { ok: false, error: errorCode(error) };
  }
}

const isInside = (root: string, place: string): boolean =>
  place === root || place.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);

async function readCandidates(
  candidates: readonly Candidate[],
  limits: ScanLimits,
  skipped: Skipped[],
  options: ScanOptions,
): Promise<{ documents: FolderDocument[]; bytes: number }> {
  const documents: FolderDocument[] = [];
  let bytes = 0;
  for (let start = 0; start < candidates.length; start += READS_AT_ONCE) {
    options.signal?.throwIfAborted();
    const batch = candidates.slice(start, start + READS_AT_ONCE);
    const full = documents.length >= limits.documentsMax || bytes >= limits.totalBytesMax;
    const outcomes = await Promise.all(
      batch.map(
        (file): Promise<ReadOutcome | undefined> =>
          full ? Promise.resolve(undefined) : readDocument(file.place, limits),
      ),
    );
    batch.forEach((file, index) => {
      const refusal = take(documents, bytes, file, outcomes[index], limits);
      if (refusal === undefined) bytes += documents.at(-1)?.bytes.length ?? 0;
      else skipped.push(refusal);
    });
    options.onProgress?.({ done: Math.min(start + READS_AT_ONCE, candidates.length), total: candidates.length, bytes });
  }
  return { documents, bytes };
}

/** Adds the document, or says why not. An undefined outcome was not read because a limit was reached before. */
function take(
  documents: FolderDocument[],
  bytes: number,
  file: Candidate,
  outcome: ReadOutcome | undefined,
  limits: ScanLimits,
): Skipped | undefined {
  const { path } = file;
  if (outcome !== undefined && !outcome.ok) return { path, code: outcome.code, reason: outcome.reason };
  if (documents.length >= limits.documentsMax) {
    return { path, code: 'too_many_documents', reason: `${limits.documentsMax} documents are read already` };
  }
  if (outcome === undefined || bytes + outcome.bytes.length > limits.totalBytesMax) {
    return {
      path,
      code: 'too_many_bytes',
      reason: `all documents together would exceed ${limits.totalBytesMax} bytes`,
    };
  }
  documents.push({ path, bytes: outcome.bytes });
  return undefined;
}
