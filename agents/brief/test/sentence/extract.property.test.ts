import fc from 'fast-check';
import { expect, test } from 'vitest';
import { QUOTE_BYTES_MAX } from '../../src/extract.ts';
import { ask, quoteOf } from './support.ts';

const PIECES = [
  'Report a vulnerability by mail. ',
  'The queue has a limit: ',
  'Naïve Größe — ünïcödé 🎉 report. ',
  'Wait... e.g. This report? ',
  '# Report\n',
  '## Limit\n\n',
  '- report the limit\n',
  '> report\n',
  '```\nreport(limit)\n```\n',
  '| report | limit |\n',
  '[report](limit.md) ',
  '<b>report</b> ',
  '&amp; ',
  '\n',
  '\n\n',
  '\r\n',
  '\ufeff',
  'word ',
  '報告する。',
  'x'.repeat(1500),
  'report '.repeat(300),
];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''));
const folder = fc.dictionary(fc.constantFrom('a.md', 'b/a.html', 'b/c.txt', 'README', 'report/CHANGELOG.md'), text, {
  maxKeys: 4,
});

test('quotes are whole characters of their documents, small enough, disjoint, different, and the same every time', async () => {
  await fc.assert(
    fc.asyncProperty(
      folder,
      fc.constantFrom('How do I report a limit?', 'queue', '報告', 'what is it', 'vulnerability of Größe'),
      fc.integer({ min: 1, max: 12 }),
      async (files, question, max) => {
        const statements = await ask(question, files, max);
        expect(statements.length).toBeLessThanOrEqual(max);
        const said = new Set<string>();
        for (const [index, statement] of statements.entries()) {
          const { path, byteStart, byteEnd } = statement;
          expect(byteEnd).toBeGreaterThan(byteStart);
          expect(byteEnd - byteStart).toBeLessThanOrEqual(QUOTE_BYTES_MAX);
          const quote = quoteOf(statement, files);
          expect(quote).toBe(quote.trim());
          const normal = quote.toLowerCase().replace(/\s+/g, ' ');
          expect(said.has(normal)).toBe(false);
          said.add(normal);
          for (const other of statements.slice(0, index)) {
            expect(other.path === path && other.byteStart < byteEnd && byteStart < other.byteEnd).toBe(false);
          }
        }
        expect(await ask(question, files, max)).toEqual(statements);
      },
    ),
    {
      numRuns: 300,
      examples: [[{ 'b/c.txt': '<b>report</b> ', 'a.md': '<b>report</b> ' }, 'How do I report a limit?', 2]],
    },
  );
});
