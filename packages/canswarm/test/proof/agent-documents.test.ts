import { canonicalJson } from '@canswarm/agent';
import type { JsonValue } from '@canswarm/ports';
import { type Citation, cidOf, fromUtf8, utf8 } from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prettyJson } from '../../src/proof/kinds/agent/pretty-json.ts';
import { agentReport } from '../../src/proof/kinds/agent/report-markdown.ts';
import { agentResultJson } from '../../src/proof/kinds/agent/result-json.ts';
import { crypto } from './small-log.ts';

const { sha256 } = crypto;
const facts = {
  id: 'bafyneed' as never,
  requester: 'did:key:zRequester' as never,
  worker: 'did:key:zWorker' as never,
  need: { skill: 'count', goal: null, inputs: [], acceptance: '' as never },
  commit: { outputs: [] },
  digest: '00ff',
};
const cid = cidOf(utf8('file'), 'raw', sha256);

interface Made {
  readonly value?: JsonValue;
  readonly files?: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  readonly quotes?: readonly { readonly path: string; readonly quote: string }[];
  readonly goal?: string | null;
}

function resultOf({ value = 1, files = [], quotes = [] }: Made) {
  const citations = quotes.map(({ path, quote }, index) => {
    const citation: Citation = {
      input: 0,
      path,
      document: cid,
      byteStart: 1,
      byteEnd: 2,
      quote,
      sha256: sha256(utf8(quote)),
      lineStart: 3,
      lineEnd: index === 0 ? 3 : 4,
    };
    return { key: `citations/0000${index + 1}`, citation };
  });
  return { value, citations, files: files.map((file) => ({ ...file, cid })) };
}

const report = (made: Made): string => {
  const result = resultOf(made);
  const paths = new Map(result.files.map(({ name }, index) => [name, `files/${index}`]));
  return agentReport(result, paths, { ...facts, need: { ...facts.need, goal: made.goal ?? null } });
};

const HOSTILE = [
  '# heading',
  '<script>alert(1)</script>',
  '[link](javascript:alert(1))',
  '![image](https://evil.example/x.png)',
  'https://evil.example www.evil.example a@evil.example',
  '```\nno code\n```',
  '~~~',
  '    indented',
  '- list\n- of two',
  '1. list',
  '> quote',
  '---',
  '| a | b |\n|---|---|\n| c | d |',
  '&lt;entity&#x3c;',
  '`code` *bold* _it_ ~~no~~ $math$',
  'right\u202eto left, \u200bhidden, \u001b[2J\u0007 and \u0085',
  'line\u2028separator',
];

/** Lines of a report outside its code blocks. */
function proseLines(text: string): readonly string[] {
  let inside = false;
  return text.split('\n').filter((line) => {
    const fence = line.startsWith('```');
    if (fence) inside = !inside;
    return !fence && !inside;
  });
}

describe('report.md', () => {
  it('shows everything of a small result', () => {
    const text = report({
      value: { b: [1, true], a: 'x' },
      files: [{ name: 'a b.txt', bytes: utf8('abc') }],
      quotes: [
        { path: 'files/in.txt', quote: 'Some words.\n\n  And more.' },
        { path: 'files/x', quote: 'Other words.' },
      ],
      goal: 'Count, *please*',
    });
    expect(text).toBe(`# count

Count, \\*please\\*

Done by \`did:key:zWorker\` for \`did:key:zRequester\`.

## Output

\`\`\`json
{
  "a": "x",
  "b": [
    1,
    true
  ]
}
\`\`\`

## Files (1)

- [a b.txt](./files/0), 3 bytes

## Citations (2)

> Some words.
>
> And more.

files/in.txt, line 3

> Other words.

files/x, lines 3 to 4

---

This is what was committed and verified. To check it all without trusting anybody, from the folder that holds this file:

\`\`\`sh
npx canswarm verify proof
\`\`\`

need \`bafyneed\`, log digest \`00ff\`
`);
  });

  it.each(HOSTILE)('lets nothing act: %j', (text) => {
    const shown = report({
      value: { [text]: [text] },
      files: [{ name: text, bytes: utf8('') }],
      quotes: [{ path: text, quote: text }],
      goal: text,
    });
    // Nothing that acts on a terminal or hides, anywhere.
    expect(shown).not.toMatch(/(?!\n)\p{Cc}|[\u200b\u202e\u2028]/u);
    const fences = shown.split('\n').filter((line) => /^\s*(```|~~~)/.test(line));
    expect(fences).toEqual(['```json', '```', '```sh', '```']);
    const prose = proseLines(shown).join('\n');
    const unescaped = prose.replace(/\\[!-/:-@[-`{-~]/g, 'x');
    // What is left of markup is the report's own: its headings, list, links to its files, spans of keys, quotes and rule.
    expect(unescaped).not.toMatch(/[<&*~$@|]|!\[|\]\((?!\.\/files\/)|https?:\/\/|www\./);
    for (const line of unescaped.split('\n'))
      expect(line).toMatch(/^(# |## (Output|Files|Citations)|- \[|> ?|---$|\t{0}[^#>\-+=\s]|$)/);
  });

  it('holds whatever characters there are', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).map((one) => one.toWellFormed());
    fc.assert(
      fc.property(text, text, text, (name, quote, goal) => {
        const shown = report({
          value: { [name]: quote },
          files: [{ name, bytes: utf8('') }],
          quotes: [{ path: name, quote }],
          goal,
        });
        expect(shown).not.toMatch(/(?!\n)\p{Cc}|[\u200b-\u200b\u202a-\u202e\u2028\u2029\ufeff]/u);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown.split('\n').filter((line) => line.startsWith('```'))).toHaveLength(4);
      }),
      { numRuns: 300 },
    );
  });

  it('shows the beginning of what is long, and says so', () => {
    const many = report({
      value: Array.from({ length: 10_000 }, (_, index) => index),
      files: Array.from({ length: 203 }, (_, index) => ({ name: `f${index}`, bytes: utf8('') })),
      quotes: Array.from({ length: 201 }, () => ({ path: 'files/a', quote: 'é'.repeat(2_000) })),
    });
    expect(many).toContain('This is its beginning: result.json has all of it.');
    expect(many).toContain('## Files (203)');
    expect(many).toContain('And 3 more: result.json has them.');
    expect(many).toContain('## Citations (201)');
    expect(many).toContain('And 1 more: result.json has them.');
    expect(many).toContain('files/a, lines 3 to 4 (its beginning)');
    expect(report({ value: 'x'.repeat(4_000_000), goal: 'g'.repeat(100_000) }).length).toBeLessThan(5_000);
  });
});

describe('a value for people', () => {
  const printed = (value: JsonValue, lines = 400, characters = 32_768) => prettyJson(value, lines, characters);

  it('is JSON where it is whole, with keys in order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const value = JSON.parse(JSON.stringify(json)) as JsonValue;
        const { lines, whole } = printed(value);
        if (whole) expect(canonicalJson(JSON.parse(lines.join('\n')))).toBe(canonicalJson(value));
        for (const line of lines) expect(line).not.toMatch(/\p{Cc}|[\u202e\u2028]/u);
      }),
    );
    expect(printed({ b: {}, a: [], c: [[1]] }).lines).toEqual([
      '{',
      '  "a": [],',
      '  "b": {},',
      '  "c": [',
      '    [',
      '      1',
      '    ]',
      '  ]',
      '}',
    ]);
    expect(printed('\u202e😀\u{e0001}').lines).toEqual(['"\\u202e😀\\udb40\\udc01"']);
    expect(printed(JSON.parse('{"__proto__": 1}')).lines).toEqual(['{', '  "__proto__": 1', '}']);
  });

  it('ends where it is too long', () => {
    expect(printed([1, 2, 3], 3)).toEqual({ lines: ['[', '  1,', '  2,'], whole: false });
    expect(printed(['aaaa', 'bbbb'], 400, 14)).toEqual({ lines: ['[', '  "aaaa",'], whole: false });
    const long = printed(`${'x'.repeat(1_998)}😀 and more`);
    expect(long).toEqual({ lines: [`"${'x'.repeat(1_998)}…"`], whole: false });
    const deep = JSON.parse(`${'['.repeat(64)}${']'.repeat(64)}`);
    expect(Math.max(...printed(deep).lines.map(({ length }) => length))).toBeLessThan(70);
  });
});

describe('result.json', () => {
  it('is one line of canonical JSON, made in pieces', () => {
    const file = fc.record({ name: fc.string({ minLength: 1 }), bytes: fc.uint8Array({ maxLength: 20 }) });
    const quote = fc.record({ path: fc.string({ minLength: 1 }), quote: fc.string({ minLength: 1 }) });
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.uniqueArray(file, { maxLength: 3, selector: ({ name }) => name }),
        fc.array(quote, { maxLength: 3 }),
        (json, files, quotes) => {
          const value = JSON.parse(JSON.stringify(json)) as JsonValue;
          const result = resultOf({ value, files, quotes });
          const paths = new Map(files.map(({ name }) => [name, `files/${name}`]));
          const text = fromUtf8(agentResultJson(result, paths, facts, sha256)) ?? '';
          expect(text.endsWith('\n')).toBe(true);
          const read = JSON.parse(text);
          expect(text).toBe(`${canonicalJson(read)}\n`);
          expect(canonicalJson(read.output)).toBe(canonicalJson(value));
          expect(read).toMatchObject({ skill: 'count', needId: facts.id, digest: '00ff' });
          expect(read.files.map(({ name, path }: { name: string; path: string }) => [name, path])).toEqual([...paths]);
          expect(read.citations.map((one: { quote: string }) => one.quote)).toEqual(quotes.map((one) => one.quote));
        },
      ),
    );
  });
});
