/**
 * The `canswarm` command:
 *
 *     const exit = await main(['verify', 'brief-out/proof'], { out: process.stdout, err: process.stderr, env: process.env, signal });
 */
export { CliFailure, EXIT, type ExitCode } from './failure.ts';
export type { Io, Sink } from './io.ts';
export { main } from './main.ts';
