import { SeededChance } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deskFor, tableInput } from './planted/desk.ts';
import { messyTable } from './planted/messy-tables.ts';

const RULES = ['header', 'fit', 'trim', 'collapse', 'empty', 'date', 'number', 'drop-empty', 'drop-duplicate'];

const pieces = fc.constantFrom(
  ...[
    '1',
    '2',
    '12',
    '13',
    '000',
    '345',
    '2024',
    '.',
    ',',
    ' ',
    '  ',
    '-',
    '/',
    "'",
    '\u00a0',
    'Mar',
    'NA',
    'DE',
    '"',
    '""',
  ],
  ...['\n', '\r\n', ';', '\t', '=', '+', 'null', 'é', '😀', '\ufeff', '__proto__'],
);
const cells = fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join(''));
const raw = fc.array(fc.oneof(pieces, fc.constantFrom(',', '\n')), { maxLength: 60 }).map((parts) => parts.join(''));
const quoted = fc
  .array(fc.array(cells, { minLength: 2, maxLength: 3 }), { maxLength: 8 })
  .map((rows) => rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n'));
const messy = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 0, max: 20 }))
  .map(([seed, rows]) => messyTable(new SeededChance(seed), rows));

const options = fc
  .record(
    {
      rules: fc.subarray(RULES),
      markers: fc.subarray(['NA', '-', '', 'DE', '12', '2024-03-13']),
      decimalMark: fc.constantFrom('.', ','),
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      keep: fc.subarray(['id', 'name', '1', '__proto__', 'column_1']),
    },
    { requiredKeys: [] },
  )
  .map((asked) => ({ ...asked }) as Readonly<Record<string, JsonValue>>);

async function passes(table: string, asked: Readonly<Record<string, JsonValue>>): Promise<void> {
  const desk = await deskFor(tableInput(table, asked));
  expect(await desk.judge(await desk.work())).toEqual({ verdict: 'pass', reasons: [] });
}

describe('the check passes what the agent makes', () => {
  it('of any characters', async () => {
    await fc.assert(fc.asyncProperty(raw, options, passes), { numRuns: 400 });
  });

  it('of any cells', async () => {
    await fc.assert(fc.asyncProperty(quoted, options, passes), { numRuns: 400 });
  });

  it('of tables as people hand them over', async () => {
    await fc.assert(fc.asyncProperty(messy, options, passes), { numRuns: 300 });
  });
});

describe('a cleaned table', () => {
  it('is clean: cleaned again, it stays as it is', async () => {
    await fc.assert(
      fc.asyncProperty(messy, async (table) => {
        const desk = await deskFor(tableInput(table));
        const cleaned = (await desk.work()).files.get('cleaned.csv') ?? new Uint8Array(0);
        const again = await deskFor(tableInput(cleaned, { rules: ['header', 'trim', 'collapse', 'drop-empty'] }));
        const result = await again.work();
        expect(result.value).toMatchObject({ status: 'cleaned', patches: 0 });
        expect(result.files.get('cleaned.csv')).toEqual(cleaned);
      }),
      { numRuns: 100 },
    );
  });
});
