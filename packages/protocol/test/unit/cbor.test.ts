import { expect, test } from 'vitest';
import { type DagValue, decodeCbor, encodeCbor, fromHex, isMap, ownField, toHex } from '../../src/index.ts';

const nested = (depth: number): DagValue => (depth === 0 ? 0 : [nested(depth - 1)]);

test('what the data model cannot hold is never encoded', () => {
  const wrong: unknown[] = [
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    -(2 ** 53),
    undefined,
    1n,
    () => 0,
    Symbol('x'),
    '\ud800',
    new Map(),
    new Date(0),
    { a: undefined },
    [undefined],
    { '\udfff': 1 },
    nested(33),
  ];
  for (const value of wrong) expect(() => encodeCbor(value as DagValue)).toThrow(/(not|lone|nested)/);
  expect(toHex(encodeCbor(nested(32)))).toBe(`${'81'.repeat(32)}00`);
});

test('each way of not being canonical has its code', () => {
  const cases: readonly (readonly [hex: string, code: string])[] = [
    ['', 'truncated'],
    ['18', 'truncated'],
    ['6261', 'truncated'],
    ['81', 'truncated'],
    ['a16161', 'truncated'],
    ['9bffffffffffffffff', 'integer_range'],
    ['9b001fffffffffffff', 'truncated'],
    ['5a7fffffff00', 'truncated'],
    ['0000', 'trailing_bytes'],
    ['1817', 'not_canonical'],
    ['190017', 'not_canonical'],
    ['1900ff', 'not_canonical'],
    ['1a0000ffff', 'not_canonical'],
    ['1b00000000ffffffff', 'not_canonical'],
    ['1b0020000000000000', 'integer_range'],
    ['3b001fffffffffffff', 'integer_range'],
    ['a2616200616100', 'not_canonical'],
    ['a2616100616100', 'not_canonical'],
    ['a262616100616200', 'not_canonical'],
    ['9fff', 'not_canonical'],
    ['bfff', 'not_canonical'],
    ['5fff', 'not_canonical'],
    ['7fff', 'not_canonical'],
    ['1c', 'unsupported_type'],
    ['f7', 'unsupported_type'],
    ['f820', 'unsupported_type'],
    ['f93c00', 'unsupported_type'],
    ['fb3ff0000000000000', 'unsupported_type'],
    ['ff', 'unsupported_type'],
    ['a10000', 'unsupported_type'],
    ['c000', 'unsupported_type'],
    ['d82900', 'unsupported_type'],
    ['61ff', 'bad_text'],
    ['63eda080', 'bad_text'],
    ['d82a00', 'bad_link'],
    ['d82a4100', 'bad_link'],
    [`d82a582501${'01711220'}${'00'.repeat(32)}`, 'bad_link'],
    [`d82a582500${'01511220'}${'00'.repeat(32)}`, 'bad_link'],
    [`${'81'.repeat(33)}00`, 'too_deep'],
  ];
  for (const [hex, code] of cases)
    expect([hex, decodeCbor(fromHex(hex))]).toEqual([hex, { ok: false, code, path: '' }]);
});

test('names of the prototype are plain data', () => {
  const bytes = fromHex('a2695f5f70726f746f5f5fa161610a6b636f6e7374727563746f7201');
  const decoded = decodeCbor(bytes);
  const value = decoded.ok ? decoded.value : null;
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(
    isMap(value) && [ownField(value, '__proto__'), ownField(value, 'constructor'), ownField(value, 'toString')],
  ).toEqual([{ a: 10 }, 1, undefined]);
  expect(toHex(encodeCbor(value))).toBe(toHex(bytes));
});

test('small byte strings are copies, so that keeping one keeps no message', () => {
  const message = encodeCbor([new Uint8Array(32), new Uint8Array(100)]);
  const decoded = decodeCbor(message);
  const [small, large] = decoded.ok && Array.isArray(decoded.value) ? (decoded.value as Uint8Array[]) : [];
  expect([small?.buffer === message.buffer, large?.buffer === message.buffer]).toEqual([false, true]);
});

test('a Buffer is read like any bytes, and its memory is not shared by small byte strings', () => {
  const buffer = Buffer.from(encodeCbor([new Uint8Array(4)]));
  const decoded = decodeCbor(buffer);
  const [four] = decoded.ok && Array.isArray(decoded.value) ? (decoded.value as Uint8Array[]) : [];
  buffer.fill(1);
  expect(four).toEqual(new Uint8Array(4));
});

test('what is encoded keeps its bytes whatever is encoded after it, small or large', () => {
  const [large, small] = [encodeCbor(new Uint8Array(100_000).fill(7)), encodeCbor('small')];
  encodeCbor(new Uint8Array(60_000).fill(9));
  expect(decodeCbor(large)).toEqual({ ok: true, value: new Uint8Array(100_000).fill(7) });
  expect(decodeCbor(small)).toEqual({ ok: true, value: 'small' });
  expect(() => encodeCbor([1, { a: Number.NaN }] as never)).toThrow(TypeError);
  expect(encodeCbor('small')).toEqual(small);
});
