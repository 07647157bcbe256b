import type { Model, Operation } from './model.ts';
import { type Limits, type ObjectHistory, OrderSearch } from './order-search.ts';

export interface Found<Input, Output, State> {
  /** Null: given up at a limit. */
  readonly linearizable: boolean | null;
  /** The longest order found in which all that took effect fits the model. */
  readonly order: readonly Operation<Input, Output>[];
  /** The state after that order. */
  readonly state: State;
  readonly configurations: number;
}

/** Unanswered operations in a row that make nothing found: more are tried only with all. */
const BLIND_MAX = 3;

/**
 * Searches for an order of the operations of one object that keeps to real time and to the model. Exponential in the operations that
 * overlap, and in unanswered ones that do something else each.
 *
 * How many unanswered operations were done is counted only where it has to be: first each that is repeatable may be done many times. Where even so there
 * is no order, there is none; where the order found does one more often than it was called, those that do the same are counted from then on. Likewise
 * several that were never answered come after one another, making nothing that an answer tells of, only where there is no order otherwise.
 */
export function search<Input, Output, State>(
  model: Model<Input, Output, State>,
  history: ObjectHistory<Input, Output>,
  limits: Limits,
): Found<Input, Output, State> {
  const repeated = history.operations.filter(({ input }) => !model.isRepeatable(input));
  const counted = new Set(repeated.map(({ input }) => model.effectOf(input, undefined)));
  let configurations = 0;
  for (let blind = 1; ; ) {
    const one = new OrderSearch(model, history, limits, { counted, blind, looksAhead: true });
    const linearizable = one.run();
    configurations += one.configurations;
    const over = linearizable === true ? one.overdone() : [];
    const { order, state } = one.best;
    for (const sort of over) counted.add(sort);
    if (linearizable === false && one.isCut) blind = blind < BLIND_MAX ? blind + 1 : Infinity;
    else if (over.length === 0)
      return { linearizable, order: order.map(({ operation }) => operation), state, configurations };
  }
}

/** As long an order as is found soon, in which nothing is done more often than it was called. */
export function longest<Input, Output, State>(
  model: Model<Input, Output, State>,
  history: ObjectHistory<Input, Output>,
  limits: Limits,
): Pick<Found<Input, Output, State>, 'order' | 'state'> {
  const counted = new Set(history.operations.map(({ input }) => model.effectOf(input, undefined)));
  // People want the longest order, also where it leads nowhere.
  const one = new OrderSearch(model, history, limits, { counted, blind: Infinity, looksAhead: false });
  one.run();
  const { order, state } = one.best;
  return { order: order.map(({ operation }) => operation), state };
}
