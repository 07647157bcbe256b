import type { Operation } from './model.ts';

/** What a history says that cannot be: the line is counted from 1. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly line: number;

  constructor(line: number, what: string) {
    super(what);
    this.line = line;
  }
}

interface Call<Input> {
  readonly id: number;
  readonly process: string;
  readonly input: Input;
  readonly called: number;
}

/** Makes operations of calls and answers as they are read, in order. A process has one call at a time. */
export class Recorder<Input, Output> {
  readonly #open = new Map<string, Call<Input>>();
  readonly #operations: Operation<Input, Output>[] = [];
  #ids = 0;

  call(process: string, input: Input, line: number): void {
    if (this.#open.has(process))
      throw new HistoryError(line, `process ${process} calls before its last call was answered`);
    this.#open.set(process, { id: this.#ids, process, input, called: line });
    this.#ids += 1;
  }

  /** What the process waits for; throws a HistoryError where it waits for nothing. */
  due(process: string, line: number): Input {
    const call = this.#open.get(process);
    if (call === undefined) throw new HistoryError(line, `process ${process} is answered and called nothing`);
    return call.input;
  }

  answer(process: string, output: Output, line: number): void {
    this.due(process, line);
    this.#end(process, output, line);
  }

  /** Whether it took effect is not known; the process does not call again under this name, or does with a new call. */
  unanswered(process: string, line: number): void {
    this.due(process, line);
    this.#end(process, undefined, Infinity);
  }

  /** It did not take effect. */
  never(process: string, line: number): void {
    this.due(process, line);
    this.#open.delete(process);
  }

  /** All operations in the order of their calls; what is open was never answered. */
  end(): readonly Operation<Input, Output>[] {
    for (const process of [...this.#open.keys()]) this.#end(process, undefined, Infinity);
    return this.#operations.sort((a, b) => a.id - b.id);
  }

  #end(process: string, output: Output | undefined, returned: number): void {
    const call = this.#open.get(process);
    if (call === undefined) return;
    this.#open.delete(process);
    this.#operations.push({ ...call, output, returned });
  }
}
