import { type Cid, type FileRef, fromUtf8, type TreeEntry } from '@canswarm/protocol';
import type { FetchBlock } from '../reading/fetch-blocks.ts';
import { readFile } from '../reading/read-file.ts';

/** Where files stand in a bundle's tree. */
export const FILES = 'files/';
/** Most files of one bundle. */
export const FILES_MAX = 20_000;
/** Most bytes of all files of one bundle together. */
export const FILES_BYTES_MAX = 134_217_728;
/** Longest name of a file, bytes of UTF-8. */
const FILE_NAME_BYTES_MAX = 512;

/** Files by name, read when they are asked for. */
export interface Files {
  /** Sorted by their UTF-8 bytes. */
  names(): readonly string[];
  /** Size in bytes, or undefined when there is no such file. */
  size(name: string): number | undefined;
  cid(name: string): Cid | undefined;
  /** Rejects when there is no such file or it cannot be read. */
  bytes(name: string): Promise<Uint8Array>;
  /** As text. Rejects also when it is not UTF-8. */
  text(name: string): Promise<string>;
}

export const isFileName = (name: string): boolean => {
  const bytes = new TextEncoder().encode(name).length;
  return name.isWellFormed() && bytes > 0 && bytes <= FILE_NAME_BYTES_MAX && !name.includes('\u0000');
};

/** A file of a bundle, by its name. */
export interface NamedFile extends FileRef {
  readonly name: string;
}

/** The files among the entries of a bundle's tree, in key order. */
export const namedFiles = (entries: readonly TreeEntry[]): readonly NamedFile[] =>
  entries
    .filter(({ key }) => key.startsWith(FILES))
    .map(({ key, cid, size }) => ({ name: key.slice(FILES.length), cid, size }));

/** The files of a bundle, read when they are asked for. */
export function filesOf(files: readonly NamedFile[], fetch: FetchBlock): Files {
  const byName = new Map<string, FileRef>(files.map((file) => [file.name, file]));
  const named = (name: string): FileRef => {
    const file = byName.get(name);
    if (file !== undefined) return file;
    throw new RangeError(`there is no file ${JSON.stringify(name)}; there ${some([...byName.keys()])}`);
  };
  const bytes = async (name: string): Promise<Uint8Array> => readFile(named(name), fetch);
  return {
    names: () => [...byName.keys()],
    size: (name) => byName.get(name)?.size,
    cid: (name) => byName.get(name)?.cid,
    bytes,
    async text(name) {
      const text = fromUtf8(await bytes(name));
      if (text === undefined) throw new TypeError(`the file ${JSON.stringify(name)} is not UTF-8 text`);
      return text;
    },
  };
}

const NAMED = 5;

function some(names: readonly string[]): string {
  if (names.length === 0) return 'are none';
  const more = names.length > NAMED ? `, and ${names.length - NAMED} more` : '';
  return `is ${names
    .slice(0, NAMED)
    .map((name) => JSON.stringify(name))
    .join(', ')}${more}`;
}
