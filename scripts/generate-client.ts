/**
 * Writes the client of the HTTP API from docs/reference/openapi.json:
 *
 *   npm run generate:api
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { clientText, typesText } from './api/client-text.ts';
import type { ApiDocument } from './api/document.ts';
import { formatted } from './api/format.ts';

const ROOT = new URL('..', import.meta.url);

/** The client's files by their paths, as they ought to be. */
export function clientFiles(document: ApiDocument): ReadonlyMap<string, string> {
  const folder = 'packages/api/src/client';
  const files = [
    [`${folder}/generated.ts`, clientText(document)],
    [`${folder}/generated-types.ts`, typesText(document)],
  ] as const;
  return new Map(files.map(([path, text]) => [path, formatted(path, text)]));
}

if (import.meta.main) {
  const document = JSON.parse(readFileSync(new URL('docs/reference/openapi.json', ROOT), 'utf8')) as ApiDocument;
  for (const [path, text] of clientFiles(document)) writeFileSync(new URL(path, ROOT), text);
}
