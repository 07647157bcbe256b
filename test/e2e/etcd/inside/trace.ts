import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Trace } from './variables.ts';

/** A line, and whose process wrote it. */
export interface Traced {
  readonly node: string;
  readonly time: bigint;
  readonly trace: Trace;
}

/** Lines younger than this are left for the next look: by then all that is older is there, ns. */
const YOUNG_NS = 200_000_000n;

/** The traces of several processes as one, in the order of time. */
export class Traces {
  readonly #files: readonly { readonly node: string; readonly path: string }[];
  readonly #read = new Map<string, { offset: number; rest: string }>();
  #left: readonly Traced[] = [];

  constructor(files: readonly { readonly node: string; readonly path: string }[]) {
    this.#files = files;
  }

  /** What was written since the last call, but for what is very young. */
  next(): readonly Traced[] {
    const before = process.hrtime.bigint() - YOUNG_NS;
    const all = [...this.#left, ...this.#files.flatMap(({ node, path }) => this.#newIn(node, path))];
    all.sort((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0));
    this.#left = all.filter(({ time }) => time >= before);
    return all.filter(({ time }) => time < before);
  }

  #newIn(node: string, path: string): readonly Traced[] {
    const { offset, rest } = this.#read.get(node) ?? { offset: 0, rest: '' };
    const text = textFrom(path, offset);
    const lines = (rest + text).split('\n');
    this.#read.set(node, { offset: offset + Buffer.byteLength(text), rest: lines.pop() ?? '' });
    return lines.map((line) => {
      const trace = JSON.parse(line) as Trace;
      return { node, time: BigInt(trace.at), trace };
    });
  }
}

function textFrom(path: string, offset: number): string {
  const file = openSync(path, 'a+');
  try {
    const bytes = new Uint8Array(Math.max(0, fstatSync(file).size - offset));
    const read = readSync(file, bytes, 0, bytes.length, offset);
    return Buffer.from(bytes.subarray(0, read)).toString('utf8');
  } finally {
    closeSync(file);
  }
}
