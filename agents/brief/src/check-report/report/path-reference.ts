/** A file name, as a report writes it. */
export interface PathReference {
  /** The path with `/` between its parts, without `./`, line and anchor. */
  readonly target: string;
  readonly lines: LineReference | null;
  /** A well-known name without extension, such as `LICENSE`: also a word, so it counts only if the file is there. */
  readonly bare: boolean;
}

/** Lines counted from 1, both inclusive. */
export interface LineReference {
  readonly from: number;
  readonly to: number;
}

const LENGTH_MAX = 1024;
const NAMED =
  /^([^*?#<>|\n]*[^*?#<>|\n/.]\.(?:md|markdown|mdx|txt|rst|adoc|html?))(?:(?::|#L)(\d{1,15})(?:[:C]\d+)?(?:[-–—]L?(\d{1,15})(?:[:C]\d+)?)?|[#?]\S*)?$/i;
const BARE =
  /^((?:[^*?#<>|\n:]*\/)?(?:readme|licen[cs]e|security|contributing|changelog|notice|authors))(?:(?::|#L)(\d{1,15})(?:[-–—]L?(\d{1,15}))?)?$/i;
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:\/\/|mailto:|tel:|data:|\/\/|www\.)/i;
const AFTER =
  /^[\s\u00ad`)\]]{0,8}[,(]?\s{0,4}\(?(?:at\s+|on\s+)?(?:lines?|ll?\.|L)\s{0,2}(\d{1,15})(?:\s{0,2}(?:[-–—]|to)\s{0,2}L?(\d{1,15}))?/i;
const BEFORE =
  /\blines?\s(\d{1,15})(?:\s?(?:[-–—]|to|and)\s?(\d{1,15}))?\s(?:of|in)\s(?:the\s)?(?:file\s)?[\u00ad"'“‘`([]{0,8}$/i;

/** Whether a link leads out of any folder. */
export function leadsElsewhere(target: string): boolean {
  return ELSEWHERE.test(target);
}

/** Reads a file name with an optional line (`a.md:12`, `a.md#L3-L9`), or `null` when the text is none. */
export function readPathReference(written: string): PathReference | null {
  if (written.length > LENGTH_MAX || leadsElsewhere(written)) return null;
  const text = written.replace(/[.,;:!?…]+$/, '');
  const named = NAMED.exec(text);
  const match = named ?? BARE.exec(text);
  if (match?.[1] === undefined) return null;
  const target = tidy(match[1]);
  if (target === '') return null;
  return { target, lines: lineReference(match[2], match[3]), bare: named === null };
}

/** The same for a link's target, where characters may be percent-encoded. */
export function readLinkTarget(target: string): PathReference | null {
  if (!target.includes('%')) return readPathReference(target);
  try {
    return readPathReference(decodeURIComponent(target));
  } catch {
    return readPathReference(target);
  }
}

/** Lines told in words around a file name: `a.md, lines 3-9`, `line 4 of a.md`. `after` and `before` are short. */
export function linesAround(before: string, after: string): LineReference | null {
  const match = AFTER.exec(after) ?? BEFORE.exec(before.replace(/\s+/g, ' '));
  return match === null ? null : lineReference(match[1], match[2]);
}

function lineReference(from: string | undefined, to: string | undefined): LineReference | null {
  if (from === undefined) return null;
  const first = Number.parseInt(from, 10);
  return { from: first, to: to === undefined ? first : Number.parseInt(to, 10) };
}

function tidy(path: string): string {
  const parts = path.trim().replaceAll('\\', '/').split('/');
  return parts
    .filter((part, index) => part !== '.' && part !== '..' && (part !== '' || index === 0))
    .join('/')
    .replace(/^\/+/, '');
}
