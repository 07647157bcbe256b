import type { Model, Operation, Relation } from './model.ts';

/** What a model says of answered operations, in the order of their calls. */
export class Facts<Input, Output> {
  readonly operations: readonly Operation<Input, Output>[];
  /** Whether each can change a state. */
  readonly changes: readonly boolean[];
  readonly relations: readonly Relation[];
  /** What each does, by `effectOf`. */
  readonly effects: readonly string[];
  /** The same number for those that do the same and are answered the same. */
  readonly kinds: Int32Array;
  /** The place of each by when it was answered. */
  readonly ranks: Int32Array;

  constructor(model: Model<Input, Output, unknown>, operations: readonly Operation<Input, Output>[]) {
    this.operations = operations.toSorted((a, b) => a.called - b.called);
    this.changes = this.operations.map(({ input, output }) => model.changes(input, output));
    this.relations = this.operations.map(({ input, output }) => model.relationOf(input, output));
    this.effects = this.operations.map(({ input, output }) => model.effectOf(input, output));
    this.kinds = numbered(
      this.operations.map(({ output }, index) => `${this.effects[index]} ${JSON.stringify(output)}`),
    );
    this.ranks = ranked(this.operations.map(({ returned }) => returned));
  }
}

function numbered(texts: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(texts, (text) => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
}

function ranked(numbers: readonly number[]): Int32Array {
  const places = new Int32Array(numbers.length);
  const inTurn = numbers.map((number, index) => ({ number, index })).sort((a, b) => a.number - b.number);
  for (const [place, { index }] of inTurn.entries()) places[index] = place;
  return places;
}
