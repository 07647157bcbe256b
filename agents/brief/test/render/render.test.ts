import { asNeedId, buildFile, cidOf, utf8 } from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimAt } from '../../src/brief/claim.ts';
import { type Brief, readBrief } from '../../src/brief/read-brief.ts';
import { groupTitle } from '../../src/brief/report.ts';
import { buildBrief } from '../../src/publish.ts';
import { briefMarkdown } from '../../src/render/brief-markdown.ts';
import { briefText } from '../../src/render/brief-text.ts';
import { linkTarget, markdownText, terminalText } from '../../src/render/escape.ts';
import { resultJson } from '../../src/render/result-json.ts';
import { sha256 } from '../support/sha256.ts';

const origin = { needId: asNeedId(cidOf(utf8('need'), 'dag-cbor', sha256)), digest: '00ff' };

/** The brief that quotes each document as a whole, read back from its blocks. */
function briefOf(question: string, documents: readonly (readonly [path: string, text: string])[]): Brief {
  const claims = documents.map(([path, text]) => {
    const bytes = utf8(text);
    return claimAt({ path, bytes, cid: buildFile(bytes, sha256).cid }, 0, bytes.length);
  });
  const { ref, blocks } = buildBrief({ question, engine: 'test', claims }, sha256);
  const byCid = new Map(blocks.map(({ cid, bytes }) => [cid, bytes]));
  const read = readBrief(ref.cid, (cid) => byCid.get(cid));
  if (read.status !== 'found') throw new Error(read.status);
  return read.brief;
}

describe('brief.md', () => {
  it('shows question, groups, quotes, places and how to verify', () => {
    const brief = briefOf('How?', [
      ['docs/a b.md', 'Write to *us*.\r\n\r\n  Then wait.'],
      ['SECURITY.md', 'One line.'],
    ]);
    expect(briefMarkdown(brief, origin)).toBe(`# How?

## docs/a b.md

> Write to \\*us\\*.
>
> Then wait.

[docs/a b.md:1-3](./docs/a%20b.md#L1-L3) · document \`${brief.statements[0]?.document.slice(0, 8)}…${brief.statements[0]?.document.slice(-6)}\`

## SECURITY.md

> One line.

[SECURITY.md:1](./SECURITY.md#L1) · document \`${brief.statements[1]?.document.slice(0, 8)}…${brief.statements[1]?.document.slice(-6)}\`

---

Every quotation stands in its document byte for byte; links are relative to the folder that was asked. To check it all without trusting anybody, from the folder that holds this file:

\`\`\`sh
npx canswarm verify proof
\`\`\`

need \`${origin.needId}\`, log digest \`00ff\`
`);
  });

  it('says so when nothing was found', () => {
    expect(briefMarkdown(briefOf('How?', []), origin)).toContain('\n\nNothing in the documents answers this.\n\n---');
  });

  it('lets no document act: no markup, HTML, link, entity or control character', () => {
    const hostile =
      '<script>alert(1)</script> [click](javascript:x) ![i](http://t.co/x) `code` **b** _e_ ~~s~~ &lt;b&gt;\n# Heading\n> quote\n' +
      '- list\n1. one\n===\n---\n| a | b |\n|---|---|\n```\nfence\n~~~\n<https://x.org> https://x.org www.x.org me@x.org $$x$$\n' +
      '\u001b[31mred\u0007 \u202Eevil\u2066 \u200Bzero\u{E0041}';
    const path = 'a](http://evil.org)\n# x/<b>.md';
    const markdown = briefMarkdown(briefOf('# How [x](y)?\n\n<b>', [[path, hostile]]), origin);
    const quoted = markdown.split('\n').filter((line) => line.startsWith('>'));
    expect(quoted).toHaveLength(hostile.split('\n').length);
    for (const line of quoted)
      expect(line.slice(2)).not.toMatch(/(?<!\\)[`*[\]<&|~@$]|^(?:[#>+=-]|\d+[.)])|(?<!\\):\/\/|www\.x/);
    expect(markdown).not.toMatch(/[\p{Cc}](?<!\n)|[\u202a-\u202e\u2060-\u2069\u200b\u{e0000}-\u{e0fff}]/u);
    expect(markdown.split('\n').filter((line) => line.startsWith('#'))).toEqual([
      '# \\# How \\[x\\](y)? \\<b>',
      '## a\\](http\\://evil.org) # x/\\<b>.md',
    ]);
    expect(markdown.match(/\]\(\S+\)/g)?.at(-1)).toBe(
      `](./a%5D%28http%3A//evil.org%29%0A%23%20x/%3Cb%3E.md#L1-L${quoted.length})`,
    );
  });

  it('keeps every line of a document in its quote, whatever it holds', () => {
    const noise = fc.string({
      unit: fc.constantFrom(...'\n\r\t >#-=|`~*_[]()<&\\:/.1a😀é\u0085\u2028\u001b'),
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(noise, (text) => {
        const markdown = briefMarkdown(briefOf('q', [['a', text]]), origin);
        const body = markdown.slice(markdown.indexOf('## a\n\n') + 6, markdown.indexOf('\n\n[a:'));
        for (const line of body.split('\n')) {
          expect(line).toMatch(/^>(?: .+)?$/u);
          expect(line).not.toMatch(/[\p{Cc}\u2028]/u);
          expect(line.replace(/\\./gu, 'x')).not.toMatch(/[`*[\]<&|~]|^> *[#>=-]/u);
        }
      }),
    );
  });
});

describe('result.json', () => {
  it('is the brief with exact quotes, the same bytes every time', () => {
    const brief = briefOf('How?', [['a.md', '\uFEFFé\r\n"x"\u0000\u001b']]);
    const json = resultJson(brief, origin);
    expect(JSON.parse(json)).toEqual({
      question: 'How?',
      statements: [
        {
          quote: '\uFEFFé\r\n"x"\u0000\u001b',
          path: 'a.md',
          documentCid: brief.statements[0]?.document,
          byteStart: 0,
          byteEnd: 12,
          sha256: Buffer.from(sha256(utf8('\uFEFFé\r\n"x"\u0000\u001b'))).toString('hex'),
        },
      ],
      ...origin,
    });
    expect(resultJson(briefOf('How?', [['a.md', '\uFEFFé\r\n"x"\u0000\u001b']]), origin)).toBe(json);
    expect(json.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

describe('the terminal', () => {
  it('gets printable lines only', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.string({ unit: 'binary', minLength: 1 }),
        (path, quote) => {
          const text = briefText(briefOf('q\u001b[2J', [[path.toWellFormed(), quote.toWellFormed()]]));
          expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
          expect(text.split('\n')).toHaveLength(5);
        },
      ),
      { numRuns: 40 },
    );
    expect(terminalText('a\t b\u001b[31m\u202e\n')).toBe('a b\\u{1b}[31m\\u{202e}');
    expect(briefText(briefOf('q', []))).toBe('q\n\nNothing in the documents answers this.\n');
    expect(briefText(briefOf('q', [['a', '😀'.repeat(500)]]))).toContain(' …\n');
  });
});

describe('escaping', () => {
  it('leaves readable what means nothing', () => {
    expect(markdownText("snake_case, e.g. it's 3-4 (see docs) = a+b: 100%!")).toBe(
      "snake_case, e.g. it's 3-4 (see docs) = a+b: 100%!",
    );
    expect(markdownText('_a_ __b__ -x')).toBe('\\_a\\_ \\_\\_b\\_\\_ -x');
    expect(markdownText('- x')).toBe('\\- x');
    expect(markdownText('12) x')).toBe('12\\) x');
  });

  it('makes links of paths, and short titles of long ones', () => {
    expect(linkTarget('a b/c(d)#e?.md')).toBe('./a%20b/c%28d%29%23e%3F.md');
    expect(linkTarget('javascript:x')).toBe('./javascript%3Ax');
    expect(groupTitle('x'.repeat(60))).toBe('x'.repeat(60));
    expect(groupTitle(`${'😀'.repeat(40)}/a.md`)).toMatch(/^….*\/a\.md$/u);
  });
});
