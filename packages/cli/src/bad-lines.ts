import type { BadPrefix, Told } from '@canswarm/simulator';
import { type Io, painter } from './io.ts';
import { safe, table } from './text.ts';

/** Steps of the order found that are printed. */
const SHOWN = 12;

/** The shortest beginning of a history that no order explains, for people. */
export function badLines(io: Io, { key, culprit, order, stuck, state, isShortest }: BadPrefix): readonly string[] {
  const hidden = Math.max(0, order.length - SHOWN);
  return [
    painter(io, io.out)('red', `not linearizable: object ${JSON.stringify(safe(key))}`),
    '',
    `${isShortest ? 'The shortest' : 'A'} beginning that no order explains ends at line ${culprit.returned}: process ${safe(culprit.process)}, ${safe(culprit.text)}`,
    '',
    `The longest order found${hidden === 0 ? '' : `, its last ${SHOWN} of ${order.length}`}:`,
    table(
      order.slice(hidden).map((one, index) => [`${hidden + index + 1}.`, ...row(one)]),
      new Set([0]),
    ),
    '',
    `It leaves ${safe(JSON.stringify(state))}. Then these have no place:`,
    table(stuck.map(row)),
  ];
}

const row = ({ called, returned, process, text }: Told): string[] => [
  `line ${called}`,
  returned === null ? 'not yet answered' : `to ${returned}`,
  `process ${safe(process)}`,
  safe(text),
];
