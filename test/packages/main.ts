/**
 * Packs the packages, installs them with npm into an empty folder and uses them there under the oldest Node that they
 * promise to run on. Needs the npm registry.
 *
 *   npm run -s packages -- --json
 *   npm run -s packages -- --slice     what `npm test` runs: nothing is installed
 */
import { runCommand } from '../e2e/command.ts';
import { packages } from './packages.ts';

process.exitCode = await runCommand('packages', [packages], process.argv.slice(2));
