import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { POLICY_MODULE_BYTES_MAX } from '@canswarm/ports';
import { capsuleFromJson, capsuleToJson, type SignedCapsule, type SourceFile } from '@canswarm/protocol';
import { PolicyFault } from './policy-fault.ts';

/** The files of a policy's folder beside its Rego. The first three are written by people, the others by `policy build`. */
export const POLICY_FILES = {
  settings: 'policy.json',
  parameters: 'parameters.json',
  cases: 'cases.json',
  engine: 'policy.wasm',
  conformance: 'conformance.json',
  capsule: 'capsule.json',
} as const;

const TEXT_BYTES_MAX = 1_048_576;
const SOURCE_FILES_MAX = 256;

/** Whether a file has tests in Rego, by its name. */
export const isRegoTest = (name: string): boolean => /[-_]test\.rego$/.test(name);

/** Reads a file of the folder, no more of it than that. Throws PolicyFault. */
function readBytes(folder: string, name: string, bytesMax: number, todo: string): Uint8Array {
  const path = join(folder, name);
  try {
    const { size } = statSync(path);
    if (size > bytesMax) throw new Error(`it has ${size} bytes, more than ${bytesMax}`);
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PolicyFault('folder', `${name} of the policy cannot be read: ${why}`, '', todo, { cause });
  }
}

const BUILT = 'Build the policy: canswarm policy build DIR';
const COPY = 'A policy to begin with: canswarm policy init DIR';

export const readEngine = (folder: string): Uint8Array =>
  readBytes(folder, POLICY_FILES.engine, POLICY_MODULE_BYTES_MAX, BUILT);

export const readConformance = (folder: string): Uint8Array =>
  readBytes(folder, POLICY_FILES.conformance, TEXT_BYTES_MAX, BUILT);

export function readCapsule(folder: string): SignedCapsule {
  const text = utf8Of(readBytes(folder, POLICY_FILES.capsule, TEXT_BYTES_MAX, BUILT), POLICY_FILES.capsule);
  const read = capsuleFromJson(text.trimEnd());
  if (read.ok) return read.signed;
  const where = read.path === '' ? '' : ` at ${read.path}`;
  throw new PolicyFault('malformed', `${POLICY_FILES.capsule} is no capsule: ${read.code}${where}`, '', BUILT);
}

export function writeCapsule(folder: string, signed: SignedCapsule): void {
  writeFileSync(join(folder, POLICY_FILES.capsule), `${capsuleToJson(signed)}\n`);
}

/** What is compiled: every file of Rego but the tests. */
export function readSource(folder: string): SourceFile[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.rego') && !isRegoTest(name));
  } catch (cause) {
    throw new PolicyFault('folder', `there is no folder ${folder}`, '', COPY, { cause });
  }
  if (names.length === 0 || names.length > SOURCE_FILES_MAX) {
    const what = `the folder has ${names.length} files of Rego`;
    throw new PolicyFault('folder', what, `A policy has 1 to ${SOURCE_FILES_MAX}.`, COPY);
  }
  return names.sort().map((name) => ({ name, text: utf8Of(readBytes(folder, name, TEXT_BYTES_MAX, ''), name) }));
}

/** A file of JSON that people write. */
export function readJson(folder: string, name: string): unknown {
  const text = utf8Of(readBytes(folder, name, TEXT_BYTES_MAX, COPY), name);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PolicyFault('malformed', `${name} is no JSON: ${why}`, '', 'Mend it.', { cause });
  }
}

export function utf8Of(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PolicyFault('malformed', `${name} is no UTF-8 text`, '', 'Save it as UTF-8.', { cause });
  }
}
