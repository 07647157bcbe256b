import type { PolicyProgram } from '@canswarm/ports';
import { type Capsule, toDagJson } from '@canswarm/protocol';

/** What an engine loads for a capsule. */
export function programOf(capsule: Capsule, wasm: Uint8Array): PolicyProgram {
  const { parameters, builtins, gas, memoryBytes } = capsule;
  const text = toDagJson(parameters);
  if (text === undefined) throw new Error('the parameters of a capsule have a line');
  return { wasm, parameters: new TextEncoder().encode(text), builtins, gas, memoryBytes };
}
