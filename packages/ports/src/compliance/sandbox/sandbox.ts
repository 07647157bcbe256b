import { type Check, registerSuite } from '../suite.ts';
import { failureChecks } from './failures.ts';
import type { SandboxHarness } from './harness.ts';
import { isolationChecks } from './isolation.ts';
import { limitChecks } from './limits.ts';
import { resultChecks } from './results.ts';

export const sandboxChecks: readonly Check<SandboxHarness>[] = [
  ...resultChecks,
  ...isolationChecks,
  ...limitChecks,
  ...failureChecks,
];

/** What every `Sandbox` must do. */
export function sandboxCompliance(name: string, make: () => SandboxHarness | Promise<SandboxHarness>): void {
  registerSuite(`${name} is a Sandbox`, sandboxChecks, make);
}
