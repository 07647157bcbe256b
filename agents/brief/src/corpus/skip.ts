/**
 * Why a file or folder was not read.
 * - `unreadable`: the system refused it (the reason names its error code).
 * - `not_a_file`: named like a document but a socket, pipe or device.
 * - `binary`: it holds a NUL byte. `not_utf8`: it is text in another encoding, or broken. `empty`: nothing but white space.
 * - `too_large`, `too_many_documents`, `too_many_bytes`, `too_many_entries`, `too_deep`, `path_too_long`: a limit of `ScanLimits`.
 * - `path_not_utf8`: its name cannot be written as text.
 * - `link_outside`, `link_broken`, `link_repeats`: a symbolic link that leaves the folder, leads nowhere, or names what is read
 *   under its own path already.
 */
export type SkipCode =
  | 'unreadable'
  | 'not_a_file'
  | 'binary'
  | 'not_utf8'
  | 'empty'
  | 'too_large'
  | 'too_many_documents'
  | 'too_many_bytes'
  | 'too_many_entries'
  | 'too_deep'
  | 'path_too_long'
  | 'path_not_utf8'
  | 'link_outside'
  | 'link_broken'
  | 'link_repeats';

/** Something under the folder that could have been a document and was not read. */
export interface Skipped {
  /** Relative path with `/`; bytes that are not UTF-8 are shown as U+FFFD. */
  readonly path: string;
  readonly code: SkipCode;
  /** For people, one line. Holds no file contents; may hold a file name, so escape it before a terminal sees it. */
  readonly reason: string;
}

/** Limits of one scan; all are inclusive. */
export interface ScanLimits {
  readonly documentsMax: number;
  readonly fileBytesMax: number;
  readonly totalBytesMax: number;
  /** Folder entries looked at, of any kind. */
  readonly entriesMax: number;
  /** Folders below the root. */
  readonly depthMax: number;
  /** UTF-8 bytes of a relative path. */
  readonly pathBytesMax: number;
}

const MEBIBYTE = 1024 * 1024;

export const SCAN_LIMITS: ScanLimits = {
  documentsMax: 20_000,
  fileBytesMax: 4 * MEBIBYTE,
  totalBytesMax: 128 * MEBIBYTE,
  entriesMax: 2_000_000,
  depthMax: 64,
  pathBytesMax: 1024,
};
