import type { BriefOutcome } from 'canswarm';
import { columnsOf, type Io, painter } from '../io.ts';
import { change, count, credits, cut, indent, oneLine, safe, table } from '../text.ts';
import { NOTHING_FOUND, quotesFound } from './quotes-found.ts';

const COLUMNS = 80;
const BEST = 5;

/** The end of a brief for people: the best quotes, who did what and what it cost, where the files are, what to do next. */
export function ending(io: Io, outcome: BriefOutcome): string {
  const paint = painter(io, io.out);
  const { statements, seconds, windowsSeconds, best, briefPath, resultPath, proof } = outcome;
  const columns = Math.max(40, columnsOf(io.out, COLUMNS));
  const quotes = best
    .slice(0, BEST)
    .map(({ quote, path, line }) => `${cut(oneLine(quote), columns - 4)}\n${paint('dim', `  ${safe(path)}:${line}`)}`);
  if (statements > quotes.length) quotes.push(paint('dim', `${statements - quotes.length} more in brief.md`));
  const bystanders = outcome.people.filter(({ before, after }) => before === after).length;
  return [
    paint('bold', quotesFound(statements)),
    indent(statements === 0 ? NOTHING_FOUND : quotes.join('\n')),
    paint('bold', 'Who did what, in credits'),
    indent(people(io, outcome)),
    `  ${count(bystanders, 'other agent')} neither won nor lost anything.`,
    `  ${verified(outcome)}`,
    `  ${seconds.toFixed(1)} s, of which ${windowsSeconds.toFixed(1)} s waiting that the rules ask for.`,
    '',
    paint('bold', 'Files'),
    indent(
      table([
        ['brief', safe(briefPath)],
        ['result', safe(resultPath)],
        ['proof', safe(proof)],
      ]),
    ),
    '',
    `Next: canswarm verify ${shellWord(proof)}`,
  ].join('\n');
}

/** What every node verified for itself, the least and the most. */
function verified({ verification }: BriefOutcome): string {
  const nodes = Object.values(verification);
  const range = (of: 'envelopes' | 'entries' | 'signatures'): string => {
    const counts = nodes.map((node) => node[of]);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    return least === most ? `${most} ${of}` : `${least} to ${most} ${of}`;
  };
  return `Each of ${count(nodes.length, 'node')} verified for itself ${range('entries')} and ${range('envelopes')}, checking ${range('signatures')}.`;
}

function people(io: Io, { people: all, slashed, paid }: BriefOutcome): string {
  const paint = painter(io, io.out);
  const moved = all
    .filter(({ before, after }) => before !== after)
    .sort((left, right) => right.after - right.before - (left.after - left.before));
  const rows = moved.map(({ did, name, org, roles, before, after, planted }) => {
    const marks = [
      ...roles,
      ...(planted ? ['planted'] : []),
      ...(slashed.includes(did) ? [paint('red', 'lost money for it')] : []),
    ];
    const amount = change(after - before);
    return [
      safe(name),
      safe(org),
      after > before ? paint('green', amount) : paint('red', amount),
      paidText(paid[did]),
      marks.join(', '),
    ];
  });
  return table([['who', 'of', 'change', 'paid', 'as'], ...rows], new Set([2, 3]));
}

const paidText = (micro: number | undefined): string => (micro === undefined ? '' : credits(micro));

/** A path as a shell takes it. */
function shellWord(path: string): string {
  return /^[A-Za-z0-9_./~@%+=:,-]+$/.test(path) ? path : `'${safe(path).replaceAll("'", `'\\''`)}'`;
}
