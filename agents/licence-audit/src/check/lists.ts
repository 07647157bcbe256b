import { WORD_BYTES_MAX } from '../rules.ts';
import { type Named, namesOf, postfixOf, type Rank, rankOf } from './spdx.ts';
import { fits } from './words.ts';

/** The lists of the request as the check reads them. */
export interface Lists {
  /** Null when there is no list of what is allowed. */
  readonly allow: readonly Named[] | null;
  readonly deny: readonly Named[];
  /** Entries that name no one licence, by list. */
  readonly unusable: readonly (readonly ['allow' | 'deny', string])[];
}

/** Reads the request's value; undefined when it is no request. */
export function readLists(value: unknown): (Lists & { readonly production: boolean }) | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { allow, deny, production } = value as Readonly<Record<string, unknown>>;
  if (![allow, deny].every((list) => list === undefined || isTexts(list))) return undefined;
  if (production !== undefined && typeof production !== 'boolean') return undefined;
  const unusable: (readonly ['allow' | 'deny', string])[] = [];
  const read = (list: unknown, which: 'allow' | 'deny'): Named[] =>
    (isTexts(list) ? list : []).flatMap((text) => {
      const names = fits(text, WORD_BYTES_MAX) ? (postfixOf(text) ?? []) : [];
      if (names.length === 1) return namesOf(names);
      unusable.push([which, text]);
      return [];
    });
  const lists = { allow: allow === undefined ? null : read(allow, 'allow'), deny: read(deny, 'deny') };
  return { ...lists, unusable, production: production === true };
}

const isTexts = (list: unknown): list is readonly string[] =>
  Array.isArray(list) && list.every((text) => typeof text === 'string');

/** How good an expression is by the lists. */
export const rankBy = (lists: Lists, postfix: ReturnType<typeof postfixOf> & object): Rank =>
  rankOf(postfix, (named) => rankOfName(lists, named));

/** An entry says something of a licence when it is the same but for what the entry leaves open; the one that leaves least decides. */
export function rankOfName({ allow, deny }: Lists, named: Named): Rank {
  const least = (list: readonly Named[] | null): number =>
    Math.min(Number.POSITIVE_INFINITY, ...(list ?? []).map((entry) => openIn(entry, named)));
  const [denied, allowed] = [least(deny), least(allow)];
  if (denied <= allowed && Number.isFinite(denied)) return 0;
  return Number.isFinite(allowed) || allow === null ? 2 : 1;
}

/** 0: the entry is the licence itself; 1: but for "or later"; 2: but for the exception; 3: but for both; infinite: another one. */
function openIn(entry: Named, named: Named): number {
  if (entry.id !== named.id) return Number.POSITIVE_INFINITY;
  const later = entry.later === named.later ? 0 : entry.later ? Number.POSITIVE_INFINITY : 1;
  const exception = entry.exception === named.exception ? 0 : entry.exception === '' ? 2 : Number.POSITIVE_INFINITY;
  return later + exception;
}
