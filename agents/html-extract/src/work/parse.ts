import { fromUtf8, utf8Length } from '@canswarm/protocol';
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5';
import { ELEMENTS_MAX } from '../rules.ts';

export type Element = DefaultTreeAdapterTypes.Element;
export type ChildNode = DefaultTreeAdapterTypes.ChildNode;
type Document = DefaultTreeAdapterTypes.Document;

/** HTML as the standard's parser reads it, and where its characters stand in bytes. */
export interface ParsedHtml {
  readonly document: Document;
  /** The byte at which the UTF-16 unit at an index of the text begins. */
  byteAt(unit: number): number;
}

export type ParseFault = 'not_utf8' | 'too_many_elements';

class TooManyElements extends Error {}

const BYTE_ORDER_MARK = '\uFEFF';
const MARK_BYTES = 3;

/** Parses a file as a browser without scripts does. */
export function parseHtml(bytes: Uint8Array): ParsedHtml | ParseFault {
  const whole = fromUtf8(bytes);
  if (whole === undefined) return 'not_utf8';
  const marked = whole.startsWith(BYTE_ORDER_MARK);
  const text = marked ? whole.slice(1) : whole;
  try {
    const document = parse(text, { sourceCodeLocationInfo: true, scriptingEnabled: false, treeAdapter: counting() });
    return { document, byteAt: byteCounter(text, marked ? MARK_BYTES : 0) };
  } catch (error) {
    if (error instanceof TooManyElements) return 'too_many_elements';
    throw error;
  }
}

/** Tag soup can make many elements of few bytes: more than the limit are not made. */
function counting(): typeof defaultTreeAdapter {
  let made = 0;
  return {
    ...defaultTreeAdapter,
    createElement(...of) {
      made += 1;
      if (made > ELEMENTS_MAX) throw new TooManyElements();
      return defaultTreeAdapter.createElement(...of);
    },
  };
}

/** Distance of the places that are remembered, units. */
const STRIDE = 1_024;

function byteCounter(text: string, before: number): (unit: number) => number {
  const known: number[] = [before];
  for (let unit = STRIDE; unit <= text.length; unit += STRIDE)
    known.push((known.at(-1) ?? before) + utf8Length(text.slice(unit - STRIDE, unit)));
  return (unit) => {
    const last = Math.min(known.length - 1, Math.floor(unit / STRIDE));
    return (known[last] ?? before) + utf8Length(text.slice(last * STRIDE, unit));
  };
}
