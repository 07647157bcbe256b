/**
 * The fuzz command of the HTTP API.
 *
 *   npm run -s fuzz:api -- --json
 */
import { runCommand } from '../../e2e/command.ts';
import { fuzzApi } from './fuzz-api.ts';

process.exitCode = await runCommand('fuzz:api', [fuzzApi], process.argv.slice(2));
