import type { Model, Operation } from './model.ts';
import { blocksOfTexts } from './written-once.ts';

export interface KeyValueInput {
  readonly does: 'get' | 'put' | 'append';
  readonly key: string;
  /** What is put or appended; empty for a get. */
  readonly value: string;
}

/** Texts by key, empty at first: read, put in place, or made longer. The output of a get is what it found. */
export const keyValue: Model<KeyValueInput, string, string> = {
  name: 'key-value',
  initialOf: () => '',
  keyOf: ({ key }) => key,
  changes: ({ does }) => does !== 'get',
  effectOf: ({ does, value }) => (does === 'get' ? does : `${does} ${value}`),
  step(state, { does, value }, output) {
    if (does === 'put') return value;
    if (does === 'append') return state + value;
    return output === undefined || output === state ? state : undefined;
  },
  isRepeatable: ({ does }) => does !== 'append',
  relationOf({ does, value }, output) {
    if (does === 'put') return { makes: { state: value } };
    if (does === 'append') return { watches: 'every', makes: 'any' };
    return output === undefined ? {} : { finds: output };
  },
  mayAnswer(state, calls, { does: asked }, output) {
    if (asked !== 'get' || output === undefined || output.startsWith(state)) return true;
    return calls.some(({ input: { does, value } }) => does === 'put' && output.startsWith(value));
  },
  blocksOf(operations) {
    const written = operations.flatMap(({ input: { does, value } }) => (does === 'get' ? [] : [value]));
    if (!isCode(written)) return null;
    const [texts, lengths] = [new Set(written), new Set(written.map(({ length }) => length))];
    const found = new Map<Operation<KeyValueInput, string>, readonly string[]>();
    for (const one of operations) {
      if (one.input.does !== 'get' || one.output === undefined) continue;
      const parts = partsOf(one.output, texts, lengths);
      if (parts === null) return 'impossible';
      found.set(one, parts);
    }
    return blocksOfTexts(operations, (one) => {
      const { does, value } = one.input;
      if (does !== 'get') return { does: does === 'put' ? 'put' : 'add', texts: [value] };
      const parts = found.get(one);
      return parts === undefined ? { does: 'skip', texts: [] } : { does: 'find', texts: parts };
    });
  },
  textOf: (state) => state,
  tell({ does, key, value }, output) {
    if (does !== 'get') return `${does} ${key} ${JSON.stringify(value)}`;
    return `get ${key} -> ${output === undefined ? '?' : JSON.stringify(output)}`;
  },
};

/** Whether texts are all different and none is the beginning of another, so that what they are put together to can be taken apart in one way. */
function isCode(texts: readonly string[]): boolean {
  const sorted = texts.toSorted();
  return sorted.every((text, index) => text !== '' && sorted[index + 1]?.startsWith(text) !== true);
}

/** The texts that another is put together of; null where it is not. */
function partsOf(whole: string, texts: ReadonlySet<string>, lengths: ReadonlySet<number>): readonly string[] | null {
  const parts: string[] = [];
  for (let at = 0; at < whole.length; ) {
    const part = [...lengths].map((length) => whole.slice(at, at + length)).find((text) => texts.has(text));
    if (part === undefined) return null;
    parts.push(part);
    at += part.length;
  }
  return parts;
}
