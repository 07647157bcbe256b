import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { basePolicy } from '@canswarm/policies';
import { afterAll, expect, it } from 'vitest';
import { buildPolicy } from '../../src/policy/build-policy.ts';
import { compileRego, findOpa } from '../../src/policy/opa-program.ts';
import { PolicyFault } from '../../src/policy/policy-fault.ts';

const place = mkdtempSync(join(tmpdir(), 'canswarm-rebuild-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const suite = fileURLToPath(new URL('../../../ports/src/compliance/policy-engine/', import.meta.url));

/** The OPA that policies are built with; null, and a word on it, where there is none. */
async function opaHere(): Promise<string | null> {
  try {
    return await findOpa(process.env);
  } catch (error) {
    if (!(error instanceof PolicyFault)) throw error;
    process.stderr.write(`1 comparison left out: ${error.message}. ${error.todo}\n`);
    return null;
  }
}

it('the committed base policy is what OPA and policy build make of its Rego, byte for byte', async () => {
  if ((await opaHere()) === null) return;
  const [committed, built] = [basePolicy, join(place, 'base')];
  cpSync(committed, built, { recursive: true });
  for (const name of ['policy.wasm', 'conformance.json', 'capsule.json']) rmSync(join(built, name));
  await buildPolicy(built, process.env);
  for (const name of ['policy.wasm', 'conformance.json', 'capsule.json']) {
    expect(readFileSync(join(built, name)).equals(readFileSync(join(committed, name))), name).toBe(true);
  }
});

it("the committed policy of the engines' suite is what OPA makes of its Rego, byte for byte", async () => {
  const opa = await opaHere();
  if (opa === null) return;
  expect(Buffer.from(compileRego(opa, suite)).equals(readFileSync(join(suite, 'suite.wasm')))).toBe(true);
});
