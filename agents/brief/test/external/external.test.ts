import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAnswers } from '../../src/external/answers.ts';
import { splitCommandLine } from '../../src/external/command-line.ts';
import { type ExternalOptions, external } from '../../src/external/index.ts';
import { locate } from '../../src/external/locate.ts';
import { externalEngine, skill } from '../../src/skill.ts';
import { source } from '../support/extract.ts';
import { guide, guideQuestion } from '../support/guide.ts';
import { resultOf, type TestNeed, testNeed } from '../support/needs.ts';
import { sha256 } from '../support/sha256.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brief worker-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that runs `body` with `request`, the parsed standard input. */
function program(name: string, body: string): string {
  const path = join(folder, `${name}.mjs`);
  const head = `#!${process.execPath}\nlet input = '';\nfor await (const chunk of process.stdin) input += chunk;\n`;
  writeFileSync(path, `${head}const request = JSON.parse(input);\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

const say = (statements: string): string => `console.log(JSON.stringify(${statements}));`;

async function run(options: ExternalOptions, need?: TestNeed): Promise<string> {
  const { task, context } = need ?? (await testNeed(guide, { question: guideQuestion, maxStatements: 2 }));
  const outcome = await external(options).execute?.(task, context);
  const [output] = outcome?.outputs ?? [];
  if (output === undefined) throw new Error('no output');
  const judged = await skill('check').evaluate?.(resultOf(task, output), context);
  return [judged?.verdict, ...(judged?.reasons ?? [])].join(' | ');
}

const TRUE_QUOTES = `request.documents.flatMap(({ path, text }) => text.split('\\n').filter((line) => line.includes('report')
  && line.includes('vulnerability')).map((quote) => ({ path, quote })))`;

describe('a program of the user', () => {
  it('that quotes what is there passes, also as an engine by name', async () => {
    const path = program('honest', say(`{ statements: ${TRUE_QUOTES} }`));
    expect(await run({ command: [path] })).toBe('pass');
    const need = await testNeed(guide, { question: guideQuestion, maxStatements: 2 });
    const outcome = await skill(externalEngine({ command: `"${path}"` })).execute?.(need.task, need.context);
    expect(outcome?.outputs).toHaveLength(1);
  });

  it('that invents a quote is found out', async () => {
    const invented = `[{ path: 'SECURITY.md', quote: 'Reports are answered within one hour.' }, ...${TRUE_QUOTES}]`;
    expect(await run({ command: [program('inventor', say(invented))] })).toContain(
      'fail | s/0001 is not what the document says',
    );
    const elsewhere = `[{ path: 'NO SUCH.md', quote: 'Anything at all.' }]`;
    expect(await run({ command: [program('elsewhere', say(elsewhere))] })).toContain('no_such_path');
  });

  it('gets the question and every document', async () => {
    const body = `if (request.question !== ${JSON.stringify(guideQuestion)} || request.maxStatements !== 2) process.exit(9);
      if (request.documents.map(({ path }) => path).join() !== 'README.md,SECURITY.md,docs/boiler.md,docs/handle.html,docs/lid.md') process.exit(8);
      ${say(TRUE_QUOTES)}`;
    expect(await run({ command: [program('reader', body)] })).toBe('pass');
  });

  it.each([
    ['ends badly', 'console.error("out of tea"); process.exit(3);', /ended with exit code 3: out of tea/],
    ['writes no JSON', 'console.log("tea?");', /did not write JSON/],
    ['writes nothing', '', /wrote nothing/],
    ['writes no list', say('{ tea: 1 }'), /a JSON list/],
    ['forgets fields', say('[{ path: "a" }]'), /statement 0/],
    ['writes too much', 'console.log("x".repeat(300_000)); setInterval(() => {}, 1000);', /more than 100000 bytes/],
  ])('that %s fails the job and says why', async (name, body, message) => {
    await expect(run({ command: [program(name.replaceAll(' ', '-'), body)], outputBytesMax: 100_000 })).rejects.toThrow(
      message,
    );
  });

  it('that does not end is ended, with what it started', async () => {
    const body = `const { spawn } = await import('node:child_process');
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }); setInterval(() => {}, 1000);`;
    const path = program('endless', body);
    await expect(run({ command: [path], timeoutMs: 1500 })).rejects.toThrow('within 1500 ms');
    const need = await testNeed(guide, { question: guideQuestion });
    const work = run({ command: [path] }, need);
    need.abort.abort(new Error('lease lost'));
    await expect(work).rejects.toThrow('lease lost');
  });

  it('that does not exist, or reads no input, does no harm', async () => {
    await expect(run({ command: [join(folder, 'none')] })).rejects.toThrow(/cannot be run/);
    const deaf = join(folder, 'deaf.mjs');
    writeFileSync(deaf, `#!${process.execPath}\nprocess.stdin.destroy();\nconsole.log('[]');\n`);
    chmodSync(deaf, 0o755);
    expect(await run({ command: [deaf] })).toMatch(/^fail \| the ranking/);
  });

  it('is given to a shell only when asked', async () => {
    const path = program('plain', say(TRUE_QUOTES));
    const line = `'${path}' ; exit 7`;
    expect(await run({ command: line })).toBe('pass');
    await expect(run({ command: line, shell: true })).rejects.toThrow('exit code 7');
    expect(() => external({ command: ['a'], shell: true })).toThrow(TypeError);
  });
});

describe('locate', () => {
  const document = source('a.md', 'One.\nIt’s “two\n  words” here, [as](x) it (is).\nOne. \u{1F600}');
  const place = (quote: string, byteStart?: number): string => {
    const claimed = byteStart === undefined ? { path: 'a.md', quote } : { path: 'a.md', quote, byteStart };
    const claim = locate(claimed, document, sha256);
    return `${claim.byteStart} ${claim.quote}`;
  };

  it('finds words at the offset given, at the first place, or with other white space and quotation marks', () => {
    expect(place('One.')).toBe('0 One.');
    const second = document.bytes.length - 9;
    expect(place('One.', second)).toBe(`${second} One.`);
    expect(place('One.', 3)).toBe('0 One.');
    expect(place('It\'s "two words" here')).toBe('5 It’s “two\n  words” here');
    expect(place('[as](x) it (is).')).toMatch(/\[as\]\(x\) it \(is\)\.$/);
  });

  it('leaves an invented quote as it is claimed, cut to what a record may hold', () => {
    expect(place('never said', 4)).toBe('4 never said');
    expect(place('ü'.repeat(4000))).toBe(`0 ${'ü'.repeat(2048)}`);
    expect(locate({ path: 'p'.repeat(2000), quote: 'x' }, undefined, sha256).path).toHaveLength(1024);
  });
});

describe('a command line', () => {
  it.each([
    ['a b', ['a', 'b']],
    [`  'a b'  "c 'd'" e\\ f `, ['a b', "c 'd'", 'e f']],
    [`x '' "\\"" '\\'`, ['x', '', '"', '\\']],
    ['a;b|c $HOME *', ['a;b|c', '$HOME', '*']],
  ])('%j is split at white space outside quotes', (line, words) => {
    expect(splitCommandLine(line)).toEqual(words);
  });

  it.each(['', '  ', '"open', `'open`, 'x'.repeat(9000)])('%j is refused', (line) => {
    expect(splitCommandLine(line)).toBeUndefined();
  });
});

describe('answers', () => {
  it('are bounded, and made well-formed', () => {
    const many = Array.from({ length: 1000 }, () => ({ path: './a', quote: 'x\uD800', byteStart: -1, more: 1 }));
    const answers = parseAnswers(Buffer.from(JSON.stringify(many)));
    expect(answers).toHaveLength(256);
    expect(answers[0]).toEqual({ path: 'a', quote: 'x\uFFFD' });
  });
});
