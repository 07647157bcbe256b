import type { ReportCheck } from 'canswarm';
import { columnsOf, type Io, painter } from '../io.ts';
import { count, cut, indent, oneLine, safe } from '../text.ts';

type Quotation = ReportCheck['quotations'][number];
type Citation = ReportCheck['citations'][number];
type Paint = ReturnType<typeof painter>;

const COLUMNS = 80;
/** Longest quotation that is shown whole. */
const QUOTE_CHARACTERS = 240;

const NORMALISATIONS: Readonly<Record<ReportCheck['normalisations'][number], string>> = {
  white_space: 'white space',
  quotation_marks: 'typographic quotation marks',
  dashes: 'dashes',
  ellipsis: 'ellipses',
  markup: 'Markdown and HTML markup',
  end_punctuation: 'punctuation at the ends',
  characters: 'other forms of the same characters',
};

/** What a check found, for people: each quotation and citation in the report's order, the false ones again at the end. */
export function describeCheck(io: Io, check: ReportCheck): string {
  const paint = painter(io, io.out);
  const columns = Math.max(40, columnsOf(io.out, COLUMNS));
  const sections: string[] = [];
  if (check.quotations.length > 0) {
    sections.push(
      paint('bold', 'Quotations'),
      check.quotations.map((one) => quotation(one, paint, columns)).join('\n'),
    );
  }
  if (check.citations.length > 0) {
    sections.push(paint('bold', 'Citations'), check.citations.map((one) => citation(one, paint)).join('\n'));
  }
  if (check.normalisations.length > 0) {
    sections.push(
      `Disregarded when comparing: ${check.normalisations.map((kind) => NORMALISATIONS[kind]).join(', ')}.`,
    );
  }
  const { external } = check.counts;
  if (external > 0)
    sections.push(`${count(external, 'link leads', 'links lead')} out of the folder; nothing is said about them.`);
  sections.push(verdict(check, paint));
  return sections.join('\n\n');
}

const isFalseQuotation = ({ verdict: said }: Quotation): boolean => said === 'not_found' || said === 'misattributed';
const isFalseCitation = ({ verdict: said }: Citation): boolean => said === 'not_found' || said === 'line_out_of_range';

function quotation(found: Quotation, paint: Paint, columns: number): string {
  const { text, reportLine, at, parts, normalisations, otherLines } = found;
  const words = cut(oneLine(text), Math.max(columns - 4, QUOTE_CHARACTERS));
  const head = `  line ${reportLine}: "${words}"`;
  if (isFalseQuotation(found)) return `${head}\n${indent(falseQuotation(found, paint), '    ')}`;
  const disregarded = normalisations.map((kind) => NORMALISATIONS[kind]).join(', ');
  const how = disregarded === '' ? 'stands exactly' : `stands, disregarding ${disregarded}`;
  const lines = otherLines === true ? paint('yellow', ' (at other lines than the report says)') : '';
  const pieces = parts === undefined ? '' : `, in ${parts.length} parts`;
  const where = at === undefined ? '' : `${pieces} at ${safe(at.path)}:${at.lineStart}`;
  return `${head}\n    ${paint('green', how)}${where}${lines}`;
}

function falseQuotation({ verdict: said, cited, at, closest }: Quotation, paint: Paint): string {
  if (said === 'misattributed') {
    const where = at === undefined ? '' : ` but at ${safe(at.path)}:${at.lineStart}`;
    return paint('red', `FALSE: stands not in ${cited.map(safe).join(', ')}${where}`);
  }
  const lines = [paint('red', 'FALSE: stands nowhere in the folder')];
  if (closest !== undefined) {
    lines.push(
      `closest, ${closest.similarity} %: ${safe(closest.path)}:${closest.lineStart} "${cut(oneLine(closest.text), QUOTE_CHARACTERS)}"`,
    );
    lines.push(...closest.differences.map(difference));
  }
  return lines.join('\n');
}

function difference({ written, stands }: NonNullable<Quotation['closest']>['differences'][number]): string {
  if (written === '') return `  left out: "${oneLine(stands)}"`;
  return stands === ''
    ? `  put in: "${oneLine(written)}"`
    : `  "${oneLine(written)}" stands there as "${oneLine(stands)}"`;
}

function citation(found: Citation, paint: Paint): string {
  const { target, reportLine, verdict: said, lines, at, candidates, unread } = found;
  const named = `${safe(target)}${linesText(lines)}`;
  const head = `  line ${reportLine}: ${named}`;
  if (unread !== undefined) return `${head}\n    ${paint('yellow', `is there, but was not read: ${safe(unread)}`)}`;
  switch (said) {
    case 'found':
      return `${head}\n    ${paint('green', 'is there')}${at === undefined || at.path === target ? '' : `: ${safe(at.path)}`}`;
    case 'ambiguous':
      return `${head}\n    ${paint('yellow', `${count(candidates ?? 0, 'file')} fit this name`)}`;
    case 'line_out_of_range':
      return `${head}\n    ${paint('red', `FALSE: the file has ${count(at?.lineCount ?? 0, 'line')}`)}`;
    default:
      return `${head}\n    ${paint('red', 'FALSE: there is no such file or footnote')}`;
  }
}

function linesText(lines: Citation['lines']): string {
  if (lines === undefined) return '';
  return lines.from === lines.to ? `, line ${lines.from}` : `, lines ${lines.from} to ${lines.to}`;
}

function verdict(check: ReportCheck, paint: Paint): string {
  const { quotations, citations, counts } = check;
  const total = `${count(quotations.length, 'quotation')}, ${count(citations.length, 'citation')}`;
  if (quotations.length + citations.length === 0) return 'The report quotes and cites nothing.';
  if (counts.false === 0) return paint('green', `${total}: none is false.`);
  const named = [
    ...quotations
      .filter(isFalseQuotation)
      .map(({ reportLine, text }) => `line ${reportLine}: "${cut(oneLine(text), COLUMNS)}"`),
    ...citations.filter(isFalseCitation).map(({ reportLine, target }) => `line ${reportLine}: ${safe(target)}`),
  ];
  return `${paint('red', `${total}: ${counts.false} false`)}\n${indent(named.join('\n'))}`;
}
