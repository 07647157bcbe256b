/**
 * The fuzz command. Needs `--expose-gc` to measure memory.
 *
 *   npm run -s fuzz -- --json
 */
import { runCommand } from '../e2e/command.ts';
import { fuzz } from './fuzz.ts';
import { insiders } from './insiders.ts';

process.exitCode = await runCommand('fuzz', [fuzz, insiders], process.argv.slice(2));
