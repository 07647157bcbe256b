import type { Model } from './model.ts';

export type RegisterInput =
  | { readonly does: 'read' }
  | { readonly does: 'write'; readonly value: number }
  | { readonly does: 'cas'; readonly from: number; readonly to: number };

/** What a read found (null: nothing was ever written), or whether a compare-and-set did set. */
export type RegisterOutput = { readonly value: number | null } | { readonly did: boolean };

/** One register that is read, written, and compared and set. */
export const register: Model<RegisterInput, RegisterOutput, number | null> = {
  name: 'register',
  initial: null,
  keyOf: () => 'register',
  changes: ({ does }, output) => does !== 'read' && !(output !== undefined && 'did' in output && !output.did),
  step(state, input, output) {
    if (input.does === 'write') return input.value;
    if (input.does === 'read')
      return output === undefined || ('value' in output && output.value === state) ? state : undefined;
    const does = state === input.from;
    if (output !== undefined && 'did' in output && output.did !== does) return undefined;
    return does ? input.to : state;
  },
  mayAnswer(state, calls, input, output) {
    if (input.does !== 'read' || output === undefined || !('value' in output) || output.value === state) return true;
    return calls.some(
      (call) => (call.does === 'write' ? call.value : call.does === 'cas' ? call.to : null) === output.value,
    );
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
