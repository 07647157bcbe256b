import { styleText } from 'node:util';

/** A stream that a command writes to. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The world of one command: where it writes, how it is interrupted. */
export interface Io {
  /** Results. With --json its last line is one JSON object. */
  readonly out: Sink;
  /** Progress and errors. */
  readonly err: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** Asks a person for one line that is not shown; absent where nobody can be asked. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Whether a stream is a terminal that takes colour and cursor movement. */
export function isLive({ env }: Pick<Io, 'env'>, sink: Sink): boolean {
  return sink.isTTY === true && env['TERM'] !== 'dumb';
}

/** A function that styles text for a stream: on terminals only, never with NO_COLOR set (https://no-color.org). */
export function painter(io: Pick<Io, 'env'>, sink: Sink): (style: Style, text: string) => string {
  const noColor = io.env['NO_COLOR'];
  const coloured = isLive(io, sink) && (noColor === undefined || noColor === '');
  return (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text);
}
