import type { History } from './model.ts';
import { HistoryError, Recorder } from './recorder.ts';
import { type RegisterInput, type RegisterOutput, register } from './register.ts';

/** `INFO  jepsen.util - 3 :invoke :cas [1 4]`, with any white space between the words. */
const LINE =
  /^\S+\s+jepsen\.util\s+-\s+(?<process>\d+)\s+:(?<type>invoke|ok|fail|info)\s+:(?<does>read|write|cas)\s+(?<value>.+?)\s*$/;
const PAIR = /^\[(-?\d+)\s+(-?\d+)\]$/;
const NUMBER = /^-?\d+$/;

export const isJepsen = (line: string): boolean => LINE.test(line);

/** Reads the log of a test of one compare-and-set register. Throws a HistoryError. */
export function readJepsen(text: string): History<RegisterInput, RegisterOutput, number | null> {
  const recorder = new Recorder<RegisterInput, RegisterOutput>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const { process, type, does, value } = LINE.exec(line)?.groups ?? {};
    const at = index + 1;
    if (process === undefined || does === undefined || value === undefined)
      throw new HistoryError(at, 'not a call or an answer of a register');
    if (type === 'invoke') recorder.call(process, inputOf(does, value, at), at);
    else answer(recorder, { process, type, does, value, at });
  }
  return { model: register, operations: recorder.end() };
}

interface Answer {
  readonly process: string;
  readonly type: string | undefined;
  readonly does: string;
  readonly value: string;
  readonly at: number;
}

function answer(recorder: Recorder<RegisterInput, RegisterOutput>, { process, type, does, value, at }: Answer): void {
  const due = recorder.due(process, at);
  if (due.does !== does) throw new HistoryError(at, `a ${does} is answered where a ${due.does} was called`);
  if (type === 'info') return recorder.unanswered(process, at);
  // A compare-and-set that fails was carried out and found another value; nothing else that fails took effect.
  if (does === 'cas' && value !== ':timed-out') return recorder.answer(process, { did: type === 'ok' }, at);
  if (type === 'fail') return does === 'cas' ? recorder.unanswered(process, at) : recorder.never(process, at);
  recorder.answer(process, { value: does === 'read' ? readValue(value, at) : null }, at);
}

function inputOf(does: string, value: string, at: number): RegisterInput {
  if (does === 'read') return { does };
  if (does === 'write') return { does, value: numberOf(value, at) };
  const [, from = '', to = ''] = PAIR.exec(value) ?? [];
  return { does: 'cas', from: numberOf(from, at), to: numberOf(to, at) };
}

const readValue = (value: string, at: number): number | null => (value === 'nil' ? null : numberOf(value, at));

function numberOf(text: string, at: number): number {
  if (!NUMBER.test(text)) throw new HistoryError(at, `${JSON.stringify(text)} is no number`);
  return Number(text);
}
