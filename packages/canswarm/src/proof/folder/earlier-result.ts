import { join } from 'node:path';
import { fromUtf8 } from '@canswarm/protocol';
import { BRIEF, OUTPUT_FILES, REPORT, RESULT } from './layout.ts';
import { readRegular } from './read-regular.ts';

/** Longest result.json that is looked into. */
const RESULT_BYTES_MAX = 64 * 1024 * 1024;

/** What an earlier result laid beside its proof, by its own word. */
export interface EarlierResult {
  /** Right in that folder: its report, and the folder of its files. */
  readonly names: readonly string[];
  /** Its files. */
  readonly paths: ReadonlySet<string>;
}

export const NOTHING_EARLIER: EarlierResult = { names: [], paths: new Set() };

/** What the result.json in a folder says of the files beside it; nothing where it cannot be told. */
export function earlierResult(folder: string): EarlierResult {
  const bytes = readRegular(join(folder, RESULT), RESULT_BYTES_MAX, RESULT);
  const result = bytes instanceof Uint8Array ? parsed(fromUtf8(bytes)) : null;
  if (result === null) return NOTHING_EARLIER;
  if ('statements' in result) return { names: [BRIEF], paths: new Set() };
  if (!('files' in result) || !Array.isArray(result.files)) return NOTHING_EARLIER;
  const paths = result.files.map((file: unknown) => Object(file).path).filter((path) => typeof path === 'string');
  return { names: [REPORT, OUTPUT_FILES], paths: new Set(paths) };
}

function parsed(text: string | undefined): object | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
