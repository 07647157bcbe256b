import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { basePolicy } from '@canswarm/policies';
import type { PolicyProgram } from '@canswarm/ports';
import { capsuleFromJson, toDagJson } from '@canswarm/protocol';

const encoder = new TextEncoder();

/** The base policy as its capsule says, and the inputs of its vector that are allowed. */
export function readBase(): { readonly program: PolicyProgram; readonly inputs: readonly Uint8Array[] } {
  const read = capsuleFromJson(readFileSync(join(basePolicy, 'capsule.json'), 'utf8').trimEnd());
  if (!read.ok) throw new Error(`the base policy has no capsule: ${read.code}`);
  const { builtins, gas, memoryBytes, parameters } = read.signed.capsule;
  const wasm = new Uint8Array(readFileSync(join(basePolicy, 'policy.wasm')));
  const program = { wasm, parameters: encoder.encode(toDagJson(parameters) ?? ''), builtins, gas, memoryBytes };
  const { cases } = JSON.parse(readFileSync(join(basePolicy, 'conformance.json'), 'utf8')) as {
    readonly cases: readonly { readonly input: unknown; readonly decision: { readonly allow: boolean } }[];
  };
  const allowed = cases.filter(({ decision }) => decision.allow);
  return { program, inputs: allowed.map(({ input }) => encoder.encode(JSON.stringify(input))) };
}
