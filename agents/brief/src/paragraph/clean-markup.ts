const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;
const IMAGE = /!\[[^[\]]*\](?:\([^()]*\)|\[[^[\]]*\])?/g;
const LINK = /\[([^[\]]*)\](?:\([^()]*\)|\[[^[\]]*\])/g;
/** The bound keeps a page of unclosed anchors from costing more than its length. */
const ANCHOR = /<a\b[^<>]*>[\s\S]{0,300}?<\/a>/gi;
const TAG = /<\/?[a-z][^<>]*>/gi;
const URL = /\b[a-z]{2,10}:\/\/[^\s<>)\]]+/gi;
const ENTITY = /&(?:[a-z]+|#\d+|#x[\da-f]+);/gi;
const LETTER = /[\p{L}\p{N}]/u;

/** What a reader sees of a piece of Markdown: link texts without addresses, no images, tags, comments or bare addresses. */
export function readableText(markdown: string): string {
  return markdown
    .replace(COMMENT, ' ')
    .replace(IMAGE, ' ')
    .replace(LINK, ' $1 ')
    .replace(TAG, ' ')
    .replace(URL, ' ')
    .replace(ENTITY, ' ');
}

/** Whether nothing is left of it without its links, images and addresses: badges, tables of contents, lists of links. */
export function isLinkOnly(markdown: string): boolean {
  const rest = markdown
    .replace(COMMENT, ' ')
    .replace(IMAGE, ' ')
    .replace(LINK, ' ')
    .replace(ANCHOR, ' ')
    .replace(TAG, ' ')
    .replace(URL, ' ')
    .replace(ENTITY, ' ');
  return !LETTER.test(rest);
}
