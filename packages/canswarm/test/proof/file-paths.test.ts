import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filePaths } from '../../src/proof/kinds/agent/file-paths.ts';
import { crypto } from './small-log.ts';

const { sha256 } = crypto;
const hashed = (name: string): string => {
  const [path] = filePaths([name, `${name}/x`], sha256).values();
  return path ?? '';
};

describe('where a file of an output lies', () => {
  it.each([
    ['a.txt', 'files/a.txt'],
    ['a/b c/d.txt', 'files/a/b c/d.txt'],
    ['résumé – 日本.txt', 'files/résumé – 日本.txt'],
    ['.hidden', 'files/.hidden'],
    ['..', 'files/.%2E'],
    ['.', 'files/%2E'],
    ['../../etc/passwd', 'files/.%2E/.%2E/etc/passwd'],
    ['/etc/passwd', 'files/%/etc/passwd'],
    ['a//b/', 'files/a/%/b/%'],
    ['a\\b', 'files/a%5Cb'],
    ['C:\\x', 'files/C%3A%5Cx'],
    ['100%', 'files/100%25'],
    ['%name-00', 'files/%25name-00'],
    ['ends. ', 'files/ends.%20'],
    ['ends.', 'files/ends%2E'],
    ['a\nb\u001b[2J', 'files/a%0Ab%1B[2J'],
    ['gpj.\u202etxt', 'files/gpj.%E2%80%AEtxt'],
    ['<script>"|?*', 'files/%3Cscript%3E%22%7C%3F%2A'],
  ])('%j', (name, path) => {
    expect(filePaths([name], sha256).get(name)).toBe(path);
  });

  it('is its hash where the name is too long for a file system', () => {
    for (const name of ['x'.repeat(241), `a/${'é'.repeat(121)}`, '\u202e'.repeat(30)]) {
      expect(filePaths([name], sha256).get(name)).toMatch(/^files\/%name-[0-9a-f]{64}$/);
    }
    expect(filePaths(['x'.repeat(240)], sha256).get('x'.repeat(240))).toBe(`files/${'x'.repeat(240)}`);
    const long = Array(400).fill('\n').join('/').slice(0, 511);
    expect(filePaths([long], sha256).get(long)).toMatch(/^files\/%0A\/%0A|^files\/%name-/);
    const longest = Array(170).fill('\n\n').join('/');
    expect(filePaths([longest], sha256).get(longest)).toMatch(/^files\/%name-/);
  });

  it('is its hash where names are in each other’s way', () => {
    expect([...filePaths(['a', 'a/b', 'A!'], sha256)]).toEqual([
      ['a', hashed('a')],
      ['a/b', 'files/a/b'],
      ['A!', 'files/A!'],
    ]);
    expect([...filePaths(['Read.me', 'read.ME', 'x'], sha256).values()]).toEqual([
      hashed('Read.me'),
      hashed('read.ME'),
      'files/x',
    ]);
    expect([...filePaths(['A', 'a/b'], sha256).values()]).toEqual([hashed('A'), 'files/a/b']);
    // Between a file and what lies in the folder of its name nothing comes in the way.
    expect(filePaths(['a', 'a!', 'a-b', 'a/b'], sha256).get('a')).toBe(hashed('a'));
    expect(hashed('a')).toMatch(/^files\/%name-ca978112ca1bbdca/);
  });

  it('is inside, one for each name, on no other’s way, and the same whatever the order', () => {
    const piece = fc.constantFrom(
      'a',
      'A',
      'b',
      '.',
      '..',
      '/',
      '//',
      ' ',
      '%',
      '\\',
      ':',
      '\0x',
      '\n',
      '\u202e',
      'é',
      '😀',
    );
    const name = fc
      .oneof(
        fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('')),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
        fc.constantFrom('x'.repeat(300), `${'y/'.repeat(250)}z`),
      )
      .map((text) => text.replaceAll('\0', ''))
      .filter((text) => text !== '');
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), (names) => {
        const paths = filePaths(names, sha256);
        const folded = [...paths.values()].map((path) => path.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
        expect(new Set(folded).size).toBe(names.length);
        for (const path of folded) {
          expect(folded.some((other) => other.startsWith(`${path}/`))).toBe(false);
          const [first, ...steps] = path.split('/');
          expect(first).toBe('files');
          expect(steps.length).toBeGreaterThan(0);
          for (const step of steps) {
            expect(step).not.toMatch(/^\.{0,2}$|[\\:*?"<>|]|[. ]$|\p{Cc}|\u202e/u);
            expect(Buffer.byteLength(step)).toBeLessThanOrEqual(240);
          }
        }
        expect(new Map([...filePaths(names.toReversed(), sha256)].reverse())).toEqual(paths);
      }),
      { numRuns: 500 },
    );
  });
});
