import type { Class, Comment, Statement } from 'oxc-parser';
import type { Source } from '../repository/source.ts';
import type { Declaration, Exported } from './exports.ts';

/** Longest value of a constant that is shown. */
const VALUE_MAX = 240;

type Member = Class['body']['body'][number];

/** Text of the comment right before a place; empty when there is none. */
export function docstringBefore({ text, comments }: Source, start: number): string {
  const comment = docComment(text, comments, start);
  if (comment === undefined) return '';
  return comment.value
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}

function docComment(text: string, comments: readonly Comment[], start: number): Comment | undefined {
  const before = comments.findLast(({ end }) => end <= start);
  const isDoc = before?.type === 'Block' && before.value.startsWith('*');
  return isDoc && text.slice(before.end, start).trim() === '' ? before : undefined;
}

/** What a declaration says of an export without how it does it: bodies, private members and long values are left out. */
export const signatureOf = ({ source, declarations, name, local }: Exported): string =>
  shown(declarations)
    .map(({ node }) => declared(source, node, local).replace(new RegExp(`\\b${local}\\b`), name))
    .join('\n');

/** Of an overloaded function the implementation is nobody's business. */
function shown(declarations: readonly Declaration[]): readonly Declaration[] {
  const overloads = declarations.filter(({ node }) => node.type === 'TSDeclareFunction');
  return overloads.length > 0 ? overloads : declarations;
}

function declared(source: Source, node: Statement, name: string): string {
  const { text } = source;
  switch (node.type) {
    case 'FunctionDeclaration':
      return withoutHow(`${text.slice(node.start, node.body?.start ?? node.end).trim()};`);
    case 'ClassDeclaration':
      return classText(source, node);
    case 'VariableDeclaration':
      return variableText(text, node, name);
    default:
      return text.slice(node.start, node.end);
  }
}

function variableText(text: string, node: Statement & { readonly type: 'VariableDeclaration' }, name: string): string {
  const found = node.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name);
  const { id, init } = found ?? { id: node.declarations[0]?.id, init: null };
  if (id === undefined) return '';
  const typed = text.slice(id.start, id.end);
  if (init?.type === 'ArrowFunctionExpression') {
    const head = text.slice(init.start, init.body.start).replace(/=>[\s(]*$/, '=>');
    return `const ${typed} = ${head} ...;`;
  }
  const value = init === null ? '' : text.slice(init.start, init.end);
  const isTyped = id.type === 'Identifier' && id.typeAnnotation !== null && id.typeAnnotation !== undefined;
  return isTyped || value.length > VALUE_MAX ? `const ${typed};` : `const ${typed} = ${value};`;
}

function classText(source: Source, node: Class): string {
  const { text, comments } = source;
  const members = node.body.body.filter(isPublic).map((member) => {
    const comment = docComment(text, comments, member.start);
    const doc = comment === undefined ? '' : `  ${text.slice(comment.start, comment.end)}\n`;
    return `${doc}  ${memberText(text, member)}`;
  });
  return `${text.slice(node.start, node.body.start).trim()} {\n${members.join('\n')}\n}`;
}

const isPublic = (member: Member): boolean =>
  (member.type === 'MethodDefinition' || member.type === 'PropertyDefinition') &&
  member.key.type !== 'PrivateIdentifier' &&
  (member.accessibility ?? 'public') === 'public';

function memberText(text: string, member: Member): string {
  const whole = text.slice(member.start, member.end);
  if (member.type === 'MethodDefinition') {
    const { body } = member.value;
    return withoutHow(body === null ? whole : `${text.slice(member.start, body.start).trim()};`);
  }
  if (member.type !== 'PropertyDefinition' || member.value === null) return whole;
  const { typeAnnotation } = member;
  const isTyped = typeAnnotation !== null && typeAnnotation !== undefined;
  return withoutHow(isTyped ? `${text.slice(member.start, typeAnnotation.end)};` : whole);
}

/** Without words that tell callers nothing. */
const withoutHow = (member: string): string => member.replace(/^((?:static )?)(?:override )?(?:async )?\*?/, '$1');
