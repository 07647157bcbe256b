export { type BuiltPolicy, buildPolicy } from './build-policy.ts';
export { type DiffedCase, diffPolicies, type PolicyDiff } from './diff-policies.ts';
export { initPolicy } from './init-policy.ts';
export { inspectPolicy, type PolicyFacts } from './inspect-policy.ts';
export { type Conformance, checkConformance, type OpenedPolicy, openPolicy } from './open-policy.ts';
export { PolicyFault, type PolicyFaultCode } from './policy-fault.ts';
export { publishedPolicy } from './published-policy.ts';
export { signPolicy } from './sign-policy.ts';
export { type PolicyTests, type TestedCase, testPolicy } from './test-policy.ts';
