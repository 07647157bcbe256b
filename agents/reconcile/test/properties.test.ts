import { type Content, SeededChance } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deskFor, tablesInput } from './planted/desk.ts';
import { madeTables } from './planted/made-tables.ts';

const cells = fc.constantFrom(
  '',
  'a',
  'A',
  ' a',
  'b',
  '1',
  '1.0',
  '01',
  '-1',
  '2.5',
  '"',
  '""',
  ',',
  '\n',
  'ß',
  'SS',
  '=x',
  '__proto__',
);
const records = fc.tuple(
  fc.shuffledSubarray(['id', 'k', 'v', 'w'], { minLength: 1 }),
  fc.array(fc.array(cells, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
);
const written = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, ...rows].map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n');
const table = records.map(([header, rows]) => written(header, rows));
const raw = fc
  .array(fc.constantFrom('id', 'a', '1', ',', ';', '\n', '\r\n', '"', '""', ' ', '\ufeff'), { maxLength: 30 })
  .map((parts) => `id,v\n${parts.join('')}`);

const asked = fc.record(
  {
    keys: fc.constantFrom<JsonValue[]>(['id'], ['id', 'k'], [{ left: 'id', right: 'k' }]),
    compare: fc.constantFrom<JsonValue[]>(
      [],
      ['v'],
      [
        { left: 'v', tolerance: '0' },
        { left: 'v', right: 'w', tolerance: '1.5' },
      ],
    ),
    ignoreCase: fc.boolean(),
    trim: fc.boolean(),
    leftDelimiter: fc.constantFrom(',', ';'),
  },
  { requiredKeys: ['keys'] },
);

async function passes(input: Content): Promise<Content> {
  const desk = await deskFor(input);
  const result = await desk.work();
  expect(await desk.judge(result)).toEqual({ verdict: 'pass', reasons: [] });
  return result;
}

const made = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 30 }))
  .map(([seed, rows]) => madeTables(new SeededChance(seed), rows));

/** In units of the last of these places. */
const PLACES = 30;
const units = (text: unknown): bigint => {
  const [whole = '', places = ''] = String(text).split('.');
  return BigInt(whole + places.padEnd(PLACES, '0'));
};

describe('the check passes what the agent finds', () => {
  it('in any characters', async () => {
    await fc.assert(
      fc.asyncProperty(raw, raw, asked, async (left, right, wanted) => {
        await passes(tablesInput(left, right, { ...wanted }));
      }),
      { numRuns: 300 },
    );
  });

  it('in any cells', async () => {
    await fc.assert(
      fc.asyncProperty(table, table, asked, async (left, right, wanted) => {
        await passes(tablesInput(left, right, { ...wanted }));
      }),
      { numRuns: 500 },
    );
  });

  it('in tables as two people keep them, where counts and totals close', async () => {
    await fc.assert(
      fc.asyncProperty(made, async (input) => {
        const value = Object((await passes(input)).value);
        expect(value.status).toBe('reconciled');
        expect(value.matched + value.onlyLeft).toBe(value.rows.left);
        expect(value.matched + value.onlyRight).toBe(value.rows.right);
        for (const { totals } of value.columns) {
          if (totals === null) continue;
          const moved = units(totals.onlyRight) - units(totals.onlyLeft) + units(totals.differences);
          expect(units(totals.left) + moved + units(totals.withinTolerance)).toBe(units(totals.right));
          expect(units(totals.right) - units(totals.left)).toBe(units(totals.difference));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a table beside itself', () => {
  it('has no difference, whatever order it is in', async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.boolean(), async ([header, rows], reversed) => {
        const one = written(header, rows);
        const other = reversed ? written(header, rows.toReversed()) : one;
        const wanted = { keys: header.slice(0, 1), leftDelimiter: ',', rightDelimiter: ',' };
        const value = Object((await passes(tablesInput(one, other, wanted))).value);
        expect(value).toMatchObject({ status: 'reconciled', different: 0, onlyLeft: 0, onlyRight: 0 });
      }),
      { numRuns: 200 },
    );
  });
});
