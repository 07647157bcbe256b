import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeCrypto } from '@canswarm/local';
import { opaEngine } from '@canswarm/policy-opa';
import { type LoadedPolicy, type PolicyEngine, PolicyError, type PolicyProgram, policyProgram } from '@canswarm/ports';
import {
  type Capsule,
  type Cid,
  capsuleCid,
  cidOf,
  encodeCapsule,
  encodeSource,
  fromDagJson,
  isMap,
  type SourceFile,
} from '@canswarm/protocol';
import { casesOf, decideAll, type PolicyCase } from './conformance.ts';
import { compileRego, findOpa } from './opa-program.ts';
import { PolicyFault } from './policy-fault.ts';
import { POLICY_FILES, readCapsule, readEngine, readJson, readSource, writeCapsule } from './policy-folder.ts';

export interface BuiltPolicy {
  readonly cid: Cid;
  readonly capsule: Capsule;
  readonly cases: number;
  readonly wasmBytes: number;
}

const { sha256 } = nodeCrypto();

/**
 * Compiles a policy's folder with OPA, unless its Rego is what was compiled there before, decides its cases, and writes the module, the conformance vector and the capsule, which nobody
 * has signed yet. Nothing is written unless every case is decided as it says. Throws PolicyFault.
 */
export async function buildPolicy(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<BuiltPolicy> {
  const source = readSource(folder);
  const cases = casesOf(readJson(folder, POLICY_FILES.cases), POLICY_FILES.cases);
  const settings = settingsOf(readJson(folder, POLICY_FILES.settings));
  const parameters = parametersOf(readJson(folder, POLICY_FILES.parameters));
  const wasm = builtBefore(folder, source) ?? compileRego(await findOpa(env), folder);
  const draft = {
    v: 1 as const,
    schema: 1 as const,
    ...settings,
    engine: cidOf(wasm, 'raw', sha256),
    source: cidOf(encodeSource(source), 'dag-cbor', sha256),
    parameters,
  };
  const unnamed: Capsule = { ...draft, conformance: draft.engine };
  checkCapsule(unnamed);
  const vector = await withEngine((engine) => vectorOf(engine, policyProgram(unnamed, wasm), cases));
  const capsule: Capsule = { ...draft, conformance: cidOf(vector, 'raw', sha256) };
  writeFileSync(join(folder, POLICY_FILES.engine), wasm);
  writeFileSync(join(folder, POLICY_FILES.conformance), vector);
  writeCapsule(folder, { capsule, author: null, signature: null });
  return { cid: capsuleCid(capsule, sha256), capsule, cases: cases.length, wasmBytes: wasm.length };
}

/** The module that was made of just this Rego, where it lies here still: other parameters or cases need no compiler. */
function builtBefore(folder: string, source: readonly SourceFile[]): Uint8Array | null {
  const [engine, capsule] = [POLICY_FILES.engine, POLICY_FILES.capsule].map((name) => join(folder, name));
  if (engine === undefined || capsule === undefined || !existsSync(engine) || !existsSync(capsule)) return null;
  const wasm = readEngine(folder);
  const before = readCapsule(folder).capsule;
  const isSame =
    before.source === cidOf(encodeSource(source), 'dag-cbor', sha256) && before.engine === cidOf(wasm, 'raw', sha256);
  return isSame ? wasm : null;
}

/** Runs with an engine of its own. What the engine refuses is a PolicyFault. */
export async function withEngine<T>(action: (engine: PolicyEngine) => Promise<T>): Promise<T> {
  const engine = opaEngine();
  try {
    return await action(engine);
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    const means = 'Such a policy would not decide alike everywhere, or cannot be bounded.';
    throw new PolicyFault(
      'refused',
      `the engine refuses the policy: ${cause.message}`,
      means,
      'Mend it and build it anew.',
      {
        cause,
      },
    );
  } finally {
    await engine.close();
  }
}

async function vectorOf(
  engine: PolicyEngine,
  program: PolicyProgram,
  cases: readonly PolicyCase[],
): Promise<Uint8Array> {
  const policy: LoadedPolicy = await engine.load(program);
  const decisions = await decideAll(policy, cases);
  const decided = cases.map(({ name, input, allow }, index) => {
    const decision = decisions[index];
    if (decision === undefined || decision.allow !== allow) {
      const codes = decision?.reasons.map(({ code }) => code).join(', ');
      const what = `the case "${name}" is ${allow ? 'denied' : 'allowed'}: ${codes}`;
      const means = `${POLICY_FILES.cases} says that it is ${allow ? 'allowed' : 'denied'}. Nothing was written.`;
      throw new PolicyFault('case', what, means, 'Mend the policy, or the case.');
    }
    return { name, input, decision };
  });
  return new TextEncoder().encode(`${JSON.stringify({ cases: decided }, null, 1)}\n`);
}

function settingsOf(json: unknown): Pick<Capsule, 'name' | 'gas' | 'memoryBytes' | 'builtins'> {
  const { name, gas, memoryBytes, builtins } = (json ?? {}) as Readonly<Record<string, unknown>>;
  if (
    typeof name !== 'string' ||
    typeof gas !== 'number' ||
    typeof memoryBytes !== 'number' ||
    !Array.isArray(builtins)
  ) {
    throw malformed(POLICY_FILES.settings, 'it has "name", "gas", "memoryBytes" and "builtins"');
  }
  return { name, gas, memoryBytes, builtins: builtins.map(String).sort() };
}

/** The parameters, which have to be of integers, texts, booleans, null, lists and maps. */
export function parametersOf(json: unknown): Capsule['parameters'] {
  const parameters: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, 'parameters') : undefined;
  const value = fromDagJson(sortedText(parameters) ?? '');
  if (value === undefined || !isMap(value)) {
    throw malformed(POLICY_FILES.parameters, '"parameters" is a map, its numbers are integers');
  }
  return value;
}

/** JSON text with keys in the order of DAG-JSON. */
function sortedText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(sortedText).join(',')}]`;
  const entries = Object.entries(value).sort(([left], [right]) =>
    Buffer.compare(Buffer.from(left), Buffer.from(right)),
  );
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${sortedText(item)}`).join(',')}}`;
}

function checkCapsule(capsule: Capsule): void {
  try {
    encodeCapsule(capsule);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw malformed(POLICY_FILES.settings, `no capsule can be made of it: ${why}`);
  }
}

const malformed = (file: string, what: string): PolicyFault =>
  new PolicyFault('malformed', `${file}: ${what}`, '', 'Mend it. An example: canswarm policy init DIR');
