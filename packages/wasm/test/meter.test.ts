import { describe, expect, it } from 'vitest';
import { unsigned } from '../src/cursor.ts';
import { type Metering, metered } from '../src/meter.ts';
import { type Global, webAssembly } from '../src/web-assembly.ts';

const I32 = 0x7f;
const FULL = 2 ** 31 - 1;

const KNOWN: Metering = {
  fuel: 'fuel',
  stack: 'stack',
  full: { fuel: FULL, stack: FULL },
  price: 'turns',
  empty: 'empty',
  grows: false,
  pages: { initial: 2 },
  globals: null,
};
/** As a policy of anybody is metered. */
const ANYBODYS: Metering = { ...KNOWN, price: 'instructions', empty: null, grows: true };

function named(text: string): number[] {
  return [...unsigned(text.length), ...new TextEncoder().encode(text)];
}

function section(id: number, ...items: readonly (readonly number[])[]): number[] {
  const content = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(content.length), ...content];
}

/** A module whose functions `f0`, `f1`, ... take an i32 and give one, have one i32 more of their own, and these instructions. */
function moduleOf(...bodies: readonly (readonly number[])[]): Uint8Array {
  const code = bodies.map((instructions) => [1, 1, I32, ...instructions, 0x0b]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [0x60, 1, I32, 1, I32], [0x60, 0, 0]),
    ...section(2, [...named('a'), ...named('empty'), 0, 1], [...named('a'), ...named('memory'), 2, 1, 1, 16]),
    ...section(3, ...bodies.map(() => [0])),
    ...section(6, [I32, 1, 0x41, 7, 0x0b], [I32, 0, 0x41, 9, 0x0b]),
    ...section(7, ...bodies.map((_, index) => [...named(`f${index}`), 0, index + 1])),
    ...section(10, ...code.map((each) => [...unsigned(each.length), ...each])),
  ]);
}

/** The module with its meters, connected to a function that is told when one is empty. */
function running(bytes: Uint8Array, onEmpty: () => void = () => {}, metering: Metering = KNOWN) {
  const module = new webAssembly.Module(metered(bytes, metering).bytes);
  const memory = new webAssembly.Memory({ initial: 2, maximum: 16 });
  const { exports } = new webAssembly.Instance(module, { a: { empty: onEmpty, memory } });
  const fuel = exports['fuel'] as Global;
  const stack = exports['stack'] as Global;
  const call = (name: string, value: number): number => (exports[name] as (value: number) => number)(value);
  const costOf = (name: string, value: number): number => {
    fuel.value = FULL;
    call(name, value);
    return FULL - fuel.value;
  };
  return { fuel, stack, memory, call, costOf };
}

/** Counts its argument down to zero in a loop. */
const countDown = [0x03, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, 0x20, 0];
/** Calls itself with one less, and gives how often it did. */
const recursive = [0x20, 0, 0x45, 0x04, 0x40, 0x41, 0, 0x0f, 0x0b, 0x20, 0, 0x41, 1, 0x6b, 0x10, 1, 0x41, 1, 0x6a];
/** Calls the function before it, and leaves by its argument: by a return, by a branch out of it from within a block, or at its end. */
const leaving = [
  ...[0x41, 3, 0x10, 1, 0x1a, 0x20, 0, 0x41, 1, 0x46, 0x04, 0x40, 0x41, 11, 0x0f, 0x0b],
  ...[0x02, 0x40, 0x41, 22, 0x20, 0, 0x41, 2, 0x46, 0x0d, 1, 0x1a, 0x0b, 0x41, 33],
];
/** Fills as many bytes as its argument says. */
const filling = [0x41, 0, 0x41, 5, 0x20, 0, 0xfc, 11, 0, 0x20, 0];

/** A loop with a long way to do nothing in it. */
const long = [0x03, 0x40, ...new Array(500).fill([0x41, 0, 0x1a]).flat(), ...countDown.slice(2, -2), 0x20, 0];
/** Asks for as many pages as its argument says. */
const growing = [0x20, 0, 0x40, 0];

describe('metered by the instruction', () => {
  const metering = ANYBODYS;

  it('takes what a turn may do at most, however little it does', () => {
    const { costOf } = running(moduleOf(countDown, long), undefined, metering);
    const turn = costOf('f0', 3) - costOf('f0', 2);
    expect(turn).toBe(7);
    expect(costOf('f1', 3) - costOf('f1', 2)).toBe(turn + 1000);
    expect(costOf('f1', 3) - 3 * (turn + 1000)).toBeLessThan(5);
  });

  it('takes much for asking for memory, which ends where it is told', () => {
    const bytes = moduleOf(growing);
    const { costOf, call, memory } = running(bytes, undefined, metering);
    expect(costOf('f0', 1)).toBeGreaterThan(4096);
    expect(memory.buffer.byteLength).toBe(3 * 65_536);
    expect(call('f0', 14)).toBe(-1);
    expect(metered(bytes, { ...metering, pages: { initial: 3, maximum: 5 } }).memory).toEqual({
      initial: 3,
      maximum: 5,
    });
  });

  it('ends in a trap once fuel or stack is below zero', () => {
    const { fuel, stack, call } = running(moduleOf(countDown, recursive.with(-4, 2)), undefined, metering);
    fuel.value = 100;
    expect(() => call('f0', 1000)).toThrow(webAssembly.RuntimeError);
    expect(fuel.value).toBeLessThan(0);
    fuel.value = FULL;
    stack.value = 3000;
    expect(() => call('f1', 1000)).toThrow(webAssembly.RuntimeError);
    expect(stack.value).toBeLessThan(0);
    expect(fuel.value).toBeGreaterThan(FULL - 1000);
  });

  it('gives out the globals that change, to be set back', () => {
    const { bytes } = metered(moduleOf(countDown), { ...metering, globals: 'global' });
    const { exports } = new webAssembly.Instance(new webAssembly.Module(bytes), {
      a: { empty: () => {}, memory: new webAssembly.Memory({ initial: 2, maximum: 16 }) },
    });
    expect((exports['global0'] as Global).value).toBe(7);
  });

  it('refuses what engines read in another way than it does', () => {
    const hidden = [0x41, 0x03, 0x40, 0x0b];
    for (const body of [
      [0x41, 0, 0x28, 0x42, 0, ...hidden],
      [0x41, 0, 0x28, 0x82, 0, 0],
      [0x02, 0x63, ...hidden],
      [0x02, 0x00, 0x0b, ...hidden],
      [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 11, 0x80, 0, ...hidden],
      [0x41, 0, 0x40, 0x80, 0],
      [0x1c, 1, 0x7f],
      [0xd0, 0x70, 0x1a],
    ]) {
      expect(() => metered(moduleOf(body), metering)).toThrow(/unknown|one memory/);
    }
    expect(() => metered(moduleOf(new Array(140_000).fill(0x01)), metering)).toThrow(/too large/);
  });
});

describe('metered', () => {
  it('takes one unit for a function, one for each turn of a loop, and one for 64 bytes moved', () => {
    const { costOf, memory } = running(moduleOf(countDown, filling));
    expect(costOf('f0', 1)).toBe(2);
    expect(costOf('f0', 1000)).toBe(1001);
    expect(costOf('f1', 63)).toBe(1);
    expect(costOf('f1', 64_000)).toBe(1001);
    expect(new Uint8Array(memory.buffer).subarray(63_999, 64_001)).toEqual(Uint8Array.of(5, 0));
  });

  it('takes the weight of a frame off again, however the function is left, and computes the same', () => {
    const { call, stack } = running(moduleOf(recursive, leaving));
    expect(call('f0', 10)).toBe(10);
    for (const [argument, result] of [
      [1, 11],
      [2, 22],
      [3, 33],
    ] as const) {
      expect(call('f1', argument)).toBe(result);
      expect(stack.value).toBe(FULL);
    }
  });

  it('calls out each time fuel or stack is below zero, and ends when that throws', () => {
    let calls = 0;
    const ending = running(moduleOf(countDown, recursive.with(-4, 2)), () => {
      calls += 1;
      if (calls === 3) throw new Error('over');
      ending.fuel.value = 5;
    });
    ending.fuel.value = 0;
    expect(() => ending.call('f0', 1000)).toThrow('over');
    expect([calls, ending.fuel.value]).toEqual([3, -1]);

    calls = 2;
    ending.fuel.value = FULL;
    ending.stack.value = 3000;
    expect(() => ending.call('f1', 1000)).toThrow('over');
    expect(FULL - ending.fuel.value).toBeLessThan(30);
  });

  it('refuses what it cannot meter', () => {
    const sound = moduleOf(countDown);
    expect(() => metered(sound, KNOWN)).not.toThrow();
    for (const body of [
      [0x41, 1, 0x40, 0],
      [0xfd, 0x0c, ...new Array(16).fill(0), 0x1a, 0x41, 0],
      [0x12, 1],
      [0xfc, 8, 0, 0, 0x41, 0],
      [0x06, 0x40, 0x0b, 0x41, 0],
    ]) {
      expect(() => metered(moduleOf(body), KNOWN)).toThrow(/unknown instruction/);
    }
    expect(() => metered(sound, { ...KNOWN, empty: 'missing' })).toThrow(/imports no function/);
    for (let length = 0; length < sound.length; length += 1) {
      expect(() => metered(sound.subarray(0, length), KNOWN)).toThrow();
    }
  });
});
