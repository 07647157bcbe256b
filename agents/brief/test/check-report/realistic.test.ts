import { expect, test } from 'vitest';
import { check } from './support.ts';

const FOLDER = {
  'queue/readme.md': [
    '# queue',
    '',
    '> Run jobs one after another',
    '',
    'Jobs run **in the order** in which they were added, unless a job has a higher [priority](#priority).',
    '',
    '## API',
    '',
    '### new Queue(options?)',
    '',
    '#### concurrency',
    '',
    'Type: `number`\\',
    'Default: `1`',
    '',
    'How many jobs may run at the same time.',
    '',
    '#### timeout',
    '',
    "A job that takes longer is aborted; it isn't tried again.",
    '',
  ].join('\n'),
  'queue/SECURITY.md':
    '# Security\r\n\r\nReport a vulnerability by mail to security@queue.example.\r\nWe answer within two days.\r\n',
  'handbook/index.html':
    '<html><body><nav>Home</nav><h1>Handbook</h1><p>Every job leaves a <em>trace</em>, and a trace is kept for&nbsp;ninety days.</p></body></html>',
};

/** What a model writes when asked about these files: mostly right, with the mistakes that models make. */
const REPORT = `# How the queue behaves

## Order and concurrency

According to the [readme](queue/readme.md), "Jobs run in the order in which they were added, unless a job has a higher priority."
The default concurrency is 1: \`queue/readme.md:14\` says so, and explains the option as “How many jobs may run at the same time”.

## Failures

> A job that takes longer is aborted; it isn’t tried again.
>
> — *queue/readme.md*, line 20

The handbook adds (handbook/index.html) that “every job leaves a trace, and a trace is kept for ninety days”.

Some say "a job that fails is tried again three times" (queue/readme.md).

## Security[^sec]

The policy reads: "Report a vulnerability by mail [...] We answer within two days"[^sec], while "Run jobs one after another" is its motto (queue/SECURITY.md).

| claim | where |
| --- | --- |
| "a trace is kept for ninety days" | handbook/index.html |
| "a trace is kept for ninety years" | docs/retention.md |

[^sec]: \`queue/SECURITY.md\`, lines 3-4
`;

test('a report as people and models write it', () => {
  const { quotations, citations, counts, normalisations } = check(REPORT, FOLDER);
  expect(
    quotations.map(({ text, verdict, cited, at }) => [text.slice(0, 30), verdict, cited[0] ?? null, at?.path ?? null]),
  ).toEqual([
    ['Jobs run in the order in which', 'normalised', 'queue/readme.md', 'queue/readme.md'],
    ['How many jobs may run at the s', 'exact', 'queue/readme.md', 'queue/readme.md'],
    ['A job that takes longer is abo', 'normalised', 'queue/readme.md', 'queue/readme.md'],
    ['every job leaves a trace, and ', 'not_found', 'handbook/index.html', null],
    ['a job that fails is tried agai', 'not_found', 'queue/readme.md', null],
    ['Report a vulnerability by mail', 'exact', 'queue/SECURITY.md', 'queue/SECURITY.md'],
    ['Run jobs one after another', 'misattributed', 'queue/SECURITY.md', 'queue/readme.md'],
    ['a trace is kept for ninety day', 'normalised', 'handbook/index.html', 'handbook/index.html'],
    ['a trace is kept for ninety yea', 'not_found', 'docs/retention.md', null],
  ]);
  expect(quotations[3]?.closest).toMatchObject({
    path: 'handbook/index.html',
    differences: [{ written: 'every', stands: 'Every' }],
  });
  expect(quotations[5]?.parts?.map(({ lineStart }) => lineStart)).toEqual([3, 4]);
  expect(citations.filter(({ verdict }) => verdict !== 'found')).toEqual([
    { target: 'docs/retention.md', reportLine: 25, verdict: 'not_found' },
  ]);
  expect(normalisations.toSorted()).toEqual(['markup', 'quotation_marks', 'white_space']);
  expect(counts).toMatchObject({ quotations: 9, exact: 2, normalised: 3, misattributed: 1, notFound: 3, false: 5 });
});

test('plain text with mail-style quotation is read too', () => {
  const report =
    'You wrote:\r\n> Report a vulnerability by mail to security@queue.example.\r\n> We answer within two days.\r\n\r\nSo I did.\r\n';
  expect(check(report, FOLDER).quotations).toMatchObject([
    { verdict: 'exact', at: { path: 'queue/SECURITY.md', lineStart: 3, lineEnd: 4 } },
  ]);
});
