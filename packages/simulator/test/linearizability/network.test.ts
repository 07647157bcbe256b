import { beforeAll, describe, expect, it } from 'vitest';
import { checkLinearizable, HistoryError, planOf, readHistory, simulate } from '../../src/index.ts';
import { FREELY } from './histories.ts';

const LONG_MS = 240_000;

/** A line of a history of a network. */
interface Line {
  readonly process: string;
  readonly call?: Readonly<Record<string, unknown>>;
  readonly answer?: Readonly<Record<string, unknown>>;
}

const judged = (text: string) => checkLinearizable(readHistory(text), FREELY);

describe('what nodes of a run called and were answered', () => {
  let text = '';
  let lines: readonly Line[] = [];

  beforeAll(async () => {
    const run = await simulate(planOf({ seed: 17, mode: 'swarm', needs: 2 }), { history: true });
    const clean = { linearizable: true, givenUp: [], bad: null };
    expect(run.linearizable).toMatchObject({ slot: clean, lease: clean, balance: clean });
    expect(run.properties).toMatchObject({ P21: 'held', P22: 'held', P23: 'held' });
    text = run.history ?? '';
    lines = text
      .split('\n')
      .slice(1, -1)
      .map((line) => JSON.parse(line) as Line);
  }, LONG_MS);

  /** The history as it would be if one answer were another. */
  function planted(process: string | undefined, wrong: Readonly<Record<string, unknown>>): string {
    const at = lines.findIndex((line) => line.process === process && line.answer !== undefined);
    const line = lines[at];
    if (line === undefined) throw new Error('nothing is answered so');
    const other = lines.with(at, { ...line, answer: { ...line.answer, ...wrong } });
    return [text.split('\n')[0], ...other.map((one) => JSON.stringify(one)), ''].join('\n');
  }

  const calledOn = (on: string, is: (call: Readonly<Record<string, unknown>>) => boolean = () => true) =>
    lines.find(({ call }) => call !== undefined && call['on'] === on && call['by'] !== 'genesis' && is(call))?.process;

  it('is linearizable, read back from its lines too', () => {
    expect(judged(text)).toMatchObject({ linearizable: true, model: 'network' });
    for (const on of ['slot', 'lease', 'balance']) expect(calledOn(on)).toBeDefined();
  });

  it('is not, where a node that decided is told that it was too late', () => {
    const { linearizable, bad } = judged(
      planted(
        calledOn('slot', ({ does }) => does === 'decide'),
        { did: false },
      ),
    );
    expect([linearizable, bad?.key.startsWith('slot/')]).toEqual([false, true]);
  });

  it('is not, where a holder is told that it is none', () => {
    const { linearizable, bad } = judged(
      planted(
        calledOn('lease', ({ holder }) => holder !== null),
        { did: false },
      ),
    );
    expect([linearizable, bad?.key.startsWith('lease/')]).toEqual([false, true]);
  });

  it('is not, where credits that came in are missed', () => {
    const { linearizable, bad } = judged(planted(calledOn('balance'), { before: 1 }));
    expect([linearizable, bad?.key.startsWith('balance/')]).toEqual([false, true]);
  });
});

/** A history of calls that are answered one after the other. */
const inTurn = (...pairs: readonly (readonly [call: object, answer: object])[]): string =>
  [
    '{"format":"canswarm/history/1"}',
    ...pairs.flatMap(([call, answer], index) => [
      JSON.stringify({ process: `p${index}`, call }),
      JSON.stringify({ process: `p${index}`, answer }),
    ]),
    '',
  ].join('\n');

describe('a slot', () => {
  const decide = (by: string) => ({ on: 'slot', key: 'slot/n/1', does: 'decide', by });

  it('is decided once', () => {
    expect(judged(inTurn([decide('a'), { did: true }], [decide('b'), { did: false }])).linearizable).toBe(true);
    expect(judged(inTurn([decide('a'), { did: true }], [decide('b'), { did: true }])).linearizable).toBe(false);
    expect(judged(inTurn([decide('a'), { did: false }], [decide('b'), { did: true }])).linearizable).toBe(false);
  });
});

describe('a lease', () => {
  const move = (ends: string, grants: string | null, fence: number) => ({ ends, grants, fence });
  const step = (made: object, holder: object | null = null, did = true): [object, object] => [
    { on: 'lease', key: 'lease/n', by: 'e', holder, move: made },
    { ...made, did },
  ];

  it('has one holder, and fences that grow', () => {
    const [first, next] = [step(move('no', 'ada', 5)), step(move('must', 'bob', 9))];
    const stale = step(move('no', null, 0), { did: 'ada', fence: 5 }, false);
    expect(judged(inTurn(first, next, stale)).linearizable).toBe(true);
    expect(judged(inTurn(first, step(move('no', 'bob', 9)))).linearizable).toBe(false);
    expect(judged(inTurn(first, step(move('must', 'bob', 4)))).linearizable).toBe(false);
    expect(judged(inTurn(first, next, step(move('no', null, 0), { did: 'ada', fence: 5 }))).linearizable).toBe(false);
  });

  it('is released under its own fence, and under no other', () => {
    const granted = step(move('no', 'ada', 5));
    const released = step(move('must', null, 0), { did: 'ada', fence: 5 });
    const refused = step(move('no', null, 0), { did: null, fence: 5 }, false);
    expect(judged(inTurn(granted, released, refused)).linearizable).toBe(true);
    expect(judged(inTurn(granted, refused)).linearizable).toBe(false);
    expect(judged(inTurn(granted, released, released)).linearizable).toBe(false);
  });
});

describe('a balance', () => {
  const post = (change: number, before: number): [object, object] => [
    { on: 'balance', key: 'balance/free/ada', by: 'e', change },
    { before, after: before + change },
  ];

  it('is what came before left, and never less than nothing', () => {
    expect(judged(inTurn(post(5, 0), post(-3, 5), post(1, 2))).linearizable).toBe(true);
    expect(judged(inTurn(post(5, 0), post(-3, 5), post(1, 5))).linearizable).toBe(false);
    expect(judged(inTurn(post(5, 0), post(-6, 5))).linearizable).toBe(false);
  });
});

it.each([
  ['no object', 'x', 'not an object of JSON'],
  ['no process', '{"call":{}}', 'it names no process'],
  ['no call', '{"process":"p","call":{"on":"slot"}}', 'not a call or an answer'],
  ['an answer to nothing', '{"process":"p","answer":{"did":true}}', 'process p is answered and called nothing'],
])('%s is refused', (_name, line, why) => {
  const read = () => readHistory(`{"format":"canswarm/history/1"}\n${line}\n`);
  expect(read).toThrow(HistoryError);
  expect(read).toThrow(why);
});
