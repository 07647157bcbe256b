import { describe, expect, it } from 'vitest';
import { PROBLEMS } from '../src/index.ts';
import { camel, errorsOf, OPERATION_IDS, operationOf } from '../src/table.ts';

describe.each(OPERATION_IDS)('%s', (id) => {
  const operation = operationOf(id);
  const { params = {}, query = {}, headers = {}, body, rest } = operation;

  it('names each parameter of its path, and no other', () => {
    const named = [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
    expect(Object.keys(params).sort()).toEqual([...named].sort());
    if (rest !== undefined) expect(operation.path.endsWith(`{${rest}}`)).toBe(true);
  });

  it('gives each of its inputs a name of its own', () => {
    const names = [...Object.keys(params), ...Object.keys(query), ...Object.keys(headers).map(camel)];
    if (body !== undefined) names.push('body');
    expect(new Set(names).size).toBe(names.length);
  });

  it('has limits, and a body only where the method has one', () => {
    expect(operation.arrivalMs).toBeGreaterThan(0);
    expect(operation.answerMs).toBeGreaterThanOrEqual(operation.arrivalMs);
    if (body !== undefined) expect(body.bytesMax).toBeGreaterThan(0);
    if (operation.method === 'GET') expect(body).toBeUndefined();
  });

  it('fails only in known ways, each once', () => {
    const codes = errorsOf(operation);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(PROBLEMS[code].status).toBeGreaterThanOrEqual(400);
  });
});

it('is one operation for one method and path', () => {
  const places = OPERATION_IDS.map((id) => `${operationOf(id).method} ${operationOf(id).path}`);
  expect(new Set(places).size).toBe(places.length);
});

it('opens to everybody only health and the document', () => {
  expect(OPERATION_IDS.filter((id) => operationOf(id).auth === 'none')).toEqual(['health', 'openApi']);
});
