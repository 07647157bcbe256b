import type { Model } from './model.ts';

export interface KeyValueInput {
  readonly does: 'get' | 'put' | 'append';
  readonly key: string;
  /** What is put or appended; empty for a get. */
  readonly value: string;
}

/** Texts by key, empty at first: read, put in place, or made longer. The output of a get is what it found. */
export const keyValue: Model<KeyValueInput, string, string> = {
  name: 'key-value',
  initial: '',
  keyOf: ({ key }) => key,
  changes: ({ does }) => does !== 'get',
  step(state, { does, value }, output) {
    if (does === 'put') return value;
    if (does === 'append') return state + value;
    return output === undefined || output === state ? state : undefined;
  },
  mayAnswer(state, calls, _, output) {
    if (output === undefined || output.startsWith(state)) return true;
    return calls.some(({ does, value }) => does === 'put' && output.startsWith(value));
  },
  textOf: (state) => state,
  tell({ does, key, value }, output) {
    if (does !== 'get') return `${does} ${key} ${JSON.stringify(value)}`;
    return `get ${key} -> ${output === undefined ? '?' : JSON.stringify(output)}`;
  },
};
