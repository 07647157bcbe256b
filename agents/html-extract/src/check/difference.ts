const SHOWN = 48;

/** Where two JSON values differ first, and how: a JSON Pointer, what is due there and what there is. Null when they are the same. */
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
    return more === undefined ? null : `${path}/${more.slice(0, SHOWN)} is not to be there`;
  }
  return `${path || '/'} is to be ${shown(due)}, not ${shown(is)}`;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
}
