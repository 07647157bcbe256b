import type { CommitteeSheet } from 'canswarm';
import type { Style } from '../io.ts';
import { count } from '../text.ts';
import { flow, type Line } from './line.ts';
import type { Names } from './names.ts';
import type { SeenOutlook } from './view-event.ts';

/** Below this width seats are counted, not named. */
const NAMED_COLUMNS = 56;

interface Marked {
  readonly did: string;
  readonly mark: string;
  readonly style: Style;
}

/** A committee and its votes: who voted what while it sits, afterwards what came of it. */
export function committeeLines(
  sheet: CommitteeSheet,
  heard: SeenOutlook['votes'],
  names: Names,
  columns: number,
): readonly Line[] {
  const marked = sheet.seats.map((seat) => markOf(sheet, seat, heard));
  if (sheet.seats.length === 0) return [['seats are being drawn']];
  const tally = tallyOf(marked);
  const total = `${count(sheet.seats.length, 'seat')}${sheet.drawing ? ', more are being drawn' : ''}`;
  if (sheet.verdict !== null || columns < NAMED_COLUMNS)
    return flow([[`${total}: `, ...first(tally)], ...tally.slice(1)], columns);
  const voted = marked.filter(({ mark }) => mark !== WAITS && mark !== SILENT).length;
  const seats = marked.map(({ did, mark, style }): Line => [`${names.of(did)} `, [style, mark]]);
  return [[`${total}, ${voted} voted`], ...flow(seats, columns)];
}

const first = (tally: readonly Line[]): Line => tally[0] ?? [];

const WAITS = '..';
const SILENT = 'silent';

function markOf(
  { subject, ballot, verdict: decided }: CommitteeSheet,
  { did, vote, silent }: CommitteeSheet['seats'][number],
  heard: SeenOutlook['votes'],
): Marked {
  if (silent) return { did, mark: SILENT, style: 'red' };
  const said = heard.find((one) => one.seat === did && one.subject === subject && one.ballot === ballot);
  const verdict = vote ?? said?.verdict ?? null;
  if (verdict === null) return { did, mark: decided === null ? WAITS : 'no vote', style: 'dim' };
  if (verdict === 'fail' || verdict === 'none') return { did, mark: verdict, style: 'red' };
  if (verdict === 'undecidable') return { did, mark: 'cannot tell', style: 'yellow' };
  return { did, mark: verdict === 'pass' ? 'pass' : 'voted', style: 'green' };
}

/** `3 pass, 1 fail, 1 ..`: what they said, and how many of them. */
function tallyOf(marked: readonly Marked[]): readonly Line[] {
  const by = new Map<string, { readonly times: number; readonly style: Style }>();
  for (const { mark, style } of marked) by.set(mark, { times: (by.get(mark)?.times ?? 0) + 1, style });
  return [...by].map(([mark, { times, style }]): Line => [`${times} `, [style, mark === WAITS ? 'not yet' : mark]]);
}
