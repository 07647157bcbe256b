import type { Io, Sink } from '../src/io.ts';

/** A sink that remembers what was written. */
export class FakeSink implements Sink {
  text = '';
  readonly isTTY: boolean;
  columns: number | undefined;
  rows: number | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(isTTY = false, columns?: number) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }

  on(_event: 'resize', listener: () => void): void {
    this.#listeners.add(listener);
  }

  off(_event: 'resize', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  resize(columns: number, rows: number): void {
    [this.columns, this.rows] = [columns, rows];
    for (const listener of this.#listeners) listener();
  }
}

export interface FakeIo extends Io {
  readonly out: FakeSink;
  readonly err: FakeSink;
  readonly interrupt: () => void;
}

/** The world of one command, in memory. */
export function fakeIo(
  options: { readonly tty?: boolean; readonly columns?: number; readonly env?: Io['env'] } = {},
): FakeIo {
  const { tty = false, columns, env = {} } = options;
  const controller = new AbortController();
  return {
    out: new FakeSink(tty, columns),
    err: new FakeSink(tty, columns),
    env,
    signal: controller.signal,
    interrupt: () => controller.abort(),
  };
}

/** The object that scripts read: the last line of standard output. */
export function lastJson({ out }: { readonly out: { readonly text: string } }): unknown {
  return JSON.parse(out.text.trimEnd().split('\n').at(-1) ?? '');
}
