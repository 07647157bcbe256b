import { BLANK_SHEET, sheetAfter, stepsOf } from 'canswarm';
import { describe, expect, it } from 'vitest';
import { painter } from '../src/io.ts';
import { cellsOf, flow, rendered, wrapped } from '../src/need/line.ts';
import { Scene } from '../src/need/scene.ts';
import { timelineOf, timelineText } from '../src/need/timeline.ts';
import { widthOf } from '../src/text.ts';
import { FakeSink } from './fake-io.ts';
import { entriesOf, LIFE, PEOPLE, RECORD } from './need-life.ts';

const WIDTHS = [40, 80, 160] as const;
const STAGES = Object.keys(LIFE) as readonly (keyof typeof LIFE)[];
const FOLDING = { BLANK_SHEET, sheetAfter };
const ESC = '\x1b';
const COLOURS = new RegExp(`${ESC}\\[[0-9]+m`, 'g');

/** The view at a stage as it stands on a terminal, with or without colour. */
function view(
  stage: keyof typeof LIFE,
  columns: number,
  env: Readonly<Record<string, string>> = { NO_COLOR: '1' },
): string {
  const scene = new Scene(FOLDING);
  for (const event of LIFE[stage]) scene.take(event, 0);
  const paint = painter({ env }, new FakeSink(true, columns));
  return scene
    .lines(columns, 0)
    .map((line) => rendered(line, columns, paint).trimEnd())
    .join('\n');
}

describe('the view of a need', () => {
  it('shows the auction on a narrow terminal', () => {
    expect(view('auction', 40).split('\n')).toEqual([
      'need    …d-q4k7xa 0.1 s licence-audit: …',
      'now     auction: bids are taken',
      'auction [###.....] 0.2 s left, 3 bids',
      '          worker-1 of globex         0.5',
      '          worker-2 of initech      0.625',
      '          仕事の人\\x1b[2J of …  1.300007',
      'plan    5 seats: 5 not yet',
      'money   3.5 put in, 3.5 in escrow',
    ]);
  });

  it('shows the auction on a usual terminal', () => {
    expect(view('auction', 80).split('\n')).toEqual([
      '  need      …d-q4k7xa 0.1 s licence-audit: Which licences do the packages of th…',
      '  now       auction: bids are taken',
      '  auction   [######...........] 0.2 s left, 3 bids',
      '              worker-1 of globex                0.5 credits  within 30 s',
      '              worker-2 of initech             0.625 credits  within 30 s',
      '              仕事の人\\x1b[2J of umbrella  1.300007 credits  within 30 s',
      '  plan      5 seats, 0 voted',
      '            verifier-01 .., verifier-02 .., verifier-03 .., verifier-04 ..,',
      '            verifier-05 ..',
      '  money     3.5 put in, 3.5 in escrow',
    ]);
  });

  it('shows who has the task, until when, and how far it is', () => {
    expect(view('lease', 80)).toContain(
      [
        '  now       attempt 1: worker-1 works',
        '  auction   3 bids',
        '            * worker-1 of globex                0.5 credits  within 30 s',
      ].join('\n'),
    );
    expect(view('lease', 160)).toContain(
      [
        '  plan      5 seats: 3 voted, 2 no vote',
        '  lease     worker-1 of globex, 0.5 credits, heard 0.4 s ago',
        '            [#######.....................] 7.5 s left',
        '            [##################..........] 64 % reading packages\\x1b[31m',
        '  money     3.5 put in, 3.2 in escrow, 0.3 paid to seats, 0.8 in bonds',
      ].join('\n'),
    );
    expect(view('lease', 40)).toContain('lease   worker-1 of globex, 0.5 credits,\n        heard 0.4 s ago');
  });

  it('shows what each seat voted, as far as it was heard', () => {
    expect(view('judging', 160)).toContain(
      [
        '  result    5 seats, 2 voted',
        '            verifier-01 pass, verifier-02 fail, verifier-03 .., verifier-04 .., verifier-05 ..',
      ].join('\n'),
    );
    expect(view('judging', 40)).toContain('result  5 seats: 1 pass, 1 fail,\n        3 not yet');
  });

  it('counts the challenge window down', () => {
    expect(view('window', 80)).toContain('  now       open to challenge\n');
    expect(view('window', 80)).toContain('  result    5 seats: 3 pass, 1 fail, 1 no vote\n');
    expect(view('window', 40)).toContain('window  [........] 2.0 s left');
  });

  it('says why it failed, what seats said, and where the money went', () => {
    const text = view('failed', 80);
    expect(text).toContain('  now       ended: no attempt left');
    expect(text).toContain('3.5 put in, 1.2 in escrow, 0.3 paid to seats, 2 came back,\n            0.8 slashed');
    expect(text.replace(/\s+/g, ' ')).toContain(
      'hint Attempt 1, worker-1 of globex, was not passed by the seats: row 7 is wrong (verifier-01, verifier-02, verifier-03). Look at their reasons',
    );
  });

  it.each(WIDTHS)('never is wider than %i columns, and colour changes nothing but colour', (columns) => {
    for (const stage of STAGES) {
      const [bare, coloured] = [view(stage, columns), view(stage, columns, {})];
      for (const line of bare.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      expect(bare).not.toContain(ESC);
      expect(coloured).toContain(ESC);
      const plain = coloured
        .replaceAll(COLOURS, '')
        .split('\n')
        .map((line) => line.trimEnd());
      expect(plain.join('\n')).toBe(bare);
    }
  });

  it('has room for its countdown on the narrowest terminal', () => {
    for (let columns = 1; columns < 40; columns += 1)
      for (const line of view('lease', columns).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  });
});

const story = (stage: keyof typeof LIFE) => {
  const { outlook } = LIFE[stage].findLast((event) => event.type === 'outlook') ?? { outlook: null };
  if (outlook === null) throw new Error('each stage has an outlook');
  const after = { stage: 'open', worker: null, reason: null, settledAt: null } as const;
  const entries = entriesOf(LIFE[stage]).map(({ type: _, ...one }) => ({ ...one, after }));
  return {
    record: {
      ...RECORD,
      stage: stage === 'failed' ? 'expired' : 'judging',
      reason: stage === 'failed' ? 'no attempt left' : null,
    },
    escrow: 3_500_000,
    people: PEOPLE,
    entries,
    complete: true,
    next: null,
    outlook,
  } as unknown as Parameters<typeof timelineOf>[0];
};

describe('the timeline of a need', () => {
  const textAt = (stage: keyof typeof LIFE, columns: number): string => {
    const told = story(stage);
    return timelineText(told, timelineOf(told, { ...FOLDING, stepsOf }), columns, (_style, text) => text);
  };

  it('has each step with its position, its time, who did it and what money moved', () => {
    const text = textAt('failed', 100);
    expect(text).toContain('    1    +0.0 s  NEED      me\n');
    expect(text).toContain('2 into escrow for the work, 1.5 into escrow for seats');
    expect(text).toContain('    4    +0.4 s  DECIDE    verifier-02\n');
    expect(text).toContain('bid: worker-1 of globex for 0.5 credits, within 30 s');
    expect(text).toContain('0.3 paid to seats, 0.8 locked as a bond');
    expect(text).toContain('the lease runs for 10 s');
    expect(text).toContain('because: row 7 is wrong (verifier-01, verifier-02, verifier-03)');
    expect(text.split('\n').at(-1)).toMatch(/^ {2}Look at their reasons/);
  });

  it.each(WIDTHS)('fits %i columns', (columns) => {
    for (const stage of STAGES)
      for (const line of textAt(stage, columns).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  });

  it('is told to programs without styles', () => {
    const { steps } = timelineOf(story('failed'), { ...FOLDING, stepsOf });
    expect(steps.map(({ position, sinceMs }) => [position, sinceMs])).toContainEqual([4, 400]);
    expect(steps.find(({ position }) => position === 4)?.moved).toEqual([
      { code: 'seat_fee', from: 'escrow', to: 'free', amount: 300_000, times: 1 },
      { code: 'work_bond', from: 'free', to: 'bond', amount: 800_000, times: 1 },
    ]);
  });
});

describe('lines', () => {
  it('are cut without cutting a style', () => {
    const paint = (style: string, text: string): string => `<${style}:${text}>`;
    const line = [['red', 'abc'], 'def'] as const;
    expect(rendered(line, 6, paint)).toBe('<red:abc>def');
    expect(rendered(line, 5, paint)).toBe('<red:abc>d…');
    expect(rendered(line, 3, paint)).toBe('<red:ab…>');
    expect(rendered(line, 1, paint)).toBe('<red:…>');
    expect(cellsOf(line)).toBe(6);
  });

  it('hold as many items and words as fit', () => {
    expect(flow([['aaa'], ['bb'], ['cccccc']], 8)).toEqual([['aaa', ', ', 'bb', ','], ['cccccc']]);
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  });
});

describe('colour', () => {
  const coloured = (env: Readonly<Record<string, string>>, tty: boolean): boolean =>
    painter({ env }, new FakeSink(tty))('red', 'x') !== 'x';

  it('is for terminals, unless the environment says otherwise', () => {
    expect(coloured({}, true)).toBe(true);
    expect(coloured({}, false)).toBe(false);
    expect(coloured({ TERM: 'dumb' }, true)).toBe(false);
    expect(coloured({ NO_COLOR: '1' }, true)).toBe(false);
    expect(coloured({ NO_COLOR: '' }, true)).toBe(true);
    expect(coloured({ FORCE_COLOR: '1' }, false)).toBe(true);
    expect(coloured({ FORCE_COLOR: '1', NO_COLOR: '1' }, true)).toBe(true);
    expect(coloured({ FORCE_COLOR: '0' }, true)).toBe(false);
  });
});
