import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLinearizable, type History, type Operation, readHistory } from '../../src/index.ts';
import type { Crowd } from './hard/clients.ts';
import { balanceLog, keyValueLog, leaseLog, registerLog, slotLog } from './hard/families.ts';
import { FREELY, keyValueHistories, registerHistories } from './histories.ts';

/** By the definition, and nothing cleverer: some choice of the unanswered, in some order that keeps to time, fits the model. */
function byDefinition<I, O, S>({ model, operations }: History<I, O, S>): boolean {
  const fits = (state: S, left: readonly Operation<I, O>[]): boolean => {
    if (left.every(({ returned }) => returned === Infinity)) return true;
    const first = Math.min(...left.map(({ returned }) => returned));
    return left.some((one) => {
      const next = one.called < first ? model.step(state, one.input, one.output) : undefined;
      return (
        next !== undefined &&
        fits(
          next,
          left.filter((other) => other !== one),
        )
      );
    });
  };
  return [...Map.groupBy(operations, ({ input }) => model.keyOf(input))].every(([key, own]) =>
    fits(model.initialOf(key), own),
  );
}

/** The history up to a line: what was not answered by then has no answer. */
const upTo = <I, O, S>({ model, operations }: History<I, O, S>, end: number): History<I, O, S> => ({
  model,
  operations: operations
    .filter(({ called }) => called <= end)
    .map((one) => (one.returned <= end ? one : { ...one, output: undefined, returned: Infinity })),
});

function agrees<I, O, S>(history: History<I, O, S>): void {
  const verdict = checkLinearizable(history, FREELY);
  expect(verdict.linearizable).toBe(byDefinition(history));
  const end = verdict.bad?.culprit.returned;
  if (end === undefined || end === null) return;
  expect(byDefinition(upTo(history, end))).toBe(false);
  const own = {
    ...history,
    operations: history.operations.filter(({ input }) => history.model.keyOf(input) === verdict.bad?.key),
  };
  expect(byDefinition(upTo(own, end - 1))).toBe(true);
}

describe('a history of a few operations', () => {
  it('of a register is judged as the definition says, and its bad beginning is the shortest', () => {
    fc.assert(fc.property(registerHistories, agrees), { numRuns: 3_000 });
  });

  it('of keys and texts is judged as the definition says, and its bad beginning is the shortest', () => {
    fc.assert(fc.property(keyValueHistories, agrees), { numRuns: 3_000 });
  });
});

/** A few clients and calls, some unanswered, some answered wrongly. */
const few = (seed: number): Crowd => ({
  seed,
  clients: 2 + (seed % 4),
  operations: 4 + (seed % 5),
  lostPercent: (seed % 3) * 20,
  pause: seed % 2,
  wrong: (seed >> 2) % 3,
});

describe('what a few clients called and were answered', () => {
  it.each<[string, (of: Crowd) => string]>([
    ['a register', (of) => registerLog(of, 2, 0)],
    ['a register that is compared and set', (of) => registerLog(of, 3, 40)],
    ['a register in which each value is written once', (of) => registerLog(of, Infinity, 0)],
    ['texts that are each written once', (of) => keyValueLog(of, 1, 30)],
    ['few texts', (of) => keyValueLog(of, 1, 30, 2)],
    ['a slot', (of) => slotLog(of, 1)],
    ['a lease', (of) => leaseLog(of, 1)],
    ['a balance', (of) => balanceLog(of, 1, 3)],
  ])('of %s is judged as the definition says, and its bad beginning is the shortest', (_name, log) => {
    const verdicts = new Set<boolean | null>();
    for (let seed = 0; seed < 500; seed += 1) {
      const history = readHistory(log(few(seed)));
      agrees(history);
      verdicts.add(checkLinearizable(history, FREELY).linearizable);
    }
    expect(verdicts).toEqual(new Set([true, false]));
  });
});

describe('a search', () => {
  const writes = Array.from({ length: 14 }, (_, id) => ({
    id,
    process: String(id),
    input: { does: 'append' as const, key: 'k', value: `${id};` },
    output: '',
    called: id,
    returned: 100 + id,
  }));
  const read = {
    id: 99,
    process: 'reader',
    input: { does: 'get' as const, key: 'k', value: '' },
    output: 'no such text',
    called: 200,
    returned: 201,
  };

  it('that may remember too little, or has no time, has no verdict', async () => {
    const { keyValue } = await import('../../src/linearizability/key-value.ts');
    const model = { ...keyValue, mayAnswer: () => true, blocksOf: () => null };
    const history = { model, operations: [...writes, read] };
    for (const limits of [
      { configurations: 500, isOver: () => false },
      { configurations: 10_000_000, isOver: () => true },
    ])
      expect(checkLinearizable(history, limits)).toMatchObject({ linearizable: null, givenUp: ['k'], bad: null });
  });

  it('looks no further once an answer cannot come about', async () => {
    const { keyValue } = await import('../../src/linearizability/key-value.ts');
    const { linearizable, configurations, bad } = checkLinearizable(
      { model: keyValue, operations: [...writes, read] },
      FREELY,
    );
    expect([linearizable, bad?.culprit.process]).toEqual([false, 'reader']);
    expect(configurations).toBeLessThan(20);
    // What is told is as long an order as there is.
    expect(bad?.order).toHaveLength(writes.length);
  });
});
