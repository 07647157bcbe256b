import { posix } from 'node:path';

/** Inline links and images that name a path: no scheme, no anchor of the same page. */
const LINK = /!?\[([^\]]*)\]\((?![a-z]+:|#)([^()\s#]+)(#[^()\s]*)?\)/g;

/**
 * The Markdown text of `path`, with the words alone where a link leads to a file that the package does not carry. The
 * document stands alone there; what it points at is in the repository.
 */
export function withoutDeadLinks(path: string, text: string, carried: ReadonlySet<string>): string {
  const folder = posix.dirname(path);
  const leads = (target: string): boolean => carried.has(posix.normalize(posix.join(folder, target)));
  return text.replace(LINK, (link, words: string, target: string) => (leads(target) ? link : words));
}
