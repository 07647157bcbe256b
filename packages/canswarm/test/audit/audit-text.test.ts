import { utf8 } from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUDIT_LINE_CHARS_MAX } from '../../src/audit/audit-line.ts';
import { exportAudit, importAudit } from '../../src/audit/audit-text.ts';
import { example } from './example-log.ts';

const { entries } = example.log;
const text = exportAudit(entries);
const lines = text.split('\n').slice(0, -1);
const join = (changed: readonly string[]): string => changed.map((line) => `${line}\n`).join('');

function refusal(changed: string | Uint8Array): { code: string; position: number } {
  const read = importAudit(changed);
  if (read.ok) throw new Error('it was taken');
  expect(read.line).toBe(read.position);
  return { code: read.code, position: read.position };
}

describe('audit export', () => {
  it('is one line for each entry in log order, rejected ones too', () => {
    expect(lines).toHaveLength(entries.length);
    expect(lines[8]).toMatch(/^\{"position":9,"entry":\{"envelope":/);
  });

  it('gives back every byte', () => {
    const read = importAudit(text);
    expect(read).toEqual({ ok: true, entries });
    expect(importAudit(utf8(text))).toEqual(read);
  });

  it('gives back bytes that are no entry at all', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 5 }), (all) => {
        const odd = all.map((bytes, index) => ({ position: index + 1, bytes }));
        expect(importAudit(exportAudit(odd))).toEqual({ ok: true, entries: odd });
      }),
    );
  });

  it('of nothing is empty', () => {
    expect(exportAudit([])).toBe('');
    expect(importAudit('')).toEqual({ ok: true, entries: [] });
  });

  it('throws for positions that do not count up from 1', () => {
    expect(() => exportAudit(entries.slice(1))).toThrow(RangeError);
  });
});

describe('audit import names the line that', () => {
  it('ends without a line break', () => {
    expect(refusal(text.slice(0, -1))).toEqual({ code: 'no_line_end', position: 12 });
  });

  it('is missing, doubled or swapped', () => {
    expect(refusal(join(lines.toSpliced(3, 1)))).toEqual({ code: 'position_other', position: 4 });
    expect(refusal(join(lines.toSpliced(3, 0, lines[3] ?? '')))).toEqual({ code: 'position_other', position: 5 });
    expect(refusal(join(lines.with(1, lines[2] ?? '').with(2, lines[1] ?? '')))).toEqual({
      code: 'position_other',
      position: 2,
    });
  });

  it.each([
    ['a space', (line: string) => line.replace('{"position"', '{ "position"')],
    ['a carriage return', (line: string) => `${line}\r`],
    ['a field more', (line: string) => line.replace(/\}$/, ',"more":1}')],
    ['an escape for a letter', (line: string) => line.replace('"verb"', '"\\u0076erb"')],
    [
      'another order of keys',
      (line: string) => line.replace(/"envelope":(.*),"evidence":(.*)\}\}$/, '"evidence":$2,"envelope":$1}}'),
    ],
    ['a number written otherwise', (line: string) => line.replace('"v":1', '"v":1.0')],
    ['padded base64', (line: string) => line.replace(/("bytes":"[A-Za-z0-9+/]+)"/, '$1="')],
    ['a repeated key', (line: string) => line.replace('"v":1', '"v":1,"v":1')],
    ['nothing in it', () => ''],
  ])('has %s', (_what, change) => {
    const changed = change(lines[4] ?? '');
    expect(changed).not.toBe(lines[4]);
    expect(refusal(join(lines.with(4, changed))).position).toBe(5);
  });

  it('is not UTF-8, or begins with a byte order mark', () => {
    const bytes = utf8(text);
    bytes[text.indexOf('"FINALIZE"') + 1] = 0xff;
    expect(refusal(bytes)).toEqual({ code: 'not_utf8', position: 9 });
    expect(refusal(`\uFEFF${text}`)).toEqual({ code: 'no_audit_line', position: 1 });
    expect(refusal('\uD800')).toEqual({ code: 'not_utf8', position: 1 });
  });

  it('is huge', () => {
    const huge = `{"position":2,"entry":"${'x'.repeat(AUDIT_LINE_CHARS_MAX)}"}`;
    expect(refusal(join([lines[0] ?? '', huge]))).toEqual({ code: 'line_too_large', position: 2 });
  });

  it('nests without end', () => {
    const deep = `{"position":1,"entry":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(refusal(join([deep]))).toEqual({ code: 'bad_line', position: 1 });
  });
});
