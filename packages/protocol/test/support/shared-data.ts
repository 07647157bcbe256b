import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Public vectors lie beside the project; they are read, never copied into it. */
const ROOT = fileURLToPath(new URL('../../../../../shared/testdata/', import.meta.url));

/** Path of a public vector file, or undefined after saying that its tests are skipped. */
export function sharedData(file: string): string | undefined {
  const path = `${ROOT}${file}`;
  if (existsSync(path)) return path;
  console.warn(`skipped 1 public vector file: ${file} is not at ${ROOT}`);
  return undefined;
}
