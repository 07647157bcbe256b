import { VERDICTS } from '../rules.ts';
import type { Audit, AuditedPackage, Verdict } from './result.ts';

const TITLES: Readonly<Record<Verdict, string>> = {
  denied: 'Denied',
  mismatch: 'Mismatch',
  unknown: 'Unknown',
  allowed: 'Allowed',
};
/** What a code span of a table can hold and means nothing in it: printable ASCII but for the grave accent, backslash and bar. */
const ACTIVE = /[^ -[\]-_a-{}~]/gu;

/** The audit for people, in Markdown. Words of others stand in code spans, in which nothing acts; the rest of them is spelled out. */
export function reportOf({ summary, packages, unusable }: Audit): string {
  const lines = ['# Licence audit', ''];
  lines.push(
    `${summary.packages} packages: ${summary.denied} denied, ${summary.mismatch} mismatch, ${summary.unknown} unknown, ` +
      `${summary.allowed} allowed. Left out: ${summary.links} links, ${summary.development} for development.`,
  );
  if (unusable.length > 0) {
    lines.push('', '## Unusable', '', '| what | text | reason |', '| --- | --- | --- |');
    for (const { what, text, reason } of unusable) lines.push(`| ${what} | ${span(text)} | ${reason} |`);
  }
  for (const verdict of VERDICTS) {
    const rows = packages.filter((one) => one.verdict === verdict);
    if (rows.length === 0) continue;
    lines.push('', `## ${TITLES[verdict]}`, '');
    lines.push('| package | version | says | texts | remarks | path |', '| --- | --- | --- | --- | --- | --- |');
    lines.push(...rows.map(rowOf));
  }
  return `${lines.join('\n')}\n`;
}

function rowOf({ path, name, version, said, found, notes }: AuditedPackage): string {
  const texts = found.map(({ file, licence }) => `${licence} in ${span(file)}`).join(', ');
  const cells = [
    span(name),
    version === null ? '' : span(version),
    said === null ? '' : span(said),
    texts,
    notes.join(', '),
    span(path),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Text as a code span; what could end it, or does not show, as `\u{...}`. A span cannot be empty. */
function span(text: string): string {
  if (text === '') return '';
  const safe = text.replace(ACTIVE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return `\`${safe}\``;
}
