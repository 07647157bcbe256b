import { styleText } from 'node:util';

/** A stream that a command writes to. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  /** Tells when the terminal has got another size. */
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
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
  /** Calls `leave` before the user suspends the process (Ctrl-Z), and `comeBack` when it goes on. Gives what ends that. */
  readonly onSuspend?: ((leave: () => void, comeBack: () => void) => () => void) | undefined;
}

/** Cells of a line of a stream. A terminal that knows no width says 0. */
export const columnsOf = ({ columns }: Sink, unknown: number): number =>
  columns === undefined || columns === 0 ? unknown : columns;

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Whether a stream is a terminal that takes colour and cursor movement. */
export function isLive({ env }: Pick<Io, 'env'>, sink: Sink): boolean {
  return sink.isTTY === true && env['TERM'] !== 'dumb';
}

/**
 * A function that styles text for a stream: on terminals only, never with NO_COLOR set (https://no-color.org). FORCE_COLOR decides
 * before both, as in Node itself: `0` and `false` are no colour, anything else is colour everywhere (https://force-color.org).
 */
export function painter(io: Pick<Io, 'env'>, sink: Sink): (style: Style, text: string) => string {
  const { NO_COLOR: noColor, FORCE_COLOR: forced } = io.env;
  const wanted = isLive(io, sink) && (noColor === undefined || noColor === '');
  const coloured = forced === undefined ? wanted : forced !== '0' && forced !== 'false';
  return (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text);
}
