import type { BadPrefix, Told } from './check.ts';

const [ROW, BAR, LEFT, TOP, STEP, END] = [44, 26, 110, 70, 90, 60];
/** Operations that are drawn. */
const SHOWN_MAX = 60;
/** Width of a letter at the size used. */
const LETTER = 6.6;

/** A picture (SVG) of a bad prefix: a row for each process, a bar from call to answer, the place of each in the order found, and what has none. */
export function timeline(whole: BadPrefix): string {
  const bad = lastOf(whole);
  const hidden = whole.operations.length - bad.operations.length;
  const processes = [...new Set(bad.operations.map(({ process }) => process))].sort(byNumber);
  // Only the order of events counts: each line that is spoken of gets one step.
  const lines = bad.operations.flatMap(({ called, returned }) => (returned === null ? [called] : [called, returned]));
  const column = new Map([...new Set(lines)].sort((a, b) => a - b).map((line, index) => [line, LEFT + index * STEP]));
  const width = LEFT + column.size * STEP + END;
  const height = TOP + processes.length * ROW + END;
  const places = new Map(bad.order.map(({ called }, index) => [called, index + 1]));
  const stuck = new Set(bad.stuck.map(({ called }) => called));
  const rows = processes.map((process, index) => {
    const y = TOP + index * ROW;
    const line = `<line class="row" x1="${LEFT}" x2="${width}" y1="${y + BAR / 2}" y2="${y + BAR / 2}"/>`;
    return `${line}<text x="10" y="${y + 17}">process ${escaped(process)}</text>`;
  });
  const bars = bad.operations.map((one) => {
    const x = column.get(one.called) ?? LEFT;
    const end = one.returned === null ? width : (column.get(one.returned) ?? width);
    const kind = stuck.has(one.called) ? 'stuck' : places.has(one.called) ? 'done' : 'open';
    return bar(one, {
      x,
      y: TOP + processes.indexOf(one.process) * ROW,
      width: end - x,
      kind,
      place: places.get(one.called),
    });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="monospace" font-size="11">`,
    `<title>${escaped(bad.key)}: no order explains it up to line ${bad.culprit.returned}</title>`,
    '<style>.row{stroke:#ccc}.done{fill:#cfe8cf;stroke:#3a7d3a}.open{fill:#eee;stroke:#888;stroke-dasharray:4 3}.stuck{fill:#f6c6c6;stroke:#b00020;stroke-width:2}</style>',
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="10" y="24" font-size="14">${escaped(bad.key)}: ${escaped(`process ${bad.culprit.process}, ${bad.culprit.text}`)} at line ${bad.culprit.returned} has no place in any order</text>`,
    '<text x="10" y="44">Green, numbered: the longest order found. Red: answered, and fits nowhere after it. Dashed: never answered, or later.</text>',
    ...(hidden === 0
      ? []
      : [`<text x="10" y="60">${hidden} more were done before, or never answered: left out.</text>`]),
    ...rows,
    ...bars,
    '</svg>',
    '',
  ].join('\n');
}

/** As much as can be looked at: what has no place, the last of the order found, and of the rest what was called last. */
function lastOf(bad: BadPrefix): BadPrefix {
  if (bad.operations.length <= SHOWN_MAX) return bad;
  const calls = (of: readonly Told[]): readonly number[] => of.map(({ called }) => called);
  const ranked = [
    ...calls([bad.culprit]),
    ...calls(bad.stuck).toReversed(),
    ...calls(bad.order).toReversed(),
    ...calls(bad.operations).toReversed(),
  ];
  const shown = new Set([...new Set(ranked)].slice(0, SHOWN_MAX));
  return { ...bad, operations: bad.operations.filter(({ called }) => shown.has(called)) };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly kind: 'done' | 'open' | 'stuck';
  readonly place: number | undefined;
}

function bar({ text, process, called, returned }: Told, { x, y, width, kind, place }: Place): string {
  const said = place === undefined ? text : `${place}: ${text}`;
  const room = Math.max(1, Math.floor((width - 6) / LETTER));
  const shown = said.length > room ? `${said.slice(0, room - 1)}…` : said;
  const whole = `process ${process}, lines ${called} to ${returned ?? 'the end'}: ${said}`;
  return `<g><title>${escaped(whole)}</title><rect class="${kind}" x="${x}" y="${y}" width="${Math.max(width, 4)}" height="${BAR}" rx="3"/><text x="${x + 4}" y="${y + 17}">${escaped(shown)}</text></g>`;
}

const byNumber = new Intl.Collator('en', { numeric: true }).compare;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Text for XML, in which control characters have no place. */
const escaped = (text: string): string =>
  [...text].map((letter) => (letter < ' ' ? '·' : (ESCAPES[letter] ?? letter))).join('');
