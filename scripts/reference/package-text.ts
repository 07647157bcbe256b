import type { Exported } from './exports.ts';
import { docstringBefore, signatureOf } from './signature.ts';

/** A page of the reference for one package. */
export interface PackagePage {
  readonly name: string;
  /** What it is, in a sentence or two of Markdown. */
  readonly about: string;
  readonly exports: readonly Exported[];
  /** Pages of other packages, by their names: what those export is named there alone. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

const WRITTEN = '<!-- Written by scripts/generate-docs.ts from the docstrings of the source: change those instead. -->';

/** The page: every export with its signature and its docstring; functions, classes and values before types. */
export function packageText({ name, about, exports, elsewhere }: PackagePage): string {
  const own = exports.filter(({ owner }) => owner === name || !elsewhere.has(owner));
  const values = own.filter((one) => !isType(one));
  const types = own.filter(isType);
  return [
    WRITTEN,
    `# ${name}`,
    about,
    ...passedOn(exports, name, elsewhere),
    '## Functions, classes and values',
    ...values.map(entryText),
    '## Types',
    ...types.map(entryText),
  ].join('\n\n');
}

function passedOn(exports: readonly Exported[], name: string, elsewhere: ReadonlyMap<string, string>): string[] {
  return [...elsewhere].flatMap(([owner, page]) => {
    const names = exports.filter((one) => one.owner === owner && owner !== name).map((one) => `\`${one.name}\``);
    return names.length === 0 ? [] : [`Passed on from [\`${owner}\`](${page}): ${names.join(', ')}.`];
  });
}

const isType = ({ declarations }: Exported): boolean =>
  declarations.every(({ node }) => node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration');

function entryText(exported: Exported): string {
  const { name, source, declarations } = exported;
  const docs = declarations.map(({ statement }) => docstringBefore(source, statement.start));
  const doc = [...new Set(docs)].filter((text) => text !== '').join('\n\n');
  return [`### \`${name}\``, ...(doc === '' ? [] : [prose(doc)]), `\`\`\`ts\n${signatureOf(exported)}\n\`\`\``].join(
    '\n\n',
  );
}

/** A docstring as Markdown: tags as list items; samples, and what looks like HTML or a link, as they stand. */
function prose(doc: string): string {
  let inSample = false;
  const lines = doc.split('\n').map((line) => {
    if (/^\s*```/.test(line)) inSample = !inSample;
    if (inSample || line.startsWith('    ')) return line;
    const told = line.replace(/^@(\w+)\s+(\S+)?/, (_tag, tag: string, what = '') =>
      tag === 'param' ? `- \`${what}\`:` : `- ${tag}: ${what}`,
    );
    return told.replaceAll(/(`[^`]*`)|</g, (found, code: string | undefined) => code ?? found.replace('<', '\\<'));
  });
  return lines.join('\n');
}
