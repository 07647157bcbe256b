import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { opaPolicy } from '@canswarm/policy-opa';
import { capsuleCid, capsuleFromJson, policyDigest, toDagJson } from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { basePolicy } from '../src/index.ts';
import { generatedInputs } from './inputs.ts';

const INPUTS = 10_000;
const CHUNK = 100;
const file = fileURLToPath(new URL('./golden.json', import.meta.url));

const encoder = new TextEncoder();
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

/**
 * Whoever evaluates the base policy over these inputs has these digests: each is over those of a hundred evaluations. After a change of
 * the policy or of the engine: GOLDEN=write npx vitest run policies/test/golden
 */
it('the base policy decides 10 000 generated inputs as the golden digests say', () => {
  const read = capsuleFromJson(readFileSync(join(basePolicy, 'capsule.json'), 'utf8').trimEnd());
  if (!read.ok) return expect.fail(read.code);
  const { capsule } = read.signed;
  const { builtins, gas, memoryBytes, parameters } = capsule;
  const wasm = new Uint8Array(readFileSync(join(basePolicy, 'policy.wasm')));
  const text = encoder.encode(toDagJson(parameters) ?? '');
  const policy = opaPolicy({ wasm, parameters: text, builtins, gas, memoryBytes });
  const cid = capsuleCid(capsule, sha256);
  const codes = new Map<string, number>();
  const chunks: string[] = [];
  let hash = createHash('sha256');
  for (const [index, input] of generatedInputs(INPUTS, 2026).entries()) {
    const bytes = encoder.encode(JSON.stringify(input));
    const decision = policy.decide(bytes);
    for (const { code } of decision.reasons) codes.set(code, (codes.get(code) ?? 0) + 1);
    hash.update(policyDigest(sha256, cid, bytes, decision));
    if ((index + 1) % CHUNK === 0) {
      chunks.push(hash.digest('hex'));
      hash = createHash('sha256');
    }
  }
  const found = { inputs: INPUTS, capsule: cid, codes: Object.fromEntries([...codes].sort()), chunks };
  if (process.env['GOLDEN'] === 'write') writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
  expect(found).toEqual(JSON.parse(readFileSync(file, 'utf8')));
});
