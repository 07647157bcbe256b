import { utf8 } from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonNode, parseTree } from '../src/check/json-tree.ts';
import { namesOf, postfixOf } from '../src/check/spdx.ts';
import { tellTexts } from '../src/check/tell.ts';
import { TELL_TALES } from '../src/tell-tales.ts';
import { atomsOf, readExpression } from '../src/work/expression.ts';
import { membersAt, readJson } from '../src/work/json-members.ts';
import { findTexts } from '../src/work/texts.ts';

/** The value of a tree, as JSON.parse would have given it. */
function parsed(node: JsonNode): unknown {
  if (node.type === 'string') return node.value;
  if (node.type === 'array') return node.items.map(parsed);
  if (node.type !== 'object') return JSON.parse(node.text);
  return Object.fromEntries([...node.members].map(([key, { value }]) => [key, parsed(value)]));
}

describe('JSON', () => {
  it('is read by the check as by the platform, wherever it stands', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), fc.constantFrom('', ' \n', '\uFEFF'), (text, before) => {
        const tree = parseTree(utf8(`${before}${text}`));
        expect(tree === undefined ? 'none' : parsed(tree)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is refused by both or by neither when it is damaged', () => {
    const damage = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', '"', '\\', ',', '}', ']', '0', '-', '.', 'e', '\u0001', ' '),
    );
    fc.assert(
      fc.property(damage, ([text, at, mark]) => {
        const place = at % (text.length + 1);
        const bytes = utf8(`${text.slice(0, place)}${mark}${text.slice(place + 1)}`.toWellFormed());
        const [tree, json] = [parseTree(bytes), readJson(bytes)];
        expect(tree === undefined).toBe(json === undefined);
        if (tree !== undefined) expect(parsed(tree)).toEqual(json?.value);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has its members where both say', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (value) => {
        const bytes = utf8(JSON.stringify(value, null, 1).toWellFormed());
        const tree = parseTree(bytes);
        const members = membersAt(bytes, 0);
        if (tree?.type !== 'object') throw new Error('an object was to be read');
        for (const [key, { at, value: node }] of tree.members) {
          const member = members.findLast((one) => one.key === key);
          expect([member?.start, member?.valueStart, member?.end]).toEqual([at, node.start, node.end]);
        }
      }),
    );
  });
});

describe('SPDX expressions', () => {
  const licence = fc.constantFrom(
    'MIT',
    'ISC',
    'GPL-2.0-only',
    'GPL-2.0-or-later',
    'GPL-2.0',
    'LicenseRef-x',
    'Apache-2.0',
  );
  const mark = fc.constantFrom(
    'AND',
    'OR',
    'WITH',
    'and',
    'Or',
    '(',
    ')',
    '+',
    'Classpath-exception-2.0',
    ':',
    '()',
    'LicenseRef-',
    '&',
    '',
    'x',
    '\t',
  );
  const separated = fc.tuple(fc.oneof({ weight: 2, arbitrary: licence }, mark), fc.constantFrom(' ', ' ', '', '  '));

  it('are read alike, whatever they are made of', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(separated, { maxLength: 9 }), (parts) => {
        const text = parts.flat().join('');
        const [tree, postfix] = [readExpression(text), postfixOf(text)];
        expect([text, postfix !== undefined]).toEqual([text, tree !== undefined]);
        if (tree === undefined || postfix === undefined) return;
        read += 1;
        const names = namesOf(postfix).map(({ id, later, exception }) => [id, later, exception]);
        expect(names).toEqual(atomsOf(tree).map(({ base, orLater, exception }) => [base, orLater, exception ?? '']));
      }),
      { numRuns: 5_000 },
    );
    expect(read).toBeGreaterThan(100);
  });
});

describe('tell-tales', () => {
  it('do not overlap themselves, and are words', () => {
    for (const { words, needs = [], lacks = [] } of TELL_TALES) {
      const list = words.split(' ');
      for (let length = 1; length < list.length; length += 1)
        expect(list.slice(0, length).join(' ')).not.toBe(list.slice(-length).join(' '));
      for (const phrase of [words, ...needs, ...lacks]) expect(phrase).toMatch(/^[a-z0-9]+(?: [a-z0-9]+)*$/);
    }
  });

  it('are found alike in any mixture of their words', () => {
    const phrases = [
      ...new Set(TELL_TALES.flatMap(({ words, needs = [], lacks = [] }) => [words, ...needs, ...lacks])),
    ];
    const piece = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...phrases) },
      fc.constantFrom('', 'words between ', 'permission', 'x '.repeat(150), '\u00e9', '(c)', '-'.repeat(2_000)),
      fc.constantFrom(...phrases.map((phrase) => phrase.slice(0, -2).toUpperCase())),
    );
    const glue = fc.constantFrom(' ', '\n// ', '', '"\u3000"');
    let found = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, glue), { maxLength: 12 }), glue, (pieces, inside) => {
        const bytes = utf8(
          pieces
            .flat()
            .join('')
            .replaceAll(' ', inside === '' ? ' ' : inside),
        );
        const texts = findTexts(bytes);
        found += texts.length;
        expect(tellTexts(bytes)).toEqual(texts);
      }),
      { numRuns: 500 },
    );
    expect(found).toBeGreaterThan(100);
  });
});
