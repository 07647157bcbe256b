/**
 * Writes docs/reference: the OpenAPI document of the HTTP API, from its table of operations, and the page for people.
 *
 *   npm run generate:api
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadTable } from '@canswarm/api';
import type { ApiDocument } from './api/document.ts';
import { formatted } from './api/format.ts';
import { referenceText } from './api/reference-text.ts';

const ROOT = new URL('..', import.meta.url);

/** The files of the reference by their paths, as they ought to be. */
export async function referenceFiles(): Promise<ReadonlyMap<string, string>> {
  const { openApiDocument } = await loadTable();
  const document = JSON.stringify(openApiDocument(), null, 2);
  const files = [
    ['docs/reference/openapi.json', document],
    ['docs/reference/http-api.md', referenceText(JSON.parse(document) as ApiDocument)],
  ] as const;
  return new Map(files.map(([path, text]) => [path, formatted(path, text)]));
}

if (import.meta.main) {
  mkdirSync(new URL('docs/reference', ROOT), { recursive: true });
  for (const [path, text] of await referenceFiles()) writeFileSync(new URL(path, ROOT), text);
}
