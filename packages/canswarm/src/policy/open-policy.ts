import { isDeepStrictEqual } from 'node:util';
import { nodeCrypto } from '@canswarm/local';
import { policyProgram } from '@canswarm/ports';
import {
  type Capsule,
  type Cid,
  capsuleCid,
  capsuleHolds,
  cidOf,
  encodeSource,
  type PolicyDecision,
  policyDigest,
  type SignedCapsule,
  toHex,
} from '@canswarm/protocol';
import { parametersOf, withEngine } from './build-policy.ts';
import { type ConformanceCase, conformanceOf, decideAll, inputBytes } from './conformance.ts';
import { PolicyFault } from './policy-fault.ts';
import {
  POLICY_FILES,
  readCapsule,
  readConformance,
  readEngine,
  readJson,
  readSource,
  utf8Of,
} from './policy-folder.ts';

const crypto = nodeCrypto();

/** A built policy, its files being those that its capsule names. */
export interface OpenedPolicy {
  readonly cid: Cid;
  readonly signed: SignedCapsule;
  readonly capsule: Capsule;
  readonly wasm: Uint8Array;
  readonly conformance: readonly ConformanceCase[];
  /** Whether its author signed it; null while nobody did. */
  readonly signature: boolean | null;
}

/** Reads a built policy. Throws PolicyFault, `stale` when its files are not those that the capsule names. */
export function openPolicy(folder: string): OpenedPolicy {
  const signed = readCapsule(folder);
  const { capsule } = signed;
  const wasm = readEngine(folder);
  const vector = readConformance(folder);
  const named: readonly (readonly [file: string, found: Cid, wanted: Cid])[] = [
    ['its Rego', cidOf(encodeSource(readSource(folder)), 'dag-cbor', crypto.sha256), capsule.source],
    [POLICY_FILES.engine, cidOf(wasm, 'raw', crypto.sha256), capsule.engine],
    [POLICY_FILES.conformance, cidOf(vector, 'raw', crypto.sha256), capsule.conformance],
  ];
  for (const [file, found, wanted] of named) {
    if (found !== wanted) throw stale(file);
  }
  if (!isDeepStrictEqual(parametersOf(readJson(folder, POLICY_FILES.parameters)), capsule.parameters))
    throw stale(POLICY_FILES.parameters);
  const conformance = conformanceOf(JSON.parse(utf8Of(vector, POLICY_FILES.conformance)), POLICY_FILES.conformance);
  const signature = signed.author === null ? null : capsuleHolds(signed, crypto);
  return { cid: capsuleCid(capsule, crypto.sha256), signed, capsule, wasm, conformance, signature };
}

const stale = (file: string): PolicyFault =>
  new PolicyFault(
    'stale',
    `the capsule names another version of ${file}`,
    'What was built is not what lies here now.',
    'Build it anew: canswarm policy build DIR',
  );

/** What a policy decides about each input. */
export function decisionsOf(
  { capsule, wasm }: Pick<OpenedPolicy, 'capsule' | 'wasm'>,
  cases: readonly { readonly input: unknown }[],
): Promise<PolicyDecision[]> {
  return withEngine(async (engine) => decideAll(await engine.load(policyProgram(capsule, wasm)), cases));
}

export interface Conformance {
  readonly cid: Cid;
  readonly cases: number;
  /** Cases that this machine decides otherwise than the vector says. */
  readonly different: readonly {
    readonly name: string;
    readonly expected: PolicyDecision;
    readonly found: PolicyDecision;
  }[];
  /** Digests of the evaluations, in the order of the vector. */
  readonly digests: readonly string[];
}

/** Decides the conformance vector of a policy again. */
export async function checkConformance(policy: OpenedPolicy): Promise<Conformance> {
  const decisions = await decisionsOf(policy, policy.conformance);
  const different: Conformance['different'][number][] = [];
  const digests: string[] = [];
  for (const [index, { name, input, decision: expected }] of policy.conformance.entries()) {
    const found = decisions[index];
    if (found === undefined) throw new Error('each case has a decision');
    digests.push(toHex(policyDigest(crypto.sha256, policy.cid, inputBytes(input), found)));
    if (JSON.stringify(found) !== JSON.stringify({ ...expected })) different.push({ name, expected, found });
  }
  return { cid: policy.cid, cases: policy.conformance.length, different, digests };
}
