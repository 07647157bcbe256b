import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Planted, tellPlanted } from '../src/index.ts';

afterEach(() => vi.restoreAllMocks());

/** What the command says last, and its exit code. */
async function told(planted: Partial<Planted>): Promise<{ readonly exit: number; readonly last: unknown }> {
  const said: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void said.push(String(line)));
  const tallies = [{ kind: 'one', planted: 2, caught: 2 }];
  const all = { tallies, honest: 3, falseAlarms: [], missed: [], ...planted };
  const exit = await tellPlanted(['4', '7', '--json'], async (count, seed) => {
    expect([count, seed]).toEqual([4, 7]);
    return all;
  });
  return { exit, last: JSON.parse(said.at(-1) ?? '') };
}

describe('tellPlanted', () => {
  it('ends with 0 when all were caught and nobody was wronged', async () => {
    const last = { planted: 2, caught: 2, rate: 1, falseAlarms: 0, honest: 3 };
    expect(await told({})).toEqual({ exit: 0, last });
  });

  it.each([
    ['one was missed', { tallies: [{ kind: 'one', planted: 2, caught: 1 }] }],
    ['an honest result was refused', { falseAlarms: ['it is wrong'] }],
    [
      'a kind found no place',
      {
        tallies: [
          { kind: 'one', planted: 2, caught: 2 },
          { kind: 'two', planted: 0, caught: 0 },
        ],
      },
    ],
    ['nothing was planted', { tallies: [] }],
  ] satisfies [string, Partial<Planted>][])('ends with 1 when %s', async (_, planted) => {
    expect((await told(planted)).exit).toBe(1);
  });
});
