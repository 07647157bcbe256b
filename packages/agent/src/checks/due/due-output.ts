import type { Bundle } from '../../bundle/bundle.ts';
import { differenceOf } from './difference.ts';
import { type Faults, shown } from './faults.ts';

/** An output whose value is exactly one, and whose files have these names and no others; it cites nothing. */
export interface DueOutput {
  readonly value: unknown;
  readonly files: readonly string[];
}

/** Adds what is wrong with an output but for the bytes of its files. */
export function compareOutput({ value, files, citations }: Bundle, due: DueOutput, faults: Faults): void {
  const difference = differenceOf(due.value, value);
  if (difference !== null) faults.add(`value: ${difference}`);
  const names = files.names();
  for (const name of due.files) if (!names.includes(name)) faults.add(`there is no file ${name}`);
  for (const name of names)
    if (!due.files.includes(name)) faults.add(`a file ${JSON.stringify(shown(name))} is not due`);
  if (citations.length > 0) faults.add('citations are not due');
}
