/**
 * Has the base policy decide generated inputs whose digests are known, and says which hundreds came out another way: a digest is over
 * those of a hundred evaluations, gas included. Any Node that the packages run on may run it.
 *
 *   npm run -s policy:golden
 *   npm run -s policy:golden -- --write     after the policy, its inputs or the engine changed on purpose
 *   /path/to/another/node policies/test/golden/main.ts
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { opaPolicy } from '@canswarm/policy-opa';
import { capsuleCid, capsuleFromJson, policyDigest, toDagJson } from '@canswarm/protocol';
import { basePolicy } from '../../src/index.ts';
import { generatedInputs } from './inputs.ts';

const FILE = new URL('digests.json', import.meta.url);
const INPUTS = 10_000;
const CHUNK = 100;
const SEED = 2026;

interface Digests {
  readonly inputs: number;
  readonly capsule: string;
  /** How many reasons had each code: what was decided, for people. */
  readonly codes: Readonly<Record<string, number>>;
  readonly chunks: readonly string[];
}

const found = decideAll();
const known = JSON.parse(readFileSync(FILE, 'utf8')) as Digests;
const others = found.chunks.flatMap((chunk, at) => (chunk === known.chunks[at] ? [] : [at]));
const isSame = others.length === 0 && JSON.stringify(found) === JSON.stringify(known);
const isWritten = process.argv.includes('--write');
if (isWritten) writeFileSync(FILE, `${JSON.stringify(found, null, 2)}\n`);
else tell();
const failed = isSame || isWritten ? 0 : Math.max(1, others.length);
const metrics = { 'golden.inputs': INPUTS, 'golden.nodeMajor': Number(process.versions.node.split('.')[0]) };
console.log(JSON.stringify({ suite: 'policy:golden', metrics, passed: found.chunks.length - failed, failed }));
process.exit(failed === 0 ? 0 : 1);

function tell(): void {
  for (const at of others) console.error(`OTHER inputs ${at * CHUNK} to ${(at + 1) * CHUNK - 1}: ${found.chunks[at]}`);
  if (!isSame && others.length === 0) console.error(`OTHER capsule or codes: ${found.capsule}`);
}

function decideAll(): Digests {
  const encoder = new TextEncoder();
  const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
  const read = capsuleFromJson(readFileSync(join(basePolicy, 'capsule.json'), 'utf8').trimEnd());
  if (!read.ok) throw new Error(`the capsule of the base policy: ${read.code}`);
  const { capsule } = read.signed;
  const { builtins, gas, memoryBytes, parameters } = capsule;
  const wasm = new Uint8Array(readFileSync(join(basePolicy, 'policy.wasm')));
  const policy = opaPolicy({
    wasm,
    parameters: encoder.encode(toDagJson(parameters) ?? ''),
    builtins,
    gas,
    memoryBytes,
  });
  const cid = capsuleCid(capsule, sha256);
  const codes = new Map<string, number>();
  const chunks: string[] = [];
  let hash = createHash('sha256');
  for (const [index, input] of generatedInputs(INPUTS, SEED).entries()) {
    const bytes = encoder.encode(JSON.stringify(input));
    const decision = policy.decide(bytes);
    for (const { code } of decision.reasons) codes.set(code, (codes.get(code) ?? 0) + 1);
    hash.update(policyDigest(sha256, cid, bytes, decision));
    if ((index + 1) % CHUNK !== 0) continue;
    chunks.push(hash.digest('hex'));
    hash = createHash('sha256');
  }
  return { inputs: INPUTS, capsule: cid, codes: Object.fromEntries([...codes].sort()), chunks };
}
