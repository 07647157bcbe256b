import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CliFailure, EXIT } from './failure.ts';
import { safe } from './text.ts';

/** How to write a file that was asked for. Throws a CliFailure at once where it cannot be: nothing runs in vain. */
export function outFile(path: string): (text: string) => void {
  const whole = resolve(path);
  try {
    if (existsSync(whole) && statSync(whole).isDirectory()) throw new Error('it is a folder');
    accessSync(existsSync(whole) ? whole : dirname(whole), constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
  return (text) => {
    try {
      writeFileSync(whole, text);
    } catch (error) {
      throw unwritable(path, error);
    }
  };
}

function unwritable(path: string, error: unknown): CliFailure {
  const why = error instanceof Error ? error.message : String(error);
  const what = `${safe(path)} cannot be written: ${safe(why)}`;
  return new CliFailure(EXIT.usage, 'output', what, '', 'Name a file in a folder that is there and may be written to.');
}
