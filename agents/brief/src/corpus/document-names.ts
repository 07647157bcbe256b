/** File names that are read as documents, without regard to case. */
const EXTENSIONS: ReadonlySet<string> = new Set(['md', 'markdown', 'mdx', 'txt', 'rst', 'adoc', 'html', 'htm']);

/** Names that projects use without an extension. */
const BARE_NAMES: ReadonlySet<string> = new Set([
  'readme',
  'license',
  'security',
  'contributing',
  'changelog',
  'notice',
  'authors',
]);

/** Whether a file of this name (no folders) is read as a document. */
export function isDocumentName(name: string): boolean {
  const lower = name.toLowerCase();
  const dot = lower.lastIndexOf('.');
  return dot === -1 ? BARE_NAMES.has(lower) : EXTENSIONS.has(lower.slice(dot + 1));
}
