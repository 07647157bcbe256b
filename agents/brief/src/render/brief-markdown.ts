import type { Brief, Statement } from '../brief/read-brief.ts';
import { linkTarget, markdownText } from './escape.ts';
import type { Origin } from './result-json.ts';

/** First and last characters of a CID that are shown. */
const CID_HEAD = 8;
const CID_TAIL = 6;

/**
 * `brief.md`: the brief for people, in CommonMark. The same brief and origin give the same bytes. Quotes stand in block quotes
 * with a backslash before whatever could be markup: a document's words show as they stand in its source and act as nothing.
 */
export function briefMarkdown(brief: Brief, origin: Origin): string {
  const { report, statements } = brief;
  const byKey = new Map(statements.map((statement) => [statement.key, statement]));
  const groups = report.groups.map(({ title, statements: keys }) => {
    const quotes = keys.flatMap((key) => quoteOf(byKey.get(key)));
    return [`## ${markdownText(oneLine(title))}`, ...quotes].join('\n\n');
  });
  const found = groups.length > 0 ? groups : ['Nothing in the documents answers this.'];
  return `${[`# ${markdownText(oneLine(report.question))}`, ...found, footer(origin)].join('\n\n')}\n`;
}

function quoteOf(statement: Statement | undefined): string[] {
  if (statement === undefined) return [];
  const { path, document, quote, lineStart, lineEnd } = statement;
  const lines = quote
    .split(/\r\n|\n|\r/)
    .map((line) => (line.trim() === '' ? '>' : `> ${markdownText(line.trimStart())}`));
  const place = lineStart === lineEnd ? `${lineStart}` : `${lineStart}-${lineEnd}`;
  const fragment = lineStart === lineEnd ? `L${lineStart}` : `L${lineStart}-L${lineEnd}`;
  const link = `[${markdownText(oneLine(path))}:${place}](${linkTarget(path)}#${fragment})`;
  return [lines.join('\n'), `${link} · document \`${shortCid(document)}\``];
}

function shortCid(cid: string): string {
  return `${cid.slice(0, CID_HEAD)}…${cid.slice(-CID_TAIL)}`;
}

function oneLine(text: string): string {
  return text.replace(/[ \t\r\n\f\v]+/g, ' ').trim();
}

function footer({ needId, digest }: Origin): string {
  return [
    '---',
    'Every quotation stands in its document byte for byte; links are relative to the folder that was asked. To check it all ' +
      'without trusting anybody, from the folder that holds this file:',
    '```sh\nnpx canswarm verify proof\n```',
    `need \`${markdownCode(needId)}\`, log digest \`${markdownCode(digest)}\``,
  ].join('\n\n');
}

/** Text for a code span: only what names and digests are made of. */
function markdownCode(text: string): string {
  return text.replace(/[^0-9A-Za-z:._-]/g, '?');
}
