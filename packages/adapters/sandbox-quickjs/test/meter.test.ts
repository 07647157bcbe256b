import { describe, expect, it } from 'vitest';
import { unsigned } from '../src/wasm/cursor.ts';
import { metered } from '../src/wasm/meter.ts';
import { type Global, webAssembly } from '../src/web-assembly.ts';

const I32 = 0x7f;
const FULL = 2 ** 31 - 1;

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
    ...section(6, [I32, 1, 0x41, 7, 0x0b]),
    ...section(7, ...bodies.map((_, index) => [...named(`f${index}`), 0, index + 1])),
    ...section(10, ...code.map((each) => [...unsigned(each.length), ...each])),
  ]);
}

/** The module with its meters, connected to a function that is told when one is empty. */
function running(bytes: Uint8Array, onEmpty: () => void = () => {}) {
  const module = new webAssembly.Module(metered(bytes, { fuel: 'fuel', stack: 'stack', empty: 'empty', pages: 2 }));
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
    const options = { fuel: 'fuel', stack: 'stack', empty: 'empty', pages: 2 };
    const sound = moduleOf(countDown);
    expect(() => metered(sound, options)).not.toThrow();
    for (const body of [
      [0x41, 1, 0x40, 0],
      [0xfd, 0x0c, ...new Array(16).fill(0), 0x1a, 0x41, 0],
      [0x12, 1],
      [0xfc, 8, 0, 0, 0x41, 0],
      [0x06, 0x40, 0x0b, 0x41, 0],
    ]) {
      expect(() => metered(moduleOf(body), options)).toThrow(/unknown instruction/);
    }
    expect(() => metered(sound, { ...options, empty: 'missing' })).toThrow(/imports no function/);
    for (let length = 0; length < sound.length; length += 1) {
      expect(() => metered(sound.subarray(0, length), options)).toThrow();
    }
  });
});
