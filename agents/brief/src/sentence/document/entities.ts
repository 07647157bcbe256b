import { cover, JOIN } from './reading.ts';

/** Character references that Markdown authors do write. Others stay as they are. */
const NAMED: ReadonlyMap<string, number> = new Map([
  ['amp', 0x26],
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['quot', 0x22],
  ['apos', 0x27],
  ['nbsp', 0xa0],
  ['copy', 0xa9],
  ['reg', 0xae],
  ['trade', 0x2122],
  ['ndash', 0x2013],
  ['mdash', 0x2014],
  ['lsquo', 0x2018],
  ['rsquo', 0x2019],
  ['ldquo', 0x201c],
  ['rdquo', 0x201d],
  ['laquo', 0xab],
  ['raquo', 0xbb],
  ['hellip', 0x2026],
  ['middot', 0xb7],
  ['bull', 0x2022],
  ['times', 0xd7],
  ['rarr', 0x2192],
  ['larr', 0x2190],
  ['shy', JOIN],
]);

const REFERENCE = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));/y;

/**
 * If a character reference starts at `index`, writes its character over it (the rest joins) and returns the index after it;
 * otherwise returns `index`. Only characters of one UTF-16 unit are decoded.
 */
export function decodeReference(source: string, units: Uint16Array, index: number): number {
  REFERENCE.lastIndex = index;
  const match = REFERENCE.exec(source);
  if (match === null) return index;
  const [whole, decimal, hexadecimal, name] = match;
  let code: number | undefined;
  if (decimal !== undefined) code = Number.parseInt(decimal, 10);
  else if (hexadecimal !== undefined) code = Number.parseInt(hexadecimal, 16);
  else if (name !== undefined) code = NAMED.get(name);
  if (code === undefined || code < 0x20 || code > 0xffff || (code >= 0xd800 && code < 0xe000)) return index;
  cover(units, index, index + whole.length, JOIN);
  units[index] = code;
  return index + whole.length;
}
