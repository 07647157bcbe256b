import { type KeyValueInput, keyValue } from './key-value.ts';
import type { History } from './model.ts';
import { HistoryError, Recorder } from './recorder.ts';

/** `{:process 3, :type :invoke, :f :append, :key "7", :value "x"}`: texts with the escapes of JSON. */
const TEXT = /"(?:[^"\\]|\\.)*"/.source;
const LINE = new RegExp(
  `^\\{:process (?<process>\\d+), :type :(?<type>invoke|ok|fail|info), :f :(?<does>get|put|append), :key (?<key>${TEXT}), :value (?<value>nil|${TEXT})\\}\\s*$`,
);

export const isKeyValue = (line: string): boolean => LINE.test(line);

/** Reads a history of texts by key. Throws a HistoryError. */
export function readKeyValue(text: string): History<KeyValueInput, string, string> {
  const recorder = new Recorder<KeyValueInput, string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const at = index + 1;
    const { process, type, does, key, value } = LINE.exec(line)?.groups ?? {};
    if (process === undefined || key === undefined || value === undefined)
      throw new HistoryError(at, 'not a call or an answer of a key-value store');
    const input: KeyValueInput = {
      does: does as KeyValueInput['does'],
      key: textOf(key, at),
      value: textOf(value, at),
    };
    if (type === 'invoke') {
      recorder.call(process, input, at);
      continue;
    }
    const due = recorder.due(process, at);
    if (due.does !== input.does || due.key !== input.key)
      throw new HistoryError(at, `${input.does} of ${key} is answered where ${due.does} of "${due.key}" was called`);
    if (type === 'ok') recorder.answer(process, input.does === 'get' ? input.value : '', at);
    else if (type === 'info') recorder.unanswered(process, at);
    else recorder.never(process, at);
  }
  return { model: keyValue, operations: recorder.end() };
}

function textOf(text: string, at: number): string {
  if (text === 'nil') return '';
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new HistoryError(at, `${text} is no text`);
  }
}
