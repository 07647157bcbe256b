import { LOG_LEVELS, type LogFields, type LogFormat, type LogLevel, logLine } from './log-line.ts';

/** Where lines go. */
export interface LogSink {
  /** Takes one line with its end; false when it could not be kept. Never throws. */
  write(line: string): boolean;
  close(): void;
}

/**
 * Says what happens, one line each. Logging never throws and never stops what it tells of: lines that cannot be kept are
 * counted, and the count is told with the next one that can.
 */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to each line. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly sink: LogSink;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
}

/** A logger. Secrets print as `[secret]`, bytes as their number, text from elsewhere cannot act on a terminal. */
export function createLogger({ level, format, sink, now = Date.now }: LoggerOptions): Logger {
  const most = LOG_LEVELS.indexOf(level);
  let dropped = 0;

  const write = (at: LogLevel, message: string, fields: LogFields): void => {
    const time = now();
    if (dropped > 0) {
      const lines = { lines: dropped };
      if (!sink.write(logLine(format, { time, level: 'warn', message: 'log lines were lost' }, lines))) {
        dropped += 1;
        return;
      }
      dropped = 0;
    }
    if (!sink.write(logLine(format, { time, level: at, message }, fields))) dropped += 1;
  };

  const bound = (own: LogFields): Logger => {
    const at =
      (name: LogLevel) =>
      (message: string, fields: LogFields = {}): void => {
        if (LOG_LEVELS.indexOf(name) <= most) write(name, message, { ...own, ...fields });
      };
    return {
      error: at('error'),
      warn: at('warn'),
      info: at('info'),
      debug: at('debug'),
      child: (fields) => bound({ ...own, ...fields }),
    };
  };
  return bound({});
}

/** Lines to a stream such as standard error. */
export const streamSink = (stream: { write(text: string): unknown }): LogSink => ({
  write(line) {
    try {
      stream.write(line);
      return true;
    } catch {
      return false;
    }
  },
  close: () => undefined,
});
