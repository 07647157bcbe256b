import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { extractSentences } from '../../src/sentence/index.ts';
import { ask, documentsOf, quotes } from './support.ts';

const VULNERABILITY = 'how do I report a security vulnerability?';

describe('useful answers first', () => {
  test('a passage that tells how comes before one that points elsewhere or only mentions it', async () => {
    const folder = {
      'a/README.md':
        '# a\n\n## Security\n\nFor information on reporting security vulnerabilities, see [SECURITY.md](SECURITY.md).\n',
      'b/CHANGELOG.md':
        '# 1.0.1\n\n- Fix a security vulnerability in the report module (abc1234)\n- Report security vulnerability earlier\n',
      'c/README.md':
        '# c\n\nTo report a security vulnerability, please use the [Tidelift contact](https://tidelift.com/security).\nTidelift will coordinate the fix.\n',
      'd/README.md': '# d\n\nThis parser has had no security vulnerability so far. It prints a report.\n',
    };
    const [first, second] = await quotes(VULNERABILITY, folder);
    expect(first).toBe(
      'To report a security vulnerability, please use the [Tidelift contact](https://tidelift.com/security).\nTidelift will coordinate the fix.',
    );
    expect(second).toContain('see [SECURITY.md](SECURITY.md)');
  });

  test('what stands under a fitting heading answers, though it has none of the words', async () => {
    const folder = {
      'SECURITY.md':
        '# Security Policy\n\n## Reporting a Vulnerability\n\nPlease send mail to security@example.org. You hear from us within two days.\n',
      'other.md': '# Other\n\nA security gate and a report of the day.\n',
    };
    const statements = await ask(VULNERABILITY, folder);
    expect(statements[0]).toMatchObject({ path: 'SECURITY.md', heading: 'Reporting a Vulnerability' });
    expect((await quotes(VULNERABILITY, folder))[0]).toContain('security@example.org');
  });

  test('an introduction comes with the list that it announces', async () => {
    const folder = {
      'a.md': '# Set-up\n\nOther text.\n\nTo install the tool:\n\n1. Download it.\n2. Unpack it.\n\nMore text.\n',
    };
    expect((await quotes('how do I install the tool?', folder))[0]).toBe(
      'To install the tool:\n\n1. Download it.\n2. Unpack it.',
    );
  });

  test('the package that is asked about comes first', async () => {
    const about = (name: string): string =>
      `# ${name}\n\n## Options\n\n#### timeout\n\nType: \`number\`\\\nDefault: \`${name.length}\`\n\nHow long to wait.\n`;
    const folder = {
      'p-queue/readme.md': about('p-queue'),
      'p-retry/readme.md': about('p-retry!!'),
      'zebra/readme.md': about('zebra'),
    };
    const statements = await ask('what is the default timeout of p-retry?', folder);
    expect(statements[0]?.path).toBe('p-retry/readme.md');
  });

  test('neighbouring sentences are taken together when both tell', async () => {
    const folder = {
      'a.md':
        '# a\n\nSomething first, at some length, about other things. The limit is set by the option max. A limit of zero means no limit at all. Then the end.\n',
    };
    const [first] = await quotes('what does the limit option mean?', folder);
    expect(first).toContain('The limit is set by the option max.');
  });
});

describe('what is left out', () => {
  test('texts that many packages share are quoted once', async () => {
    const folder = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `p${index}/README.md`,
        `# p${index}\n\n## Security\n\nTo report a security vulnerability in p${index}, please use the Tidelift security contact. Tidelift will coordinate the fix and disclosure.\n`,
      ]),
    );
    const found = await quotes(
      VULNERABILITY,
      { ...folder, 'z/SECURITY.md': 'Report any vulnerability by mail to security@z.example.\n' },
      10,
    );
    expect(found.filter((quote) => quote.includes('Tidelift security contact'))).toHaveLength(1);
    expect(found.some((quote) => quote.includes('security@z.example'))).toBe(true);
  });

  test('front matter, comments, scripts and navigation', async () => {
    const folder = {
      'a.md': '---\nreport: vulnerability\n---\n<!-- report a vulnerability here -->\n\nNothing else.\n',
      'b.html': '<nav>report a vulnerability</nav><script>report("vulnerability")</script><p>Nothing else.</p>',
    };
    expect(await quotes(VULNERABILITY, folder)).toEqual([]);
  });

  test('questions without words, folders without documents, documents without UTF-8', async () => {
    expect(await quotes('?!', { 'a.md': 'text' })).toEqual([]);
    expect(await quotes(VULNERABILITY, {})).toEqual([]);
    const broken = { path: 'x.md', cid: documentsOf({ a: '' })[0]?.cid ?? fail(), bytes: Uint8Array.of(0x72, 0xff) };
    const { statements } = await extractSentences({ question: 'report', maxStatements: 3, documents: [broken] });
    expect(statements).toEqual([]);
  });
});

test('documents may come as a stream and are read once', async () => {
  const folder = {
    'a.md': 'To report a vulnerability, send mail.\n',
    'b.md': 'No report of a vulnerability is lost.\n',
  };
  let reads = 0;
  async function* stream() {
    for (const document of documentsOf(folder)) {
      reads += 1;
      yield document;
    }
  }
  const streamed = await extractSentences({ question: VULNERABILITY, maxStatements: 5, documents: stream() });
  expect(streamed.statements).toEqual(await ask(VULNERABILITY, folder));
  expect(reads).toBe(2);
});

test('HTML is quoted as it stands in the source', async () => {
  const folder = {
    'a.html': '<h1>Mail</h1><p>To <b>report</b> a vulnerability, write to R&amp;D &mdash; at once.</p><p>Else.</p>',
  };
  expect(await quotes(VULNERABILITY, folder)).toEqual([
    'To <b>report</b> a vulnerability, write to R&amp;D &mdash; at once.',
  ]);
});

test('code of this extractor imports nothing of the other one', async () => {
  const root = new URL('../../src/sentence/', import.meta.url);
  const files = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) {
    const imports = [...(await readFile(new URL(file, root), 'utf8')).matchAll(/from '([^']+)'/g)].map(
      ([, from]) => from ?? '',
    );
    for (const from of imports.filter((name) => name.startsWith('.'))) {
      const target = new URL(from, new URL(file, root)).pathname;
      expect(target.startsWith(root.pathname) || target.endsWith('/src/extract.ts')).toBe(true);
    }
  }
});

function fail(): never {
  throw new Error('no document');
}
