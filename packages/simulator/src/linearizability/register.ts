import type { Model, Operation } from './model.ts';
import { blocksOfTexts, type Deed } from './written-once.ts';

export type RegisterInput =
  | { readonly does: 'read' }
  | { readonly does: 'write'; readonly value: number }
  | { readonly does: 'cas'; readonly from: number; readonly to: number };

/** What a read found (null: nothing was ever written), or whether a compare-and-set did set. */
export type RegisterOutput = { readonly value: number | null } | { readonly did: boolean };

/** One register that is read, written, and compared and set. */
export const register: Model<RegisterInput, RegisterOutput, number | null> = {
  name: 'register',
  initialOf: () => null,
  keyOf: () => 'register',
  changes(input, output) {
    if (input.does === 'write') return true;
    return input.does === 'cas' && input.from !== input.to && !(output !== undefined && 'did' in output && !output.did);
  },
  effectOf(input) {
    if (input.does === 'cas') return `${input.from} to ${input.to}`;
    return input.does === 'write' ? `to ${input.value}` : 'none';
  },
  step(state, input, output) {
    if (input.does === 'write') return input.value;
    if (input.does === 'read')
      return output === undefined || ('value' in output && output.value === state) ? state : undefined;
    const does = state === input.from;
    if (output !== undefined && 'did' in output && output.did !== does) return undefined;
    return does ? input.to : state;
  },
  isRepeatable: () => true,
  relationOf(input, output) {
    if (input.does === 'write') return { makes: { state: String(input.value) } };
    if (input.does === 'read') return output !== undefined && 'value' in output ? { finds: String(output.value) } : {};
    const [from, makes] = [String(input.from), { state: String(input.to) }];
    if (output === undefined || !('did' in output)) return { watches: { state: from }, makes };
    return output.did ? { finds: from, makes } : { watches: { state: from } };
  },
  blocksOf(operations) {
    const writes = operations.flatMap(({ input }) => (input.does === 'write' ? [input.value] : []));
    const isCompared = operations.some(({ input }) => input.does === 'cas');
    return isCompared || new Set(writes).size < writes.length ? null : blocksOfTexts(operations, deedOf);
  },
  textOf: (state) => String(state),
  tell(input, output) {
    if (input.does === 'write') return `write ${input.value}`;
    if (input.does === 'read')
      return `read -> ${output === undefined ? '?' : 'value' in output ? output.value : output.did}`;
    const said = output === undefined ? '?' : 'did' in output && output.did ? 'set' : 'not set';
    return `cas ${input.from} ${input.to} -> ${said}`;
  },
};

function deedOf({ input, output }: Operation<RegisterInput, RegisterOutput>): Deed {
  if (input.does === 'write') return { does: 'put', texts: [String(input.value)] };
  if (output === undefined || !('value' in output)) return { does: 'skip', texts: [] };
  return { does: 'find', texts: output.value === null ? [] : [String(output.value)] };
}
