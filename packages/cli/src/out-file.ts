import { accessSync, closeSync, constants, existsSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CliFailure, EXIT } from './failure.ts';
import { safe } from './text.ts';

/** How to write a file that was asked for. Throws a CliFailure at once where it cannot be: nothing runs in vain. */
export function outFile(path: string): (text: string) => void {
  const whole = writable(path);
  return (text) => {
    try {
      writeFileSync(whole, text);
    } catch (error) {
      throw unwritable(path, error);
    }
  };
}

/** A file that grows line by line. */
export interface LineFile {
  write(lines: string): void;
  close(): void;
}

/** As `outFile`, for more than fits into memory: what was there before is gone with the first write. */
export function lineFile(path: string): LineFile {
  const whole = writable(path);
  let descriptor: number | null = null;
  return {
    write: (lines) => {
      try {
        descriptor ??= openSync(whole, 'w');
        writeSync(descriptor, lines);
      } catch (error) {
        throw unwritable(path, error);
      }
    },
    close: () => {
      if (descriptor !== null) closeSync(descriptor);
    },
  };
}

/** The path of a file that can be written. Throws a CliFailure. */
function writable(path: string): string {
  const whole = resolve(path);
  try {
    if (existsSync(whole) && statSync(whole).isDirectory()) throw new Error('it is a folder');
    accessSync(existsSync(whole) ? whole : dirname(whole), constants.W_OK);
    return whole;
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): CliFailure {
  const why = error instanceof Error ? error.message : String(error);
  const what = `${safe(path)} cannot be written: ${safe(why)}`;
  return new CliFailure(EXIT.usage, 'output', what, '', 'Name a file in a folder that is there and may be written to.');
}
