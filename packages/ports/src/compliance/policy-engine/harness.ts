import { readFileSync } from 'node:fs';
import type { PolicyDecision } from '@canswarm/protocol';
import { expect } from 'vitest';
import { type PolicyEngine, PolicyError, type PolicyErrorCode, type PolicyProgram } from '../../index.ts';
import { rejectionOf } from '../fixtures.ts';
import type { World } from '../suite.ts';

export interface PolicyEngineHarness extends World {
  readonly engine: PolicyEngine;
}

const encoder = new TextEncoder();

export const jsonBytes = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));

/** The policy of the suite: suite.rego, with more than any task that ends by itself can want. */
export const SUITE: PolicyProgram = {
  wasm: new Uint8Array(readFileSync(new URL('./suite.wasm', import.meta.url))),
  parameters: jsonBytes({ word: 'bond' }),
  builtins: ['sprintf'],
  gas: 200_000_000,
  memoryBytes: 4 * 1_048_576,
};

export const ECHO = { task: 'echo', said: 'hello', number: 3 };

/** What the policy of the suite, changed so far, decides about inputs, one after another. */
export async function decide(
  { engine, drive }: PolicyEngineHarness,
  inputs: readonly unknown[],
  changes: Partial<PolicyProgram> = {},
): Promise<PolicyDecision[]> {
  const policy = await drive(engine.load({ ...SUITE, ...changes }));
  const decisions: PolicyDecision[] = [];
  for (const input of inputs) {
    decisions.push(await drive(policy.evaluate(input instanceof Uint8Array ? input : jsonBytes(input))));
  }
  await drive(policy.close());
  return decisions;
}

export async function decideOne(
  harness: PolicyEngineHarness,
  input: unknown,
  changes: Partial<PolicyProgram> = {},
): Promise<PolicyDecision> {
  const [decision] = await decide(harness, [input], changes);
  if (decision === undefined) return expect.fail('there is no decision');
  return decision;
}

/** Expects a denial by the engine itself. */
export function expectEnded(decision: PolicyDecision, code: string): void {
  expect(decision).toMatchObject({ allow: false, reasons: [{ rule: 'engine', code, facts: {} }] });
  expect(decision.reasons).toHaveLength(1);
}

export async function expectRefused(
  { engine, drive }: PolicyEngineHarness,
  changes: Partial<PolicyProgram>,
  code: PolicyErrorCode,
): Promise<void> {
  const error = await drive(rejectionOf(engine.load({ ...SUITE, ...changes })));
  expect(error).toBeInstanceOf(PolicyError);
  expect((error as PolicyError).code).toBe(code);
}

export async function expectAlive(harness: PolicyEngineHarness): Promise<void> {
  expect((await decideOne(harness, ECHO)).allow).toBe(true);
}
