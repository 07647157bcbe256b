import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

/**
 * The documents that are not in the folder a brief writes to: when that lies among the documents, a second brief must not
 * read what the first one wrote. Both folders may be named through links; `out` need not be there.
 */
export function withoutOutput<T extends { readonly path: string }>(
  documents: readonly T[],
  folder: string,
  out: string,
): readonly T[] {
  const written = realPath(out);
  if (written === undefined) return documents;
  const root = realpathSync(folder);
  if (written === root) return documents.filter(({ path }) => !WRITTEN.test(path));
  return documents.filter(({ path }) => !join(root, path).startsWith(written + sep));
}

/** What a brief writes into its folder. */
const WRITTEN = /^(brief\.md|result\.json|proof\/.*)$/;

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
