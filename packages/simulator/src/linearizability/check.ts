import { fitTogether } from './blocks.ts';
import type { History, Model, Operation } from './model.ts';
import type { Limits, ObjectHistory } from './order-search.ts';
import { type Found, longest, search } from './search.ts';

/** An operation as people read it, with the lines of its call and its answer (null: none by then). */
export interface Told {
  readonly process: string;
  readonly text: string;
  readonly called: number;
  readonly returned: number | null;
}

/** The shortest beginning of the history of an object that no order explains. */
export interface BadPrefix {
  readonly key: string;
  /** Of the whole history: what was called before its end. Those that had not returned by then count as unanswered. */
  readonly operations: readonly Told[];
  /** The operation whose answer ends it: until then all could be explained. */
  readonly culprit: Told;
  /** False where a search for a shorter one was given up. */
  readonly isShortest: boolean;
  /** The longest order found of what came before, and the state that it leaves, as text. */
  readonly order: readonly Told[];
  readonly state: string;
  /** What was answered and has no place after that order. */
  readonly stuck: readonly Told[];
}

export interface Verdict {
  /** Null where the search of some object was given up, and none is known to be bad. */
  readonly linearizable: boolean | null;
  readonly model: string;
  readonly operations: number;
  /** Objects judged, each for itself. */
  readonly keys: number;
  /** Operations that were never answered. */
  readonly pending: number;
  readonly configurations: number;
  /** Objects whose search was given up. */
  readonly givenUp: readonly string[];
  readonly bad: BadPrefix | null;
}

/** Configurations that are looked at for the longest order that is told. */
const TOLD_MAX = 20_000;

/** Judges a history, object by object; the first bad one ends it. */
export function checkLinearizable<Input, Output, State>(
  { model, operations }: History<Input, Output, State>,
  limits: Limits,
): Verdict {
  const byKey = Map.groupBy(operations, ({ input }) => model.keyOf(input));
  const givenUp: string[] = [];
  let configurations = 0;
  let bad: BadPrefix | null = null;
  for (const [key, own] of byKey) {
    const found = decide(model, { key, operations: own }, limits);
    configurations += found.configurations;
    if (found.linearizable === null) givenUp.push(key);
    if (found.linearizable !== false) continue;
    bad = shortest(model, key, own, limits);
    break;
  }
  return {
    linearizable: bad !== null ? false : givenUp.length > 0 ? null : true,
    model: model.name,
    operations: operations.length,
    keys: byKey.size,
    pending: operations.filter(({ returned }) => returned === Infinity).length,
    configurations,
    givenUp,
    bad,
  };
}

/** Judges an object: by what its answers say of the order of operations, or else by a search. */
function decide<Input, Output, State>(
  model: Model<Input, Output, State>,
  history: ObjectHistory<Input, Output>,
  limits: Limits,
): Pick<Found<Input, Output, State>, 'linearizable' | 'configurations'> {
  const blocks = model.blocksOf?.(history.operations) ?? null;
  if (blocks === null) return search(model, history, limits);
  return { linearizable: blocks !== 'impossible' && fitTogether(blocks), configurations: 0 };
}

/** What was called before an answer, with only the answers up to it. */
const until = <Input, Output>(
  operations: readonly Operation<Input, Output>[],
  end: number,
): readonly Operation<Input, Output>[] =>
  operations
    .filter(({ called }) => called <= end)
    .map((one) => (one.returned <= end ? one : { ...one, output: undefined, returned: Infinity }));

/** A beginning of what can be explained can be explained: so the first answer that cannot is found by halving. */
function shortest<Input, Output, State>(
  model: Model<Input, Output, State>,
  key: string,
  operations: readonly Operation<Input, Output>[],
  limits: Limits,
): BadPrefix {
  const answers = operations.filter(({ returned }) => returned !== Infinity).sort((a, b) => a.returned - b.returned);
  let [good, bad] = [-1, answers.length - 1];
  let isShortest = true;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const { linearizable } = decide(
      model,
      { key, operations: until(operations, answers[middle]?.returned ?? 0) },
      limits,
    );
    if (linearizable === null) isShortest = false;
    if (linearizable === true) good = middle;
    else if (linearizable === false) bad = middle;
    else break;
  }
  const culprit = answers[bad];
  if (culprit === undefined) throw new Error('a history without answers is linearizable');
  const prefix = until(operations, culprit.returned);
  const { order, state } = longest(model, { key, operations: prefix }, { ...limits, configurations: TOLD_MAX });
  const done = new Set(order.map(({ id }) => id));
  const tell = ({ process, input, output, called, returned }: Operation<Input, Output>): Told => ({
    process,
    text: model.tell(input, output),
    called,
    returned: returned === Infinity ? null : returned,
  });
  return {
    key,
    operations: prefix.map(tell),
    culprit: tell(culprit),
    isShortest,
    order: order.map(tell),
    state: model.textOf(state),
    stuck: prefix.filter(({ id, returned }) => returned !== Infinity && !done.has(id)).map(tell),
  };
}
