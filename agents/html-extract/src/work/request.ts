import { lowerCase } from './attributes.ts';
import { type PageSelector, readSelector } from './selector.ts';
import type { FieldType } from './types.ts';

/** A field of each row. */
export interface Field {
  readonly name: string;
  /** Null: the row itself, or the column of this name. */
  readonly selector: PageSelector | null;
  /** In lower case; null: the text. */
  readonly attribute: string | null;
  readonly type: FieldType;
  readonly required: boolean;
}

/** What is asked for. */
export type ExtractRequest =
  | { readonly kind: 'tables' }
  | {
      readonly kind: 'rows';
      /** Null: the main table or list of each file. */
      readonly rows: PageSelector | null;
      /** Null: every column, or each item's text. */
      readonly fields: readonly Field[] | null;
      /** What addresses are relative to. */
      readonly base: string | null;
    };

interface AskedField {
  readonly name: string;
  readonly selector?: string;
  readonly attribute?: string;
  readonly type?: FieldType;
  readonly required?: boolean;
}

/** Reads an input's value that fits the input schema. Throws a TypeError for what cannot be asked. */
export function readRequest(value: unknown): ExtractRequest {
  const { rows, fields, tables, base } = value as {
    readonly rows?: string;
    readonly fields?: readonly AskedField[];
    readonly tables?: true;
    readonly base?: string;
  };
  if (tables === true) {
    if (rows !== undefined || fields !== undefined || base !== undefined)
      throw new TypeError('every table is asked for, so there are no rows, fields or base to be chosen');
    return { kind: 'tables' };
  }
  if (rows !== undefined && fields === undefined) throw new TypeError('rows are chosen, so say which fields they have');
  if (base !== undefined && !URL.canParse(base)) throw new TypeError(`${JSON.stringify(base)} is no absolute address`);
  return {
    kind: 'rows',
    rows: rows === undefined ? null : readSelector(rows),
    fields: fields === undefined ? null : fields.map(fieldOf),
    base: base ?? null,
  };
}

const fieldOf = ({ name, selector, attribute, type = 'text', required = false }: AskedField): Field => ({
  name,
  selector: selector === undefined ? null : readSelector(selector),
  attribute: attribute === undefined ? null : lowerCase(attribute),
  type,
  required,
});
