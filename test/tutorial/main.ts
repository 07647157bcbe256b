/**
 * Follows docs/tutorial.md to the letter in an empty folder, with the packages as they are packed. Asks no registry but its own, on
 * the loopback.
 *
 *   npm run -s tutorial -- --json
 *   npm run -s tutorial -- --slice     what `npm test` runs: nothing is packed or installed
 */
import { runCommand } from '../e2e/command.ts';
import { tutorial } from './tutorial.ts';

process.exitCode = await runCommand('tutorial', [tutorial], process.argv.slice(2));
