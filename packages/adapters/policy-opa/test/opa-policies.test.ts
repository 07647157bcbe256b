import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capsuleFromJson } from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { opaPolicies } from '../src/index.ts';

const BASE = join(import.meta.dirname, '../../../../policies/base');

function base() {
  const read = capsuleFromJson(readFileSync(join(BASE, 'capsule.json'), 'utf8').trimEnd());
  if (!read.ok) throw new Error(read.code);
  return { capsule: read.signed.capsule, engine: new Uint8Array(readFileSync(join(BASE, 'policy.wasm'))) };
}

it('loads a policy once, and decides by it', () => {
  const load = opaPolicies();
  const decide = load(base());
  expect(load(base())).toBe(decide);
  const { cases } = JSON.parse(readFileSync(join(BASE, 'conformance.json'), 'utf8')) as {
    cases: { input: unknown; decision: unknown }[];
  };
  for (const { input, decision } of cases)
    expect(decide?.(new TextEncoder().encode(JSON.stringify(input)))).toEqual(decision);
});

it('tells policies apart by all that their decisions depend on', () => {
  const load = opaPolicies();
  const { capsule, engine } = base();
  const decide = load({ capsule: { ...capsule, gas: 1 }, engine });
  expect(decide?.(new TextEncoder().encode('{}'))).toMatchObject({ allow: false, reasons: [{ code: 'out_of_gas' }] });
  expect(load({ capsule, engine })).not.toBe(decide);
});

it('has nothing for a module that is none, and keeps only the last few', () => {
  const load = opaPolicies();
  const { capsule, engine } = base();
  expect(load({ capsule, engine: engine.slice(1) })).toBe(null);
  const first = load({ capsule: { ...capsule, gas: 1 }, engine });
  for (let gas = 2; gas < 10; gas += 1) load({ capsule: { ...capsule, gas }, engine });
  expect(load({ capsule: { ...capsule, gas: 1 }, engine })).not.toBe(first);
});
