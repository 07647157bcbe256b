import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LogSink } from './logger.ts';

export interface FileSinkOptions {
  /** The file; its folder is made when it is missing. One process writes it. */
  readonly path: string;
  /** A file that would grow beyond is put away as `<path>.1`, `<path>.2`, ... Default 10 MiB. */
  readonly bytesMax?: number;
  /** Files kept besides the current one. Default 4. */
  readonly filesMax?: number;
}

interface OpenFile {
  readonly handle: number;
  bytes: number;
}

/**
 * Lines to a file of mode 0600 that is put away when it is full: never more than `bytesMax * (filesMax + 1)` bytes in all.
 * A full disk loses lines, not the process; when there is space again it goes on.
 */
export function fileSink({ path, bytesMax = 10 * 2 ** 20, filesMax = 4 }: FileSinkOptions): LogSink {
  let file: OpenFile | null = null;

  const open = (): OpenFile => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const handle = openSync(path, 'a+', 0o600);
    const opened = { handle, bytes: fstatSync(handle).size };
    try {
      endTornLine(opened);
    } catch (error) {
      closeSync(handle);
      throw error;
    }
    return opened;
  };
  const close = (): void => {
    const before = file;
    file = null;
    if (before !== null) closeSync(before.handle);
  };
  const rotate = (): void => {
    close();
    rmSync(`${path}.${filesMax}`, { force: true });
    for (let number = filesMax; number > 0; number -= 1) move(number === 1 ? path : `${path}.${number - 1}`, number);
    if (filesMax === 0) rmSync(path, { force: true });
  };
  const move = (from: string, number: number): void => {
    try {
      renameSync(from, `${path}.${number}`);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  };

  return {
    write(line) {
      const bytes = Buffer.from(line, 'utf8');
      try {
        file ??= open();
        if (file.bytes > 0 && file.bytes + bytes.length > bytesMax) {
          rotate();
          file = open();
        }
        append(file, bytes);
        return true;
      } catch {
        // Opened again with the next line: its folder may have been moved away.
        try {
          close();
        } catch {
          // It was closed for us.
        }
        return false;
      }
    },
    close,
  };
}

function append(file: OpenFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    const more = writeSync(file.handle, bytes, written);
    written += more;
    file.bytes += more;
  }
}

/** Ends a line that a full disk or a killed process left half written, so that the next one begins a line. */
function endTornLine(file: OpenFile): void {
  const last = Buffer.alloc(1);
  if (file.bytes > 0 && readSync(file.handle, last, 0, 1, file.bytes - 1) === 1 && last[0] !== 0x0a)
    append(file, Buffer.from('\n'));
}
