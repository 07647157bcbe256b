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

/** What an operation with its answer has to do with states, by their texts. */
export interface Relation {
  /** It is possible in this state alone. */
  readonly finds?: string;
  /** It is possible, or does something else, in this state and not in others; `every`: in any two it may do different things. */
  readonly watches?: { readonly state: string } | 'every';
  /** It leaves this state, if any other than it found. */
  readonly makes?: { readonly state: string } | 'any';
}

/** One that changed the object for good, and those that found what it left, before the next did. */
export interface Stage<Input, Output> {
  /** Null: what was there at first. */
  readonly change: Operation<Input, Output> | null;
  readonly finds: readonly Operation<Input, Output>[];
}

/** Operations that nothing else comes between, stage by stage. */
export type Block<Input, Output> = readonly Stage<Input, Output>[];

/**
 * What an object does when one operation comes after the other. States are values: a step makes a new one.
 * The object of each key stands for itself, so that histories are judged key by key.
 */
export interface Model<Input, Output, State> {
  readonly name: string;
  /** What is there at first of an object. */
  initialOf(key: string): State;
  /** The object that an operation is on. */
  keyOf(input: Input): string;
  /** Whether what was answered so can change a state; `undefined`: it was never answered, and tells nothing where it only reads. */
  changes(input: Input, output: Output | undefined): boolean;
  /** The state after it, or undefined where it could not have been answered so. Every answer is possible for `undefined`. */
  step(state: State, input: Input, output: Output | undefined): State | undefined;
  /**
   * What an operation does, as text. Two with the same text and the same answer can be answered so in the same states, and make the same
   * of each; one with the same text that was never answered makes of a state what another makes of it that can be answered there.
   */
  effectOf(input: Input, output: Output | undefined): string;
  /** Whether to do it again and again leads to few states. */
  isRepeatable(input: Input): boolean;
  /** What it has to do with states, so that a search need not try what leads nowhere. */
  relationOf(input: Input, output: Output | undefined): Relation;
  /**
   * False only where `output` cannot come of `input` once some of `calls` were done from `state` on, for more reasons than relations tell.
   */
  mayAnswer?(
    state: State,
    calls: readonly Operation<Input, Output>[],
    input: Input,
    output: Output | undefined,
  ): boolean;
  /**
   * Where answers alone say which operations follow one another: the blocks of any order, each operation that matters in one of them. All orders
   * of blocks fit the model in which the first stays first, if it begins with what was there at first. `impossible`: no order fits the answers.
   * Null: they do not say it.
   */
  blocksOf?(operations: readonly Operation<Input, Output>[]): readonly Block<Input, Output>[] | 'impossible' | null;
  /** The same text for the same state, and for no other. */
  textOf(state: State): string;
  /** An operation as people read it: `write 4`, `read -> 2`. */
  tell(input: Input, output: Output | undefined): string;
}

export interface History<Input, Output, State> {
  readonly model: Model<Input, Output, State>;
  readonly operations: readonly Operation<Input, Output>[];
}
