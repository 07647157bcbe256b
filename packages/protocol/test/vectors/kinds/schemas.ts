import { expect } from 'vitest';
import { checkSchema, type DagValue, fromDagJson, parseSchema } from '../../../src/index.ts';
import { defineKind } from '../kind.ts';

interface SchemaCase {
  /** DAG-JSON */
  readonly schema: string;
  readonly value: string;
  readonly gas: number;
  /** "fits" and the gas used, "no schema", "out of gas", or path and reason */
  readonly verdict: string;
}

function read(line: string): DagValue {
  const value = fromDagJson(line);
  if (value === undefined) throw new Error(`not DAG-JSON: ${line}`);
  return value;
}

function verdictOf(schemaLine: string, valueLine: string, gas: number): string {
  const schema = parseSchema(read(schemaLine));
  if (schema === undefined) return 'no schema';
  const verdict = checkSchema(schema, read(valueLine), gas);
  if (verdict.ok) return `fits ${verdict.gasUsed}`;
  return 'outOfGas' in verdict ? 'out of gas' : `${verdict.path} ${verdict.reason}`;
}

const STATEMENT =
  '{"additionalProperties":false,"properties":{"path":{"maxLength":64,"type":"string"},"sha256":{"maxLength":32,"minLength":32,"type":"bytes"}},"required":["path","sha256"],"type":"object"}';
const HASH = '{"/":{"bytes":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}';

const CASES: readonly (readonly [schema: string, value: string, gas: number])[] = [
  [STATEMENT, `{"path":"a.md","sha256":${HASH}}`, 100],
  [STATEMENT, `{"path":"a.md","sha256":${HASH}}`, 14],
  [STATEMENT, '{"path":"a.md"}', 100],
  [STATEMENT, `{"more":1,"path":"a.md","sha256":${HASH}}`, 100],
  [STATEMENT, `{"path":"a.md","sha256":"text"}`, 100],
  ['{"items":{"minimum":0},"maxItems":2,"type":"array"}', '[1,2]', 100],
  ['{"items":{"minimum":0},"maxItems":2,"type":"array"}', '[1,-2]', 100],
  ['{"items":{"minimum":0},"maxItems":2,"type":"array"}', '[1,2,3]', 100],
  ['{"enum":["a",{"b":[1]}]}', '{"b":[1]}', 100],
  ['{"const":{"/":{"bytes":"AA"}}}', '{"/":{"bytes":"AQ"}}', 100],
  ['{"format":"date"}', '"2026-01-01"', 100],
  ['{"type":"number"}', '1', 100],
];

export const schemas = defineKind<SchemaCase>({
  kind: 'schemas',
  about: 'schemas judged on values with gas',
  generate: () => CASES.map(([schema, value, gas]) => ({ schema, value, gas, verdict: verdictOf(schema, value, gas) })),
  judge({ schema, value, gas, verdict }) {
    expect(verdictOf(schema, value, gas)).toBe(verdict);
  },
});
