import type { CliFailure } from './failure.ts';
import { type Io, painter } from './io.ts';
import { jsonLine } from './text.ts';

/** Prints a result: one JSON object on the last line of standard output with `json`, text for people without. */
export function report(io: Io, json: boolean, value: object, text: () => string): void {
  io.out.write(json ? `${jsonLine(value)}\n` : `${text()}\n`);
}

/** Prints why a command ended: for people on standard error, with `json` also as the object that scripts read. */
export function reportFailure(io: Io, json: boolean, failure: CliFailure): void {
  const paint = painter(io, io.err);
  const { message, means, todo, code } = failure;
  io.err.write(`${paint('red', 'error')}: ${message}\n${indentAll(means)}${indentAll(todo)}`);
  if (json) io.out.write(`${jsonLine({ error: { code, what: message, means, todo } })}\n`);
}

const indentAll = (text: string): string => (text === '' ? '' : `  ${text.replaceAll('\n', '\n  ')}\n`);
