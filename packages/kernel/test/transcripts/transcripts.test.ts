import { describe, expect, it } from 'vitest';
import { readTranscript, STALE, transcriptNames } from './files.ts';
import { COMMAND_NAMES, playScript } from './play.ts';
import { parseCommand, parseScript } from './script.ts';
import { textDiff } from './text-diff.ts';

const lives = transcriptNames('lives');

describe('the transcript is what the law says of', () => {
  it.each(lives)('%s', (name) => {
    const text = readTranscript('lives', name);
    expect(playScript(text), STALE).toBe(text);
  });
});

it('every command is said in one', () => {
  const commands = lives.flatMap((name) =>
    parseScript(readTranscript('lives', name)).blocks.flatMap((one) => one.commands),
  );
  const said = new Set(commands.map((line) => parseCommand(line).name));
  expect(COMMAND_NAMES.filter((name) => !said.has(name))).toEqual([]);
});

describe('a transcript', () => {
  const text = [
    '# Two entries.',
    'transfer ada bob 1',
    '----',
    '',
    'transfer bob ada 2',
    'balances burn',
    '----',
    '',
  ].join('\n');
  const written = playScript(text);

  it('is written with what the law makes of it, and stays as it is then', () => {
    expect(written).toBe(`# Two entries.
transfer ada bob 1
----
1 TRANSFER ada
  1 from free/ada to free/bob, transfer

transfer bob ada 2
balances burn
----
2 TRANSFER bob
  2 from free/bob to free/ada, transfer
burn 0.0002
`);
    expect(playScript(written)).toBe(written);
  });

  it('that says something else is shown where it does', () => {
    const other = written.replace('  1 from free/ada', '  3 from free/ada');
    expect(textDiff(other, playScript(other))).toEqual([
      '@@ line 5',
      ' transfer ada bob 1',
      ' ----',
      ' 1 TRANSFER ada',
      '-  3 from free/ada to free/bob, transfer',
      '+  1 from free/ada to free/bob, transfer',
      ' ',
      ' transfer bob ada 2',
      ' balances burn',
    ]);
    expect(textDiff(written, `${written}more\n`)).toContain('+more');
    expect(textDiff(written, written)).toEqual([]);
  });

  it.each([
    ['transfer ada bob 1\n', 'no ---- after: transfer ada bob 1'],
    ['what\n----\n', 'no command what'],
    ['transfer ada bob much\n----\n', 'transfer ada bob much: no amount: much'],
    ['finalize\n----\n', 'no need  was posted'],
    ['tick\nworld\n----\n', 'a world is made first, and once'],
    ['tick until cancelled step=20s\n----\n', 'still not so after 2000 ticks; last of all:\n  1-2000 TICK 40000s'],
  ])('that cannot be played says why: %j', (bad, why) => {
    expect(() => playScript(bad)).toThrow(why);
  });

  it('has quotes for what has spaces', () => {
    expect(parseCommand("yield bob reason='too dear' attempt=2")).toEqual({
      name: 'yield',
      words: ['bob'],
      options: new Map([
        ['reason', 'too dear'],
        ['attempt', '2'],
      ]),
    });
  });
});
