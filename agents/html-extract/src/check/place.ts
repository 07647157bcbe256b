import { STEP_NAME_MAX, STEPS_MAX } from '../rules.ts';
import { runOf } from './run-of-text.ts';
import type { Branch, Tree } from './tree.ts';

/** Where an element stands. */
export interface Place {
  readonly path: string;
  readonly start: number | null;
  readonly end: number | null;
}

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
/** Elements whose text is read from the bytes alone where no markup stands in it. */
const READ_PLAIN: ReadonlySet<string> = new Set(['td', 'th', 'li']);

/** Places of a tree's elements, in bytes of its file. */
export class Places {
  readonly #bytes: Uint8Array;
  readonly #tree: Tree;
  readonly #known = new Map<Branch, Place | null>();
  /** What was found of an element's bytes: a cell that covers many rows is looked at once. */
  readonly #agreed = new Map<Branch, boolean>();
  /** Byte of each unit of the source; null where they are the same. */
  readonly #byteOf: Uint32Array | null;

  constructor(bytes: Uint8Array, tree: Tree) {
    this.#bytes = bytes;
    this.#tree = tree;
    this.#byteOf = tree.source.length + tree.skipped === bytes.length ? null : unitsInBytes(tree.source);
  }

  /** The place of an element; null when too deep. */
  of(branch: Branch): Place | null {
    const known = this.#known.get(branch);
    if (known !== undefined) return known;
    const path = depthOf(branch) > STEPS_MAX ? null : pathOf(branch, null);
    const [start, end] = branch.tag ?? [null, null];
    const place =
      path === null
        ? null
        : {
            path,
            start: start === null ? null : this.#byte(start),
            end: end === null ? null : this.#byte(end),
          };
    this.#known.set(branch, place);
    return place;
  }

  /** The place of a row's cell: within the row its path begins there. */
  within(branch: Branch, row: Branch): Place | null {
    const whole = this.of(branch);
    const isWithin = branch.order >= row.order && branch.order <= row.last;
    return whole === null || !isWithin ? whole : { ...whole, path: pathOf(branch, row) };
  }

  #byte(unit: number): number {
    return this.#tree.skipped + (this.#byteOf?.[unit] ?? unit);
  }

  /**
   * Whether the bytes themselves, read without any parser, agree: a start tag of the element's name stands where the place says, and
   * where no markup and no reference follow it before its end tag, the text between is the element's.
   */
  agrees(branch: Branch, place: Place): boolean {
    const known = this.#agreed.get(branch);
    if (known !== undefined) return known;
    const agrees = this.#bytesAgree(branch, place);
    this.#agreed.set(branch, agrees);
    return agrees;
  }

  #bytesAgree(branch: Branch, { start, end }: Place): boolean {
    if (start === null || end === null) return true;
    const bytes = this.#bytes;
    const name = this.#nameAt(start + 1);
    if (bytes[start] !== LESS || bytes[end - 1] !== GREATER || !isNamed(name, branch.name)) return false;
    if (!branch.isHtml || !READ_PLAIN.has(name)) return true;
    const next = bytes.indexOf(LESS, end);
    if (next === -1 || bytes[next + 1] !== SLASH || this.#nameAt(next + 2) !== name) return true;
    const between = bytes.subarray(end, next);
    if (between.includes(0x26) || between.includes(0)) return true;
    return branch.text.isLong || runOf(Buffer.from(between).toString()).body === branch.text.body;
  }

  /** The name of a tag that begins here, in lower case. */
  #nameAt(from: number): string {
    let to = from;
    while (to < this.#bytes.length && !/[\t\n\f\r />]/.test(String.fromCharCode(this.#bytes[to] ?? 0))) to += 1;
    const name = Buffer.from(this.#bytes.subarray(from, to)).toString();
    return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replaceAll('\u0000', '\ufffd');
  }
}

/** The standard reads a start tag "image" as "img". */
const isNamed = (tag: string, name: string): boolean => tag === name || (tag === 'image' && name === 'img');

function unitsInBytes(source: string): Uint32Array {
  const bytes = new Uint32Array(source.length + 1);
  let at = 0;
  for (let unit = 0; unit < source.length; unit += 1) {
    bytes[unit] = at;
    const code = source.charCodeAt(unit);
    // Each half of a surrogate pair is two of its four bytes.
    at += code < 0x80 ? 1 : code < 0x800 || (code & 0xf800) === 0xd800 ? 2 : 3;
  }
  bytes[source.length] = at;
  return bytes;
}

function depthOf(branch: Branch): number {
  let depth = 0;
  for (let at: Branch | null = branch; at !== null && depth <= STEPS_MAX; at = at.up) depth += 1;
  return depth;
}

/** Steps down to an element, from the root or from an element around it. */
function pathOf(branch: Branch, from: Branch | null): string {
  if (branch === from) return ':scope';
  const { name, up, place } = branch;
  const isPlain = name.length <= STEP_NAME_MAX && /^[a-z](?:[a-z0-9]|-)*$/.test(name);
  const step = isPlain ? name : '*';
  return up === null ? step : `${pathOf(up, from)} > ${step}:nth-child(${place + 1})`;
}
