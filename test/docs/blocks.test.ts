import { describe, expect, it } from 'vitest';
import { commandLines, fencesOf, planOf } from './blocks.ts';
import { unexpected } from './expected.ts';
import { followPage } from './page.ts';
import { linkedWorld } from './world.ts';

const block = (info: string, text: string): string => `\`\`\`${info}\n${text}\n\`\`\`\n`;
const plan = (...blocks: readonly string[]) => planOf(fencesOf(`# Page\n\n${blocks.join('\nSome words.\n\n')}`));
const problemsOf = async (...blocks: readonly string[]): Promise<string> =>
  (await followPage(plan(...blocks), linkedWorld())).problems.join('\n');

const program = block('ts file=main.mts', 'const answer: number = 42;\nconsole.log(answer);');
const run = block('sh', 'node main.mts');

describe('the plan of a page', () => {
  it('has files, commands and what they print', () => {
    const { steps, problems } = plan(program, run + block('text', '42'));
    expect(problems).toEqual([]);
    expect(steps.map(({ kind, line }) => [kind, line])).toEqual([
      ['file', 3],
      ['commands', 10],
    ]);
    expect(steps[1]).toMatchObject({ text: 'node main.mts\n', terminal: 1, exit: 0, said: '42\n' });
  });

  it.each<[string, readonly string[], string]>([
    ['a sample without a file', [block('ts', 'const a = 1;')], 'nothing runs this block of ts'],
    ['a block of no language', [block('', 'words')], 'nothing runs this block of no language'],
    ['output of nothing', [block('text', '42')], 'nothing runs this block of text'],
    ['a file that nothing names', [program], 'nothing runs main.mts'],
    ['an attribute that is none', [block('sh exit_code=1', 'false')], '"exit_code" says nothing'],
    ['a terminal that is never ready', [block('sh terminal=2', 'sleep 1')], 'it is not said when'],
  ])('names %s', (_what, blocks, problem) => {
    expect(plan(...blocks).problems.join()).toContain(problem);
  });

  it('counts lines that are typed', () => {
    const { steps } = plan(
      block('sh', '# first\nnpm install \\\n  canswarm\n\nls'),
      block('text file=a.sh', 'a.sh\nb'),
    );
    expect(commandLines(steps)).toEqual(['npm install canswarm', 'ls']);
  });
});

describe('what is shown', () => {
  it.each<[string, string, string | null]>([
    ['a\nb\n', 'a\nb', null],
    ['a 17 c\n', 'a … c', null],
    ['a\n\nx\ny\nb\n', 'a\n…\nb', null],
    ['(node:7) ExperimentalWarning: SQLite is new\na\n', 'a', null],
    ['a\nb\n', 'a', 'nothing more'],
    ['a\nc\n', 'a\nb', 'b'],
    ['aXb\n', 'a.b', 'a.b'],
  ])('%j against %j', (output, shown, missing) => {
    expect(unexpected(output, shown)).toBe(missing);
  });
});

describe('following a page', () => {
  it('finds nothing wrong with a page that is right', async () => {
    const folders = block('sh', 'mkdir deep\ncd deep\nword=kept') + block('sh', 'echo "$word" > ../said');
    const followed = await followPage(
      plan(program, run + block('text', '42'), folders, block('sh', 'cat ../said') + block('text', 'kept')),
      linkedWorld(),
    );
    expect(followed).toEqual({ problems: [], ran: 4, typed: 1 });
  });

  it.each<[string, readonly string[], RegExp]>([
    ['a program that throws', [block('ts file=main.mts', "throw new Error('planted');"), run], /exit code 1.*planted/s],
    ['an import that is not there', [block('ts file=main.mts', "import 'canswarm/nothing';"), run], /exit code 1/],
    ['a command that is none', [block('sh', 'npx canswarm hyre word-count')], /exit code 2/],
    ['a failure that does not come', [block('sh exit=1', 'true')], /exit code 0, not 1/],
    ['a first command that fails', [block('sh', 'false\ntrue')], /exit code 1/],
    ['another output', [program, run + block('text', '41')], /does not print.*: 41/],
    [
      'a type that does not hold',
      [block('ts file=main.mts', "export const a: number = 'a';"), run],
      /types do not hold/,
    ],
    [
      'another terminal that ends',
      [block('sh terminal=2', 'echo no') + block('text', 'yes')],
      /it ended or was late before it prints: yes/,
    ],
  ])('catches %s', async (_what, blocks, problem) => {
    expect(await problemsOf(...blocks)).toMatch(problem);
  });
});
