/**
 * Policies in Rego, as OPA compiles them to WebAssembly, evaluated with gas:
 *
 *     const engine = opaEngine();
 *     const policy = await engine.load({ wasm, parameters, builtins: [], gas: 50_000_000, memoryBytes: 2 ** 24 });
 *     const { allow, reasons, gasUsed } = await policy.evaluate(input);
 */
export { HOST_BUILTINS } from './builtins/builtins.ts';
export { inlineEngine } from './inline-engine.ts';
export { type OpaEngineOptions, opaEngine } from './opa-engine.ts';
export { type LoadablePolicy, opaPolicies } from './opa-policies.ts';
export { type OpaPolicy, opaPolicy } from './opa-policy.ts';
