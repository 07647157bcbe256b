import fc from 'fast-check';
import { expect, test } from 'vitest';
import { check, checkOne, wordsAt } from './support.ts';

/** Words of several scripts, in one, two, three and four bytes of UTF-8. */
const word = fc.constantFrom(
  ..."the a of quick brown fox jumps over lazy dog naïve Straße œuvre Ωmega слово кот δοκιμή שלום данные 𝒳yz x1 4x2 snake_case don’t isn't".split(
    ' ',
  ),
);
const separator = fc.constantFrom(
  ' ',
  ' ',
  ' ',
  ' ',
  '\n',
  '\r\n',
  ', ',
  '. ',
  ' — ',
  ': ',
  ' (',
  ') ',
  '\u00a0',
  '; ',
  ' 🎉 ',
);
const piece = fc.tuple(word, separator);
const pieces = fc.array(piece, { minLength: 12, maxLength: 60 });
const start = fc.constantFrom('', '\ufeff', '\r\n\r\n', '— ');

interface Made {
  readonly text: string;
  /** UTF-16 range of each word. */
  readonly words: readonly { readonly start: number; readonly end: number }[];
}

function made(lead: string, parts: readonly (readonly [string, string])[]): Made {
  const words: { start: number; end: number }[] = [];
  let text = lead;
  for (const [written, after] of parts) {
    words.push({ start: text.length, end: text.length + written.length });
    text += written + after;
  }
  return { text, words };
}

const documents = fc
  .array(fc.tuple(start, pieces), { minLength: 1, maxLength: 4 })
  .map((all) => all.map(([lead, parts]) => made(lead, parts)));

/** A folder and a stretch of at least five words of one of its documents. */
const cut = fc
  .tuple(documents, fc.nat(), fc.nat(), fc.integer({ min: 5, max: 12 }))
  .map(([all, which, from, length]) => {
    const document = which % all.length;
    const { text, words } = all[document] ?? { text: '', words: [] };
    const first = from % (words.length - length + 1);
    const range = { start: words[first]?.start ?? 0, end: words[first + length - 1]?.end ?? 0 };
    const folder = Object.fromEntries(all.map((each, index) => [`d${index}.txt`, each.text]));
    return { folder, text, range, words: words.slice(first, first + length), path: `d${document}.txt` };
  });

const inBlock = (quote: string): string =>
  `Someone wrote:\n\n${quote
    .split(/\r?\n/)
    .map((line) => `> ${line}`)
    .join('\n')}\n`;
const inMarks = (quote: string): string => `Someone wrote “${quote.replace(/\s+/g, ' ')}” somewhere.\n`;

test('a quotation cut at random is found, and the bytes pointed at are its words', () => {
  fc.assert(
    fc.property(cut, fc.boolean(), ({ folder, text, range }, block) => {
      const quote = text.slice(range.start, range.end);
      const finding = checkOne(block ? inBlock(quote) : inMarks(quote), folder);
      expect(['exact', 'normalised']).toContain(finding.verdict);
      const there = wordsAt(finding, folder);
      expect(there.replace(/\s+/g, ' ')).toBe(quote.replace(/\s+/g, ' '));
      if (finding.verdict === 'exact') expect(there).toBe(finding.text);
    }),
    { numRuns: 400 },
  );
});

test('it is found in the very document that the report names', () => {
  fc.assert(
    fc.property(cut, ({ folder, text, range, path }) => {
      const quote = text.slice(range.start, range.end).replace(/\s+/g, ' ');
      const finding = checkOne(`As ${path} says: “${quote}”.`, folder);
      expect(['exact', 'normalised']).toContain(finding.verdict);
      expect(finding.at?.path).toBe(path);
    }),
    { numRuns: 200 },
  );
});

test('lines and bytes agree with a plain count', () => {
  fc.assert(
    fc.property(cut, ({ folder, text, range }) => {
      const finding = checkOne(inBlock(text.slice(range.start, range.end)), folder);
      const source = Buffer.from(folder[finding.at?.path ?? ''] ?? '');
      const before = source.subarray(0, finding.at?.byteStart).toString();
      const upToEnd = source.subarray(0, (finding.at?.byteEnd ?? 1) - 1).toString('latin1');
      expect(finding.at?.lineStart).toBe(before.split('\n').length);
      expect(finding.at?.lineEnd).toBe(upToEnd.split('\n').length);
    }),
    { numRuns: 200 },
  );
});

test('the same with one word changed is never found, and the change is shown', () => {
  fc.assert(
    fc.property(cut, fc.nat(), fc.boolean(), ({ folder, text, range, words }, which, block) => {
      const changed = words[which % words.length] ?? range;
      const quote = `${text.slice(range.start, changed.start)}Zweifel${text.slice(changed.end, range.end)}`;
      const finding = checkOne(block ? inBlock(quote) : inMarks(quote), folder);
      expect(finding.verdict).toBe('not_found');
      if (finding.closest !== undefined) {
        expect(finding.closest.differences.map(({ written }) => written).join(' ')).toContain('Zweifel');
      }
    }),
    { numRuns: 400 },
  );
});

test('one word left out or put in is never found unless what remains stands too', () => {
  fc.assert(
    fc.property(cut, fc.nat(), ({ folder, text, range, words }, which) => {
      const at = words[which % words.length] ?? range;
      const quote = `${text.slice(range.start, at.start)}Zweifel ${text.slice(at.start, range.end)}`;
      expect(checkOne(inMarks(quote), folder).verdict).toBe('not_found');
    }),
    { numRuns: 200 },
  );
});

test('documents and findings do not depend on each other: one report with all quotations says the same as one for each', () => {
  fc.assert(
    fc.property(fc.array(cut, { minLength: 2, maxLength: 4 }), (cuts) => {
      const folder = Object.fromEntries(
        cuts.flatMap(({ folder: own }, index) => Object.entries(own).map(([path, text]) => [`${index}/${path}`, text])),
      );
      const quotes = cuts.map(({ text, range }) => inBlock(text.slice(range.start, range.end)));
      const together = check(quotes.join('\n\n'), folder).quotations.map(({ verdict, at }) => ({ verdict, at }));
      const apart = quotes.flatMap((quote) =>
        check(quote, folder).quotations.map(({ verdict, at }) => ({ verdict, at })),
      );
      expect(together).toEqual(apart);
    }),
    { numRuns: 50 },
  );
});
