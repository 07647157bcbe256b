import type { ContentStore } from '@canswarm/ports';
import { type ContentFsOptions, contentFs } from './content-fs.ts';

/**
 * Opens the store described by plain data, as it crosses the border to a worker thread: the `ContentFsOptions`. Rejects with
 * TypeError for anything else.
 */
export async function open(options: unknown): Promise<ContentStore> {
  if (!isOptions(options)) throw new TypeError('a content store in a folder is opened by { dir, sync?, graceMs? }');
  return contentFs(options);
}

function isOptions(value: unknown): value is ContentFsOptions {
  if (typeof value !== 'object' || value === null) return false;
  const { dir, sync, graceMs }: { dir?: unknown; sync?: unknown; graceMs?: unknown } = value;
  return (
    typeof dir === 'string' &&
    dir !== '' &&
    (sync === undefined || typeof sync === 'boolean') &&
    (graceMs === undefined || (typeof graceMs === 'number' && graceMs >= 0))
  );
}
