/**
 * A sandbox for JavaScript of strangers:
 *
 *     const sandbox = quickjsSandbox();
 *     const job = { source: 'export const double = (n) => 2 * n', call: 'double', argument: 21, files: new Map() };
 *     await sandbox.run(job, { fuel: 1e6, memoryBytes: 2 ** 24, deadlineMs: 1000 }); // 42
 */
export { quickjsSandbox } from './quickjs-sandbox.ts';
