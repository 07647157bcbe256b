import { shown } from './faults.ts';

/**
 * Where two JSON values differ first, and how: a JSON Pointer, what is due there and what there is. Null when they are the same. A field
 * that is undefined is not due.
 */
export function differenceOf(due: unknown, is: unknown, path = ''): string | null {
  if (Object.is(due, is)) return null;
  if (Array.isArray(due) && Array.isArray(is)) {
    const shared = Math.min(due.length, is.length);
    for (let index = 0; index < shared; index += 1) {
      const difference = differenceOf(due[index], is[index], `${path}/${index}`);
      if (difference !== null) return difference;
    }
    return due.length === is.length ? null : `${path || '/'} is to have ${due.length} entries, not ${is.length}`;
  }
  if (isObject(due) && isObject(is)) {
    const keys = Object.keys(due).filter((key) => due[key] !== undefined);
    for (const key of keys) {
      const difference = differenceOf(due[key], Object.hasOwn(is, key) ? is[key] : undefined, `${path}/${key}`);
      if (difference !== null) return difference;
    }
    const more = Object.keys(is).find((key) => !keys.includes(key));
    return more === undefined ? null : `${path}/${shown(more)} is not to be there`;
  }
  return `${path || '/'} is to be ${told(due)}, not ${told(is)}`;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const told = (value: unknown): string => shown(value === undefined ? 'nothing' : JSON.stringify(value));
