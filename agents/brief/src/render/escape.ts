/**
 * Characters that act on a terminal or hide from the eye: controls, line separators, marks that turn the direction of text,
 * what has no width. Listed rather than taken from the Unicode tables of the engine, whose versions differ. Joiners stay: they
 * belong to the spelling of some languages.
 */
const UNSAFE =
  /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;
/** Characters that mean something to Markdown or HTML wherever they stand. */
const MARKUP = /[\\`*[\]<&|~@$]/g;
/** Underscores mean something next to a space or another mark, colons where they may end the scheme of an address. */
const UNDERSCORE = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
const SCHEME = /:(?=\/\/)|(?<=www)\./gi;
/** What would make a heading, list, quote or rule of a line that it begins. */
const LINE_START = /^(?=[#>+\-=])|^(?=_)|(?<=^\d{1,9})(?=[.)])/;

/** Text in which whatever acts or hides by itself is spelled as the caller likes, character by character. */
export const spellUnseen = (text: string, spell: (character: string) => string): string => text.replace(UNSAFE, spell);

/** One line of text in which everything unseen is spelled out as `\\u{...}`. */
function visible(text: string): string {
  return spellUnseen(text, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Text as one safe line for a terminal: white space in runs becomes a space, everything else unseen is spelled out. */
export function terminalText(text: string): string {
  return visible(text.replace(/[ \t\r\n\f\v]+/g, ' ').trim());
}

/** One line of text as a line of CommonMark (or GitHub's) that shows it and nothing else: no markup, HTML, link or entity. */
export function markdownText(line: string): string {
  return visible(line.replaceAll('\t', ' '))
    .replace(MARKUP, '\\$&')
    .replace(UNDERSCORE, '\\_')
    .replace(SCHEME, '\\$&')
    .replace(LINE_START, '\\');
}

/** A path as the target of a Markdown link: relative to the folder, whatever characters it holds. */
export function linkTarget(path: string): string {
  const parts = path.split('/').map((part) => encodeURIComponent(part).replace(/[!'()*]/g, percent));
  // A first part with a colon would be read as a scheme.
  return `./${parts.join('/')}`;
}

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
