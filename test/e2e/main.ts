/**
 * The e2e command: the suites at full size, or the suites and parts named.
 *
 *   npm run -s e2e -- --json
 *   npm run -s e2e:removal -- --json
 *   npm run -s e2e -- processes/network-cut processes/disk-full --json
 *   npm run -s e2e:etcd -- --rounds 3 --faults leader-killed,disk-full --json
 */
import { runCommand } from './command.ts';
import { suites } from './suites.ts';

process.exitCode = await runCommand('e2e', suites, process.argv.slice(2));
