import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5';
import { BREAKS, ELEMENTS_MAX, UNREAD } from '../rules.ts';
import { GAP, join, NO_TEXT, runOf, type TextRun } from './run-of-text.ts';

/** An element as the check sees it. */
export interface Branch {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly isHtml: boolean;
  readonly up: Branch | null;
  readonly children: readonly Branch[];
  /** Place among its siblings, from 0. */
  readonly place: number;
  /** Place in the order of the document, and that of its last descendant. */
  readonly order: number;
  readonly last: number;
  readonly text: TextRun;
  /** Start tag as UTF-16 units of the source. */
  readonly tag: readonly [number, number] | null;
}

/** A file's elements in order, and its source. */
export interface Tree {
  readonly all: readonly Branch[];
  readonly source: string;
  /** Bytes before the source: a byte order mark. */
  readonly skipped: number;
}

type Node = DefaultTreeAdapterTypes.ChildNode;
type Growing = { -readonly [Key in keyof Branch]: Branch[Key] } & { children: Growing[] };

const HTML = 'http://www.w3.org/1999/xhtml';
const small = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Reads a file; the reason why it cannot be used as a text. */
export function treeOf(bytes: Uint8Array): Tree | string {
  let source: string;
  try {
    source = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return 'not_utf8';
  }
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  let elements = 0;
  const stop = new Error('too many elements');
  const treeAdapter: typeof defaultTreeAdapter = {
    ...defaultTreeAdapter,
    createElement: (name, namespace, attributes) => {
      elements += 1;
      if (elements > ELEMENTS_MAX) throw stop;
      return defaultTreeAdapter.createElement(name, namespace, attributes);
    },
  };
  try {
    const { childNodes } = parse(source, { treeAdapter, scriptingEnabled: false, sourceCodeLocationInfo: true });
    return { all: grow(childNodes), source, skipped: marked ? 3 : 0 };
  } catch (error) {
    if (error === stop) return 'too_many_elements';
    throw error;
  }
}

interface Open {
  readonly branch: Growing | null;
  readonly nodes: readonly Node[];
  next: number;
}

/** Grows the branches, and gathers each one's text from those of its children once they are whole. */
function grow(nodes: readonly Node[]): readonly Branch[] {
  const all: Growing[] = [];
  const roots: Growing[] = [];
  const stack: Open[] = [{ branch: null, nodes, next: 0 }];
  for (;;) {
    const open = stack.at(-1);
    if (open === undefined) return all;
    const node = open.nodes[open.next++];
    if (node === undefined) {
      stack.pop();
      if (open.branch !== null) finish(open.branch, stack.at(-1)?.branch ?? null, all.length - 1);
    } else if ('value' in node) {
      if (open.branch !== null) open.branch.text = join(open.branch.text, runOf(node.value));
    } else if ('tagName' in node) {
      const siblings = open.branch?.children ?? roots;
      const branch = sprout(node, open.branch, siblings.length, all.length);
      siblings.push(branch);
      all.push(branch);
      stack.push({ branch, nodes: node.childNodes, next: 0 });
    }
  }
}

function sprout(node: DefaultTreeAdapterTypes.Element, up: Growing | null, place: number, order: number): Growing {
  const { tagName, namespaceURI, attrs, sourceCodeLocation } = node;
  const attributes = new Map<string, string>();
  for (const { name, prefix, value } of attrs) {
    const whole = prefix ? `${prefix}:${small(name)}` : small(name);
    if (!attributes.has(whole)) attributes.set(whole, value);
  }
  const tag = sourceCodeLocation?.startTag ?? sourceCodeLocation;
  return {
    name: small(tagName),
    attributes,
    isHtml: namespaceURI === HTML,
    up,
    children: [],
    place,
    order,
    last: order,
    text: NO_TEXT,
    tag: tag ? [tag.startOffset, tag.endOffset] : null,
  };
}

function finish(branch: Growing, up: Growing | null, last: number): void {
  branch.last = last;
  if (UNREAD.has(branch.name)) branch.text = NO_TEXT;
  if (up === null) return;
  const whole = BREAKS.has(branch.name) ? join(join(GAP, branch.text), GAP) : branch.text;
  up.text = join(up.text, whole);
}
