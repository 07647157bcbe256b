/**
 * `sprintf(format, values)` for `%s`, `%d`, `%v` and `%%`, of texts, integers and booleans. Whatever else Go's formatting has is
 * undefined here: it is not the same in every engine.
 */
export function sprintf([format, values]: readonly unknown[]): unknown {
  if (typeof format !== 'string' || !Array.isArray(values)) return undefined;
  const list: readonly unknown[] = values;
  let next = 0;
  let sound = true;
  const text = format.replaceAll(/%(.?)/gsu, (_all, verb: string) => {
    if (verb === '%') return '%';
    const shown = next < list.length ? formatted(verb, list[next]) : undefined;
    next += 1;
    if (shown === undefined) sound = false;
    return shown ?? '';
  });
  return sound && next === list.length ? text : undefined;
}

function formatted(verb: string, value: unknown): string | undefined {
  if (verb === 'd' || verb === 'v') {
    if (Number.isSafeInteger(value)) return String(value);
  }
  if (verb === 's' || verb === 'v') {
    if (typeof value === 'string') return value;
  }
  return verb === 'v' && typeof value === 'boolean' ? String(value) : undefined;
}
