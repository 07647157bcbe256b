/**
 * One compliance suite per port. Call a suite at the top of a vitest file with a function that makes the adapter; every
 * check gets a harness of its own. The checks are exported too, so that a suite itself can be tested.
 */
export { type ClockHarness, clockChecks, clockCompliance } from './clock.ts';
export { type ContentStoreHarness, contentStoreChecks, contentStoreCompliance } from './content-store.ts';
export { type DecisionLogHarness, decisionLogChecks, decisionLogCompliance } from './decision-log.ts';
export { type MeterHarness, meterChecks, meterCompliance } from './meter.ts';
export type { PolicyEngineHarness } from './policy-engine/harness.ts';
export { policyEngineChecks, policyEngineCompliance } from './policy-engine/policy-engine.ts';
export { type RandomHarness, randomChecks, randomCompliance } from './random.ts';
export { realWorld } from './real-world.ts';
export type { SandboxHarness } from './sandbox/harness.ts';
export { sandboxChecks, sandboxCompliance } from './sandbox/sandbox.ts';
export { type SignerHarness, signerChecks, signerCompliance } from './signer.ts';
export {
  complianceSkillsUrl,
  type SkillRunnerHarness,
  skillRunnerChecks,
  skillRunnerCompliance,
} from './skill-runner.ts';
export * as complianceSkills from './skills.ts';
export { type StoreHarness, storeChecks, storeCompliance } from './store.ts';
export type { Check, World } from './suite.ts';
export { type TransportHarness, transportChecks, transportCompliance } from './transport.ts';
