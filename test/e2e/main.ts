/**
 * The e2e command: the suites at full size, or those named.
 *
 *   npm run -s e2e -- --json
 *   npm run -s e2e:removal -- --json
 */
import { runCommand } from './command.ts';
import { suites } from './suites.ts';

process.exitCode = await runCommand('e2e', suites, process.argv.slice(2));
