import { expect, test } from 'vitest';
import { formatCheck } from '../../src/check-report/format.ts';
import { check } from './support.ts';

test('nothing to check is said', () => {
  expect(formatCheck(check('No claims.', {}))).toEqual([
    'No quotations and no citations found.',
    '0 quotation(s): 0 exact, 0 normalised, 0 misattributed, 0 not found.',
    '0 citation(s): 0 found, 0 ambiguous, 0 not found, 0 out of range.',
    'Nothing false.',
  ]);
});

test('control, direction and escape characters of reports, documents and paths are shown, not sent', () => {
  const folder = { 'a\u001b[31m.md': 'Words that \u001b[2J clear the screen of a terminal.\n' };
  const lines = formatCheck(
    check(
      '> Words that \u001b[2J clear the screen of a terminal.\n\n> Words that \u202e\u0007clear the screen of my terminal.\n',
      folder,
    ),
  );
  expect(lines.filter((line) => /[\p{Cc}\p{Cf}]/u.test(line))).toEqual([]);
  expect(lines.join(' ')).toContain('a\\u{1b}[31m.md');
  expect(lines.join(' ')).toContain('\\u{202e}');
});

test('long quotations are cut, and line breaks become spaces', () => {
  const [first] = formatCheck(check(`> ${'word '.repeat(200)}\n> end`, {}));
  expect(first?.length).toBeLessThan(200);
  expect(first).not.toContain('\n');
});

test('every finding has its line', () => {
  const folder = { 'a.md': 'one two three four five\n', 'x/b.md': '', 'y/b.md': '' };
  const lines = formatCheck(
    check('"one two three four five" (a.md:1), see b.md, a.md:7, c.md and [this](https://example.org).[^9]', folder),
  );
  expect(lines).toEqual([
    'ok    line 1: "one two three four five"',
    '      stands in a.md, line 1 (bytes 0-23)',
    'ok    line 1: a.md, line 1: a.md',
    'open  line 1: b.md: 2 files fit',
    'FALSE line 1: a.md, line 7: a.md has 1 line(s), not these lines',
    'FALSE line 1: c.md: no such file',
    'FALSE line 1: [^9]: no such footnote',
    '',
    '1 quotation(s): 1 exact, 0 normalised, 0 misattributed, 0 not found.',
    '5 citation(s): 1 found, 1 ambiguous, 2 not found, 1 out of range.',
    '1 link(s) lead out of the folder and were not checked.',
    '3 false.',
  ]);
});
