import { type Column, type PartSum, rowsOf, type Sum, sumOf } from './sums.ts';

/** Whether a sum is that of the rows that it says it is of. */
export default function check({ input, output }: { input: Column; output: Sum | PartSum }): true | readonly string[] {
  const due = sumOf(rowsOf(input, 'part' in output ? output.part : null));
  if (due.rows === output.rows && due.sum === output.sum) return true;
  return [`the sum of ${due.rows} rows is ${due.sum}, not ${output.sum} of ${output.rows}`];
}
