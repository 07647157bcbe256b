import { BREAKS, UNREAD } from '../rules.ts';
import { lowerCase } from './attributes.ts';
import { type ChildNode, type Element, type ParseFault, parseHtml } from './parse.ts';

/** An element by what is asked of it. Its index in a page is its place in the order of the document. */
export interface PageElement {
  readonly name: string;
  readonly node: Element;
  /** Index of the parent, -1 for the root. */
  readonly parent: number;
  /** Index of the sibling element before, -1 for none. */
  readonly previous: number;
  readonly depth: number;
  /** Which of its siblings it is, and which of those with its name; from 1. */
  readonly nth: number;
  readonly nthOfType: number;
  /** The same from the end. */
  nthLast: number;
  nthLastOfType: number;
  /** Index behind its last descendant. */
  end: number;
  /** Where its text stands in the page's. */
  readonly textStart: number;
  textEnd: number;
}

/** Where an element's start tag stands, bytes; null when it has none of its own. */
export type StartTag = { readonly start: number; readonly end: number } | null;

/** A file as it is extracted from: elements in the order of the document, and its text with white space in runs made one space. */
export interface Page {
  readonly elements: readonly PageElement[];
  readonly text: string;
  startTag(index: number): StartTag;
}

export function readPage(bytes: Uint8Array): Page | ParseFault {
  const html = parseHtml(bytes);
  if (typeof html === 'string') return html;
  const walk = new Walk();
  walk.run(html.document.childNodes);
  return {
    elements: walk.elements,
    text: walk.text.join(''),
    startTag: (index) => {
      const location = walk.elements[index]?.node.sourceCodeLocation;
      const tag = location?.startTag ?? location;
      return tag === undefined || tag === null
        ? null
        : { start: html.byteAt(tag.startOffset), end: html.byteAt(tag.endOffset) };
    },
  };
}

const SPACES = /[\t\n\f\r \u00a0]+/g;

/** Children under way: those of one element, and what was seen of them. */
interface Level {
  readonly index: number;
  readonly nodes: readonly ChildNode[];
  at: number;
  previous: number;
  nth: number;
  readonly byName: Map<string, number>;
  readonly elements: number[];
}

class Walk {
  readonly elements: PageElement[] = [];
  readonly text: string[] = [];
  #length = 0;
  #spaced = true;
  #unread = 0;

  run(nodes: readonly ChildNode[]): void {
    const levels: Level[] = [levelOf(-1, nodes)];
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const node = level.nodes[level.at];
      level.at += 1;
      if (node === undefined) {
        this.#close(level);
        levels.pop();
      } else if (node.nodeName === '#text' && 'value' in node) this.#add(node.value);
      else if ('tagName' in node) levels.push(levelOf(this.#open(level, node, levels.length), node.childNodes));
    }
  }

  #open(level: Level, node: Element, depth: number): number {
    const name = lowerCase(node.tagName);
    const nthOfType = (level.byName.get(name) ?? 0) + 1;
    level.byName.set(name, nthOfType);
    level.nth += 1;
    const index = this.elements.length;
    if (UNREAD.has(name)) this.#unread += 1;
    if (BREAKS.has(name)) this.#add(' ');
    this.elements.push({
      name,
      node,
      parent: level.index,
      previous: level.previous,
      depth,
      nth: level.nth,
      nthOfType,
      nthLast: 0,
      nthLastOfType: 0,
      end: index + 1,
      textStart: this.#length,
      textEnd: this.#length,
    });
    level.previous = index;
    level.elements.push(index);
    return index;
  }

  #close({ index, nth, byName, elements }: Level): void {
    for (const each of elements) {
      const child = this.elements[each];
      if (child === undefined) continue;
      child.nthLast = nth - child.nth + 1;
      child.nthLastOfType = (byName.get(child.name) ?? 0) - child.nthOfType + 1;
    }
    const element = this.elements[index];
    if (element === undefined) return;
    element.end = this.elements.length;
    element.textEnd = this.#length;
    if (UNREAD.has(element.name)) this.#unread -= 1;
    if (BREAKS.has(element.name)) this.#add(' ');
  }

  /** Adds text; a space after a space, or before everything, adds nothing. */
  #add(text: string): void {
    if (this.#unread > 0) return;
    const single = text.replace(SPACES, ' ');
    const added = this.#spaced && single.startsWith(' ') ? single.slice(1) : single;
    if (added === '') return;
    this.text.push(added);
    this.#length += added.length;
    this.#spaced = added.endsWith(' ');
  }
}

const levelOf = (index: number, nodes: readonly ChildNode[]): Level => ({
  index,
  nodes,
  at: 0,
  previous: -1,
  nth: 0,
  byName: new Map(),
  elements: [],
});

/** An element's text: white space in runs made one space, none at its edges. */
export function textOf({ elements, text }: Page, index: number): string {
  const element = elements[index];
  return element === undefined ? '' : trimmed(text.slice(element.textStart, element.textEnd));
}

/** Any text in the same form. */
export const spaced = (text: string): string => trimmed(text.replace(SPACES, ' '));

const trimmed = (text: string): string => text.slice(text.startsWith(' ') ? 1 : 0, text.endsWith(' ') ? -1 : undefined);
