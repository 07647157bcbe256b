import { describe, expect, it } from 'vitest';
import { checkLinearizable, HistoryError, readHistory, timeline } from '../../src/index.ts';
import { FREELY } from './histories.ts';

const say = (process: number, rest: string): string => `INFO  jepsen.util - ${process}\t${rest}`;
const judged = (...lines: readonly string[]) => checkLinearizable(readHistory(lines.join('\n')), FREELY);

describe('the log of a register', () => {
  it('is read with what failed, what was never answered, and any white space', () => {
    const lines = [
      say(0, ':invoke :write 3'),
      say(1, ':invoke\t:cas\t[3 4]'),
      say(0, ':info :write :timed-out'),
      say(2, ':invoke :read nil'),
      say(1, ':ok :cas [3 4]'),
      say(2, ':fail :read :timed-out'),
      say(3, ':invoke :read nil'),
      say(3, ':ok :read 4'),
    ];
    expect(judged(...lines)).toMatchObject({ linearizable: true, model: 'register', operations: 3, pending: 1 });
  });

  it('is bad where a read finds what nobody wrote yet, at that line', () => {
    const lines = [
      say(0, ':invoke :read nil'),
      say(0, ':ok :read 7'),
      say(1, ':invoke :write 7'),
      say(1, ':ok :write 7'),
    ];
    const { linearizable, bad } = judged(...lines);
    expect({ linearizable, culprit: bad?.culprit }).toMatchObject({
      linearizable: false,
      culprit: { text: 'read -> 7', called: 1, returned: 2 },
    });
    if (bad === null) throw new Error('it is bad');
    expect(timeline(bad)).toMatch(/^<svg [^>]+>[\s\S]+class="stuck"[\s\S]+<\/svg>\n$/);
  });

  it('counts a compare-and-set that fails as one that found another value', () => {
    const lines = [
      say(0, ':invoke :write 3'),
      say(0, ':ok :write 3'),
      say(0, ':invoke :cas [3 4]'),
      say(0, ':fail :cas [3 4]'),
    ];
    expect(judged(...lines)).toMatchObject({ linearizable: false, bad: { state: '3' } });
  });
});

const kv = (process: number, type: string, does: string, key: string, value: string): string =>
  `{:process ${process}, :type :${type}, :f :${does}, :key "${key}", :value ${value}}`;

describe('a history of keys and texts', () => {
  it('is judged key by key', () => {
    const lines = [
      kv(0, 'invoke', 'put', 'a', '"x"'),
      kv(1, 'invoke', 'append', 'b', '"<&>"'),
      kv(0, 'ok', 'put', 'a', '"x"'),
      kv(1, 'ok', 'append', 'b', '"<&>"'),
      kv(0, 'invoke', 'get', 'b', 'nil'),
      kv(0, 'ok', 'get', 'b', '""'),
    ];
    const { linearizable, keys, bad } = judged(...lines);
    expect({ linearizable, keys, key: bad?.key }).toEqual({ linearizable: false, keys: 2, key: 'b' });
    if (bad === null) throw new Error('it is bad');
    expect(timeline(bad)).toContain('&lt;&amp;&gt;');
  });
});

describe('what is no history', () => {
  it.each([
    ['nothing', '', 1],
    ['of no known format', 'once upon a time', 1],
    ['a line of something else', `${say(0, ':invoke :read nil')}\nhello`, 2],
    ['an answer to nothing', say(0, ':ok :read 1'), 1],
    ['two calls at once', `${say(0, ':invoke :read nil')}\n${say(0, ':invoke :read nil')}`, 2],
    ['an answer to something else', `${say(0, ':invoke :read nil')}\n${say(0, ':ok :write 1')}`, 2],
    ['a write of no number', say(0, ':invoke :write x'), 1],
    ['an answer of another key', `${kv(0, 'invoke', 'get', 'a', 'nil')}\n${kv(0, 'ok', 'get', 'b', '""')}`, 2],
  ])('is refused with its line: %s', (_, text, line) => {
    const read = (): unknown => readHistory(text);
    expect(read).toThrow(HistoryError);
    expect(read).toThrow(expect.objectContaining({ line }));
  });
});
