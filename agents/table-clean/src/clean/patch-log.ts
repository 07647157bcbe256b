import type { CellRule } from './options.ts';
import { OutputLines } from './output-lines.ts';

export interface Change {
  /** Record of the source, from 1: the header. */
  readonly row: number;
  /** From 1. */
  readonly column: number;
  readonly rule: 'header' | CellRule;
  readonly before: string;
  readonly after: string;
}

export type Drop =
  | { readonly drop: 'empty' }
  | { readonly drop: 'duplicate'; readonly of: number }
  | { readonly drop: 'fields'; readonly fields: number };

/** The log of what was done, one JSON object a line, in the order of the source. */
export class PatchLog {
  readonly lines = new OutputLines();
  readonly changes: Record<Change['rule'] | 'fit', number> = {
    header: 0,
    fit: 0,
    trim: 0,
    collapse: 0,
    empty: 0,
    date: 0,
    number: 0,
  };
  readonly dropped: Record<Drop['drop'], number> = { empty: 0, duplicate: 0, fields: 0 };

  change({ row, column, rule, before, after }: Change): void {
    this.changes[rule] += 1;
    this.lines.add(`${JSON.stringify({ row, column, rule, before, after })}\n`);
  }

  /** A record with another number of fields than the header was made to have as many. */
  fit(row: number, before: number, after: number): void {
    this.changes.fit += 1;
    this.lines.add(`${JSON.stringify({ row, rule: 'fit', before, after })}\n`);
  }

  drop(row: number, drop: Drop): void {
    this.dropped[drop.drop] += 1;
    this.lines.add(`${JSON.stringify({ row, ...drop })}\n`);
  }

  /** Lines of the log. */
  count(): number {
    return [...Object.values(this.changes), ...Object.values(this.dropped)].reduce((sum, one) => sum + one, 0);
  }
}
