import type { CitationFinding, ClosestPassage, Normalisation, Place, QuotationFinding, ReportCheck } from './types.ts';

/** Characters of a text shown before it is cut. */
const SHOWN_MAX = 160;

const NAMES: Readonly<Record<Normalisation, string>> = {
  white_space: 'white space',
  quotation_marks: 'quotation marks',
  dashes: 'dashes',
  ellipsis: 'ellipsis',
  markup: 'markup',
  end_punctuation: 'punctuation at the ends',
  characters: 'forms of characters',
};

/**
 * A check as lines of plain text for people: one for every quotation and citation, indented ones for what explains it, a summary
 * last. Whatever comes from the report or the folder is made safe for a terminal: control and direction characters are shown as
 * `\\u{...}`, line breaks as spaces.
 */
export function formatCheck({ quotations, citations, counts, normalisations }: ReportCheck): readonly string[] {
  const lines: string[] = [];
  for (const quotation of quotations) lines.push(...quotationLines(quotation));
  for (const citation of citations) lines.push(citationLine(citation));
  const { exact, normalised, misattributed, notFound } = counts;
  const { citationsFound, citationsAmbiguous, citationsNotFound, citationsOutOfRange, external } = counts;
  if (lines.length === 0) lines.push('No quotations and no citations found.');
  else lines.push('');
  if (normalisations.length > 0)
    lines.push(`Normalised where named: ${normalisations.map((kind) => NAMES[kind]).join(', ')}.`);
  lines.push(
    `${counts.quotations} quotation(s): ${exact} exact, ${normalised} normalised, ${misattributed} misattributed, ${notFound} not found.`,
    `${counts.citations} citation(s): ${citationsFound} found, ${citationsAmbiguous} ambiguous, ${citationsNotFound} not found, ${citationsOutOfRange} out of range.`,
  );
  if (external > 0) lines.push(`${external} link(s) lead out of the folder and were not checked.`);
  lines.push(counts.false === 0 ? 'Nothing false.' : `${counts.false} false.`);
  return lines;
}

function quotationLines(finding: QuotationFinding): readonly string[] {
  const { verdict, at, normalisations, cited, closest } = finding;
  const mark = verdict === 'exact' || verdict === 'normalised' ? 'ok   ' : 'FALSE';
  const lines = [`${mark} line ${finding.reportLine}: "${shown(finding.text)}"`];
  if (at !== undefined) lines.push(`      ${whereabouts(finding, at)}`);
  if (verdict === 'misattributed')
    lines.push(`      not in ${cited.map(shown).join(' or ')}, which the report names for it`);
  if (finding.otherLines === true) lines.push('      at other lines than the report names');
  if (normalisations.length > 0)
    lines.push(`      normalised: ${normalisations.map((kind) => NAMES[kind]).join(', ')}`);
  if (verdict === 'not_found')
    lines.push(...(closest === undefined ? ['      stands nowhere, and nothing like it'] : closestLines(closest)));
  return lines;
}

function whereabouts({ verdict, parts }: QuotationFinding, at: Place): string {
  const stands =
    verdict === 'exact'
      ? 'stands in'
      : verdict === 'normalised'
        ? 'stands, normalised, in'
        : 'stands only elsewhere, in';
  if (parts === undefined) return `${stands} ${placed(at)}`;
  return `${stands} ${shown(at.path)} in ${parts.length} parts: lines ${parts.map(lineRange).join(', ')}`;
}

function closestLines(closest: ClosestPassage): readonly string[] {
  const { similarity, differences } = closest;
  const changes = differences.map(({ written, stands }) => {
    if (written === '') return `      left out: "${shown(stands)}"`;
    if (stands === '') return `      put in: "${shown(written)}"`;
    return `      "${shown(written)}" stands there as "${shown(stands)}"`;
  });
  return [
    `      stands nowhere; closest (${similarity}% of its words): ${placed(closest)}`,
    `      "${shown(closest.text)}"`,
    ...changes,
  ];
}

function citationLine(finding: CitationFinding): string {
  const { verdict, lines, at, candidates } = finding;
  const mark = verdict === 'found' ? 'ok   ' : verdict === 'ambiguous' ? 'open ' : 'FALSE';
  const named =
    lines === undefined
      ? ''
      : `, ${lines.from === lines.to ? `line ${lines.from}` : `lines ${lines.from}-${lines.to}`}`;
  const head = `${mark} line ${finding.reportLine}: ${shown(finding.target)}${named}`;
  if (verdict === 'ambiguous') return `${head}: ${candidates ?? 0} files fit`;
  if (verdict === 'not_found')
    return `${head}: ${finding.target.startsWith('[^') ? 'no such footnote' : 'no such file'}`;
  if (verdict === 'line_out_of_range')
    return `${head}: ${at === undefined ? 'no file that fits has' : `${shown(at.path)} has ${at.lineCount ?? 0} line(s), not`} these lines`;
  if (finding.unread !== undefined) return `${head}: is there, but was not read (${shown(finding.unread)})`;
  return `${head}: ${shown(at?.path ?? '')}`;
}

const placed = (place: Place): string =>
  `${shown(place.path)}, ${place.lineStart === place.lineEnd ? 'line' : 'lines'} ${lineRange(place)} (bytes ${place.byteStart}-${place.byteEnd})`;

const lineRange = ({ lineStart, lineEnd }: Place): string =>
  lineStart === lineEnd ? `${lineStart}` : `${lineStart}-${lineEnd}`;

/** One line, of bounded length, without anything that a terminal would act on. */
function shown(text: string): string {
  const start = text
    .slice(0, SHOWN_MAX * 4)
    .replace(/\s+/g, ' ')
    .trim();
  const cut = start.length > SHOWN_MAX ? `${start.slice(0, SHOWN_MAX).replace(/[\ud800-\udbff]$/, '')}...` : start;
  return cut.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
