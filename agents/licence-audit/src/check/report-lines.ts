import type { ClaimedAudit, ClaimedPackage } from './claims.ts';
import { named } from './words.ts';

const SPAN = /^`((?:[ -[\]-_a-{}~]|\\u\{[0-9a-f]{1,6}\})+)`$/;
const SPELLED = /\\u\{([0-9a-f]+)\}/g;
const HEADS: readonly (readonly [string, string])[] = [
  ['denied', '## Denied'],
  ['mismatch', '## Mismatch'],
  ['unknown', '## Unknown'],
  ['allowed', '## Allowed'],
];

/**
 * Reads a report back, line by line, and says where it tells something else than the claims, or is written so that something in it could
 * act. Stops at the first such line.
 */
export function reportFault(report: string, { summary, packages, unusable }: ClaimedAudit): string | null {
  const lines = report.split('\n');
  const next = (): string => lines.shift() ?? '';
  const counts = ['packages', 'denied', 'mismatch', 'unknown', 'allowed', 'links', 'development'];
  if (next() !== '# Licence audit' || next() !== '') return 'its title is another';
  const told =
    /^(\d+) packages: (\d+) denied, (\d+) mismatch, (\d+) unknown, (\d+) allowed\. Left out: (\d+) links, (\d+) for development\.$/.exec(
      next(),
    );
  if (told === null || counts.some((count, index) => told[index + 1] !== String(summary[count])))
    return 'its counts are others';
  if (unusable.length > 0) {
    if (!isHead([next(), next(), next(), next(), next()], '## Unusable', ['what', 'text', 'reason']))
      return 'the head of what is unusable is another';
    for (const { what, text, reason } of unusable) {
      const [first, second = '', third, ...more] = cellsOf(next());
      if (first !== what || unspelled(second) !== text || third !== reason || more.length > 0)
        return `it tells another thing than that ${named(text)} is unusable`;
    }
  }
  for (const [verdict, title] of HEADS) {
    const rows = packages.filter((one) => one.verdict === verdict);
    if (rows.length === 0) continue;
    const columns = ['package', 'version', 'says', 'texts', 'remarks', 'path'];
    if (!isHead([next(), next(), next(), next(), next()], title, columns)) return `the head of ${verdict} is another`;
    for (const one of rows) {
      const fault = rowFault(cellsOf(next()), one);
      if (fault !== null) return fault;
    }
  }
  return lines.length === 1 && lines[0] === '' ? null : 'it goes on after its end';
}

function isHead(five: readonly string[], title: string, columns: readonly string[]): boolean {
  const [gap, heading, space, names = '', rule = ''] = five;
  const named = cellsOf(names).join() === columns.join() && cellsOf(rule).join() === columns.map(() => '---').join();
  return gap === '' && heading === title && space === '' && named;
}

/** Cells of a row of a table; none when it is no row. */
const cellsOf = (line: string): readonly string[] =>
  line.startsWith('| ') && line.endsWith(' |') ? line.slice(2, -2).split(' | ') : [];

/** The text of a code span; empty for an empty cell, undefined when it is none or could act. */
function unspelled(cell: string): string | undefined {
  if (cell === '') return '';
  const inner = SPAN.exec(cell)?.[1];
  if (inner === undefined) return undefined;
  const codes = [...inner.matchAll(SPELLED)].map((match) => Number.parseInt(match[1] ?? '', 16));
  if (codes.some((code) => code > 0x10ffff)) return undefined;
  return inner.replace(SPELLED, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}

function rowFault(cells: readonly string[], one: ClaimedPackage): string | null {
  const fault = (what: string): string => `the row of ${named(one.path)} tells another ${what}`;
  if (cells.length !== 6) return fault('number of cells');
  const [name = '', version = '', said = '', texts = '', remarks = '', path = ''] = cells;
  if (unspelled(path) !== one.path) return fault('path');
  if (unspelled(name) !== one.name) return fault('name');
  if (unspelled(version) !== (one.version ?? '')) return fault('version');
  if (unspelled(said) !== (one.said ?? '')) return fault('licence');
  if (remarks !== one.notes.join(', ')) return fault('remark');
  const found = texts === '' ? [] : texts.split(/, (?=[A-Za-z0-9.-]+ in `)/);
  const same =
    found.length === one.found.length &&
    one.found.every(({ file, licence }, index) => {
      const [told = '', ...rest] = (found[index] ?? '').split(' in ');
      return told === licence && unspelled(rest.join(' in ')) === file;
    });
  return same ? null : fault('text');
}
