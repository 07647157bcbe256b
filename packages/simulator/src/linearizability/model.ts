/** One call of a client and its answer. Times are lines of the history: only their order counts. */
export interface Operation<Input, Output> {
  /** Position in the history, from 0, by when it was called. */
  readonly id: number;
  readonly process: string;
  readonly input: Input;
  /** Undefined where no answer came: it may have taken effect then or later, or never. */
  readonly output: Output | undefined;
  readonly called: number;
  /** Infinity where no answer came. */
  readonly returned: number;
}

/**
 * What an object does when one operation comes after the other. States are values: a step makes a new one.
 * The object of each key stands for itself, so that histories are judged key by key.
 */
export interface Model<Input, Output, State> {
  readonly name: string;
  readonly initial: State;
  /** The object that an operation is on. */
  keyOf(input: Input): string;
  /** Whether what was answered so can change a state; `undefined`: it was never answered, and tells nothing where it only reads. */
  changes(input: Input, output: Output | undefined): boolean;
  /** The state after it, or undefined where it could not have been answered so. Every answer is possible for `undefined`. */
  step(state: State, input: Input, output: Output | undefined): State | undefined;
  /**
   * False only where `output` cannot come of `input`, which changes nothing, once some of `calls` were done from `state` on: then a search
   * looks no further.
   */
  mayAnswer(state: State, calls: readonly Input[], input: Input, output: Output | undefined): boolean;
  /** The same text for the same state, and for no other. */
  textOf(state: State): string;
  /** An operation as people read it: `write 4`, `read -> 2`. */
  tell(input: Input, output: Output | undefined): string;
}

export interface History<Input, Output, State> {
  readonly model: Model<Input, Output, State>;
  readonly operations: readonly Operation<Input, Output>[];
}
