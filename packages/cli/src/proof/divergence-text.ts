import type { Divergence } from 'canswarm';
import type { Style } from '../io.ts';
import { indent, safe } from '../text.ts';

/** Longest text of a value that is shown, characters. */
const SHOWN_MAX = 400;

const MEANS: Partial<Record<Divergence['code'], string>> = {
  digest_other:
    'Some entry had another outcome or other events in the run that was recorded, or the log is not all of it.',
  state_root_other: 'Every outcome is as recorded, and the state behind them is not.',
  network_other: 'They are of two networks, so nothing was compared.',
  entry_other: 'The two exports agree up to the entry before. One of them is not what the network decided.',
  step_other: 'The rules made something else of this entry than when the steps were recorded; up to it all is equal.',
  length_other: 'They agree as far as the shorter one goes.',
  state_other: 'The two states differ after the same entries; other fields may differ too.',
  law_broken: 'The rules of this version cannot go on from here: another version may have written the log.',
};

/** A divergence for people: the entry, the field, both values, what it means and where to look. `path`: the log in question. */
export function divergenceText(
  paint: (style: Style, text: string) => string,
  { position, code, detail, path, expected, found }: Divergence,
  log: string | null,
): string {
  const valued = path !== undefined;
  const where = position === 0 ? 'the genesis' : `entry ${position}`;
  const head = `diverges at ${where}${valued || detail === '' ? '' : `: ${safe(detail)}`} [${code}]`;
  const values = [`field     ${safe(path ?? '')}`, `expected  ${shown(expected)}`, `found     ${shown(found)}`];
  const means = MEANS[code] ?? 'The entry is not what its sender signed, or not one at all.';
  const before = Math.max(0, position - 1);
  const proof = log === null ? '' : ` --proof ${safe(log)}`;
  const file = log === null ? '' : ` ${safe(log)}`;
  const look = [
    ...(code === 'step_other' ? [`canswarm explain ${position}${proof}`] : []),
    ...(code === 'network_other' ? [] : [`canswarm replay${file} --until ${before} --state`]),
    ...(code === 'state_root_other' || code === 'digest_other'
      ? [`canswarm replay${file} --against FILE, where FILE are the steps or the export of the other side`]
      : []),
  ];
  return [
    paint('red', head),
    ...(valued ? [indent(values.join('\n'))] : []),
    indent(means),
    ...(look.length === 0 ? [] : [indent(`Look at: ${look.join('\n         ')}`)]),
  ].join('\n');
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = safe(JSON.stringify(value));
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}… (${text.length} characters)`;
}
