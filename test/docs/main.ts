/**
 * Runs every sample of the how-to pages and of the README of `canswarm` and `@canswarm/agent`, with the packages as they are packed,
 * and compares what they print with what the pages show.
 *
 *   npm run -s docs -- --json
 *   npm run -s docs -- docs/how-to/verify-offline --slice    one page, with the sources instead of packages
 */
import { runCommand } from '../e2e/command.ts';
import { docs } from './docs.ts';

process.exitCode = await runCommand('docs', [docs], process.argv.slice(2));
