import { linkTarget, markdownText, spellUnseen } from '@canswarm/brief';
import type { ResultFacts } from '../result-kind.ts';
import type { AgentResult } from './agent-result.ts';
import { prettyJson } from './pretty-json.ts';

const VALUE_LINES_MAX = 400;
const VALUE_CHARACTERS_MAX = 32_768;
const FILES_SHOWN_MAX = 200;
const CITATIONS_SHOWN_MAX = 200;
/** Longest text of somebody else that is shown on one line, in UTF-16 units. */
const TEXT_MAX = 1_000;

/**
 * `report.md` of an agent: its result for people, in CommonMark. Texts of others stand with a backslash before whatever could be markup,
 * and the value in a code block that it cannot end: they show as they are and act as nothing. Shows the beginning of what is long;
 * result.json has all. The same result, need and digest give the same bytes.
 */
export function agentReport(
  { value, files, citations }: Pick<AgentResult, 'value' | 'files' | 'citations'>,
  paths: ReadonlyMap<string, string>,
  facts: ResultFacts,
): string {
  const parts = [
    `# ${line(facts.need.skill)}`,
    ...(facts.need.goal === null || facts.need.goal.trim() === '' ? [] : [line(facts.need.goal)]),
    `Done by ${code(facts.worker)} for ${code(facts.requester)}.`,
    ...valueParts(value),
    ...filesParts(files, paths),
    ...citationParts(citations),
    '---',
    'This is what was committed and verified. To check it all without trusting anybody, from the folder that holds this file:',
    '```sh\nnpx canswarm verify proof\n```',
    `need ${code(facts.id)}, log digest ${code(facts.digest)}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function valueParts(value: AgentResult['value']): readonly string[] {
  const { lines, whole } = prettyJson(value, VALUE_LINES_MAX, VALUE_CHARACTERS_MAX);
  // No line of JSON begins with a grave accent, so none ends the block.
  const shown = ['```json', ...lines, '```'].join('\n');
  return ['## Output', shown, ...(whole ? [] : ['This is its beginning: result.json has all of it.'])];
}

function filesParts(files: AgentResult['files'], paths: ReadonlyMap<string, string>): readonly string[] {
  if (files.length === 0) return [];
  const listed = files
    .slice(0, FILES_SHOWN_MAX)
    .map(({ name, bytes }) => `- [${line(name)}](${linkTarget(paths.get(name) ?? '')}), ${bytes.length} bytes`);
  return [`## Files (${files.length})`, listed.join('\n'), ...rest(files.length - FILES_SHOWN_MAX)];
}

function citationParts(citations: AgentResult['citations']): readonly string[] {
  if (citations.length === 0) return [];
  const shown = citations.slice(0, CITATIONS_SHOWN_MAX).flatMap(({ citation }) => {
    const { path, quote, lineStart, lineEnd } = citation;
    const quoted = quote
      .slice(0, TEXT_MAX)
      .toWellFormed()
      .split(/\r\n|\n|\r/)
      .map((text) => (text.trim() === '' ? '>' : `> ${markdownText(text.trimStart())}`));
    const lines = lineStart === lineEnd ? `line ${lineStart}` : `lines ${lineStart} to ${lineEnd}`;
    return [quoted.join('\n'), `${line(path)}, ${lines}${quote.length > TEXT_MAX ? ' (its beginning)' : ''}`];
  });
  return [`## Citations (${citations.length})`, ...shown, ...rest(citations.length - CITATIONS_SHOWN_MAX)];
}

const rest = (count: number): readonly string[] => (count > 0 ? [`And ${count} more: result.json has them.`] : []);

/** A text of somebody else on one line. */
function line(text: string): string {
  const one = text.replace(/[ \t\r\n\f\v]+/g, ' ').trim();
  const shown = one.slice(0, TEXT_MAX).toWellFormed();
  return `${markdownText(shown)}${one.length > TEXT_MAX ? '…' : ''}`;
}

/** A key, id or digest as a code span: only what these are made of. */
const code = (text: string): string => `\`${spellUnseen(text, () => '?').replace(/[^0-9A-Za-z:._-]/g, '?')}\``;
