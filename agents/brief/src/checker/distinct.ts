import type { Statement } from '../brief/read-brief.ts';
import { type Fault, fault } from './fault.ts';

const NOT_WORD = /[^\p{L}\p{N}]+/gu;

/** Statements must be distinct: no two of one place, even in part, and no two of the same words. */
export function checkDistinct(statements: readonly Statement[]): Fault[] {
  const faults: Fault[] = [];
  const words = new Map<string, string>();
  statements.forEach((statement, index) => {
    const { key, path, byteStart, byteEnd, quote } = statement;
    const before = statements.slice(0, index);
    const overlapped = before.find(
      (other) => other.path === path && other.byteStart < byteEnd && byteStart < other.byteEnd,
    );
    if (overlapped !== undefined) faults.push(fault(`${key} overlaps ${overlapped.key}`));
    const said = quote.normalize('NFKC').toLowerCase().replace(NOT_WORD, ' ').trim();
    const repeated = words.get(said);
    if (repeated !== undefined) faults.push(fault(`${key} says the same words as ${repeated}`));
    else words.set(said, key);
  });
  return faults;
}
