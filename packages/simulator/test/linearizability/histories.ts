import * as fc from 'fast-check';
import { type KeyValueInput, keyValue } from '../../src/linearizability/key-value.ts';
import type { History, Model, Operation } from '../../src/linearizability/model.ts';
import { type RegisterInput, type RegisterOutput, register } from '../../src/linearizability/register.ts';

/** Limits that no history of the tests meets. */
export const FREELY = { configurations: 1_000_000, isOver: () => false };

const value = fc.integer({ min: 0, max: 2 });
const registerCall: fc.Arbitrary<[RegisterInput, RegisterOutput]> = fc.oneof(
  fc.tuple(fc.constant<RegisterInput>({ does: 'read' }), fc.record({ value: fc.option(value) })),
  fc.tuple(
    value.map((to): RegisterInput => ({ does: 'write', value: to })),
    fc.constant({ value: null }),
  ),
  fc.tuple(fc.record({ does: fc.constant('cas' as const), from: value, to: value }), fc.record({ did: fc.boolean() })),
);
const text = fc.constantFrom('a', 'b');
const keyValueCall: fc.Arbitrary<[KeyValueInput, string]> = fc.oneof(
  fc.tuple(
    fc.record({ does: fc.constant('get' as const), key: text, value: fc.constant('') }),
    fc.constantFrom('', 'a', 'b', 'ab', 'ba'),
  ),
  fc.tuple(
    fc.record({ does: fc.constantFrom('put' as const, 'append' as const), key: text, value: text }),
    fc.constant(''),
  ),
);

/** Histories of a few operations that overlap as it comes, some never answered. Most answers are wrong. */
function histories<I, O, S>(model: Model<I, O, S>, calls: fc.Arbitrary<[I, O]>): fc.Arbitrary<History<I, O, S>> {
  const one = fc.record({ call: calls, start: fc.nat(40), length: fc.integer({ min: 1, max: 20 }), isOpen: fc.nat(5) });
  return fc.array(one, { minLength: 1, maxLength: 6 }).map((drawn) => {
    const operations = drawn.map(({ call: [input, output], start, length, isOpen }, id): Operation<I, O> => {
      const open = isOpen === 0;
      // Calls and answers each have a time of their own.
      const [called, returned] = [start * 100 + id, open ? Infinity : (start + length) * 100 + 50 + id];
      return { id, process: String(id), input, output: open ? undefined : output, called, returned };
    });
    return { model, operations };
  });
}

export const registerHistories = histories(register, registerCall);
export const keyValueHistories = histories(keyValue, keyValueCall);
