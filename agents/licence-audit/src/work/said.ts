import { CITED_BYTES_MAX, LICENCES_MAX, WORD_BYTES_MAX } from '../rules.ts';
import { memberAt } from './json-members.ts';
import { isPlain } from './lockfile.ts';
import { isRecord } from './record.ts';

type Note = 'no_licence' | 'licence_form' | 'licence_unreadable';

/** What a manifest or an entry of a lockfile says of its licence, and the bytes that say it. */
export interface Said {
  readonly said: string | null;
  readonly place: { readonly start: number; readonly end: number } | null;
  readonly notes: readonly Note[];
}

/**
 * The licence that an object says, which begins at `start`. The forms of old are understood: `{ "type": ... }`, and a list of them, of
 * which one may be chosen.
 */
export function readSaid(object: Readonly<Record<string, unknown>>, bytes: Uint8Array, start: number): Said {
  const key = ['license', 'licenses'].find((name) => Object.hasOwn(object, name) && !isEmpty(object[name]));
  if (key === undefined) return { said: null, place: null, notes: ['no_licence'] };
  const { said, old } = readValue(object[key]);
  const member = memberAt(bytes, start, key);
  const tooLong = member === undefined || member.end - member.start > CITED_BYTES_MAX;
  if (said === null || !isPlain(said, WORD_BYTES_MAX) || tooLong)
    return { said: null, place: null, notes: ['licence_unreadable'] };
  return { said, place: { start: member.start, end: member.end }, notes: old ? ['licence_form'] : [] };
}

const isEmpty = (value: unknown): boolean => value === null || value === '';

function readValue(value: unknown): { readonly said: string | null; readonly old: boolean } {
  if (typeof value === 'string') return { said: value, old: false };
  if (isRecord(value)) return { said: typeOf(value), old: true };
  if (!Array.isArray(value) || value.length === 0 || value.length > LICENCES_MAX) return { said: null, old: true };
  const types = value.map(typeOf);
  const [only] = types;
  if (types.some((type) => type === null) || only === undefined) return { said: null, old: true };
  return { said: types.length === 1 ? only : `(${types.join(' OR ')})`, old: true };
}

function typeOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  const type = isRecord(value) && Object.hasOwn(value, 'type') ? value['type'] : undefined;
  return typeof type === 'string' ? type : null;
}
