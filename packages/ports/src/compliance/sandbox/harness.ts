import { expect } from 'vitest';
import { type JsonValue, type Sandbox, SandboxError, type SandboxErrorCode, type SandboxLimits } from '../../index.ts';
import { expectCode, rejectionOf } from '../fixtures.ts';
import type { World } from '../suite.ts';

export interface SandboxHarness extends World {
  readonly sandbox: Sandbox;
}

/** A job of the suite: its function is called `f` unless it says otherwise. */
export interface Task {
  readonly source: string;
  readonly call?: string;
  readonly argument?: JsonValue;
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

export const MIB = 1_048_576;

/** More than any job of the suite that ends by itself can want. */
const PLENTY: SandboxLimits = { fuel: Number.MAX_SAFE_INTEGER, memoryBytes: 64 * MIB, deadlineMs: 60_000 };

/** A module whose function `f` has this body. */
export function body(code: string): Task {
  return { source: `export function f(argument, files) {\n${code}\n}` };
}

/** A module whose function `f` gives this expression. */
export function giving(expression: string): Task {
  return body(`return (${expression});`);
}

function running({ sandbox }: SandboxHarness, task: Task, limits: Partial<SandboxLimits>): Promise<JsonValue> {
  const { source, call = 'f', argument = null, files = new Map() } = task;
  return sandbox.run({ source, call, argument, files }, { ...PLENTY, ...limits });
}

export function run(harness: SandboxHarness, task: Task, limits: Partial<SandboxLimits> = {}): Promise<JsonValue> {
  return harness.drive(running(harness, task, limits));
}

/** What a run that must fail rejects with. */
export function failure(harness: SandboxHarness, task: Task, limits: Partial<SandboxLimits> = {}): Promise<unknown> {
  return harness.drive(rejectionOf(running(harness, task, limits)));
}

export async function expectFailure(
  harness: SandboxHarness,
  task: Task,
  code: SandboxErrorCode,
  limits: Partial<SandboxLimits> = {},
): Promise<SandboxError> {
  const error = await failure(harness, task, limits);
  expectCode(error, SandboxError, code);
  return error as SandboxError;
}

/** That the sandbox still does its work, whatever went before. */
export async function expectAlive(harness: SandboxHarness): Promise<void> {
  expect(await run(harness, { ...giving('argument + 1'), argument: 41 })).toBe(42);
}

/** What a run gives, or the error it rejects with. */
export async function outcome(
  harness: SandboxHarness,
  task: Task,
  limits: Partial<SandboxLimits> = {},
): Promise<unknown> {
  return await run(harness, task, limits).catch((error: unknown) => error);
}

/** The least fuel with which the task does not end for want of it. */
export async function fuelOf(harness: SandboxHarness, task: Task): Promise<number> {
  const suffices = async (fuel: number): Promise<boolean> => {
    const result = await outcome(harness, task, { fuel });
    return !(result instanceof SandboxError && result.code === 'fuel');
  };
  let least = 1;
  let most = 1;
  while (!(await suffices(most))) {
    least = most + 1;
    most *= 2;
    expect(most).toBeLessThan(Number.MAX_SAFE_INTEGER);
  }
  while (least < most) {
    const middle = least + Math.floor((most - least) / 2);
    if (await suffices(middle)) most = middle;
    else least = middle + 1;
  }
  return most;
}
