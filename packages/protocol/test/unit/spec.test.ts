import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  ENTRY_BYTES_MAX,
  ENVELOPE_BYTES_MAX,
  EVIDENCE_BYTES_MAX,
  PRESETS,
  PROTOCOL_CODES,
  VERBS,
} from '../../src/index.ts';
import { RELATION_NAMES } from '../../src/params.ts';

/** The documents state tables; this keeps them from stating something else than the code does. */
const text = readFileSync(new URL('../../../../spec/02-envelopes.md', import.meta.url), 'utf8');

/** Cells of the rows of the table whose header begins so. */
function rows(header: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.replaceAll(/\s+/g, ' ').startsWith(header));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const number = (cell: string | undefined): number | null =>
  cell === 'null' ? null : Number(cell?.replaceAll(' ', ''));

/** A number, or a table of them by name: `one 1 000, other 2`. */
function cellOf(cell: string | undefined): unknown {
  if (cell === undefined || !/[a-z]+ \d/.test(cell)) return number(cell);
  const parts = cell.split(', ').map((part) => [part.slice(0, part.indexOf(' ')), part.slice(part.indexOf(' ') + 1)]);
  return Object.fromEntries(parts.map(([name, amount]) => [name, number(amount)]));
}

test('every refusal code is explained, in order', () => {
  expect(rows('| code |').map(([code]) => code)).toEqual(PROTOCOL_CODES.map((code) => `\`${code}\``));
});

test('verbs travel as the table says', () => {
  const table = Object.entries(VERBS).map(([verb, { plane, threaded, evidence }]) => [
    verb,
    plane,
    threaded ? 'need' : 'null',
    evidence,
  ]);
  expect(rows('| verb | plane')).toEqual(table);
});

test('the presets are those of the table, and every relation is named', () => {
  const table = rows('| param |').map(([name, dev, main]) => [name?.replaceAll('`', ''), cellOf(dev), cellOf(main)]);
  expect(table).toEqual(
    Object.entries(PRESETS.dev).map(([name, dev]) => [name, dev, PRESETS.main[name as keyof typeof PRESETS.main]]),
  );
  expect([...text.matchAll(/^- `([^`]+)`: /gm)].map(([, name]) => name)).toEqual(RELATION_NAMES);
});

test('limits are those of the code', () => {
  for (const limit of [ENVELOPE_BYTES_MAX, EVIDENCE_BYTES_MAX, ENTRY_BYTES_MAX]) {
    expect(text).toContain(limit.toLocaleString('en').replaceAll(',', ' '));
  }
});
