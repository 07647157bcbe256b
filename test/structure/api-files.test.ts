import { readFileSync } from 'node:fs';
import { loadTable } from '@canswarm/api';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import type { ApiDocument } from '../../scripts/api/document.ts';
import { clientFiles } from '../../scripts/generate-client.ts';
import { referenceFiles } from '../../scripts/generate-reference.ts';

const committed = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('the reference is what the table of operations says (npm run generate:api)', async () => {
  for (const [path, text] of await referenceFiles()) expect(committed(path)).toBe(text);
});

it('the client is what the document says (npm run generate:api)', () => {
  const document = JSON.parse(committed('docs/reference/openapi.json')) as ApiDocument;
  for (const [path, text] of clientFiles(document)) expect(committed(path)).toBe(text);
});

it('the document is one of OpenAPI 3.1', async () => {
  const { openApiDocument } = await loadTable();
  const validator = new Validator();
  const verdict = await validator.validate({ ...openApiDocument() });
  expect(verdict.errors ?? []).toEqual([]);
  expect(validator.version).toBe('3.1');
  expect((await new Validator().validate({ ...openApiDocument(), info: {} })).valid).toBe(false);
});
