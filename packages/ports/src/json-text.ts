import { type JsonValue, SANDBOX_VALUE_BYTES_MAX, SANDBOX_VALUE_DEPTH_MAX } from './sandbox.ts';

const encoder = new TextEncoder();

/**
 * A value as JSON text, each property read once. Throws RangeError for what is no JSON value or is beyond the bounds of a sandbox's
 * values: what JSON.stringify would leave out or turn into something else is no JSON value.
 */
export function jsonText(value: JsonValue): string {
  const text = written(value, 0);
  if (encoder.encode(text).length > SANDBOX_VALUE_BYTES_MAX) throw tooLong();
  return text;
}

function written(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new RangeError(`${value} is no JSON value`);
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      if (depth === SANDBOX_VALUE_DEPTH_MAX) {
        throw new RangeError(`a value is nested at most ${SANDBOX_VALUE_DEPTH_MAX} deep`);
      }
      return Array.isArray(value) ? list(value, depth + 1) : record(value, depth + 1);
    default:
      throw new RangeError(`${typeof value} is no JSON value`);
  }
}

function list(items: readonly unknown[], depth: number): string {
  const { length } = items;
  let text = '[';
  for (let index = 0; index < length; index += 1) {
    text += (index === 0 ? '' : ',') + written(items[index], depth);
    bound(text);
  }
  return `${text}]`;
}

function record(fields: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(fields);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new RangeError('an object of a class is no JSON value');
  }
  let text = '{';
  for (const key of Object.keys(fields)) {
    text += `${text === '{' ? '' : ','}${JSON.stringify(key)}:${written(Reflect.get(fields, key), depth)}`;
    bound(text);
  }
  return `${text}}`;
}

/** Ends the writing once it is too long in any encoding. */
function bound(text: string): void {
  if (text.length > SANDBOX_VALUE_BYTES_MAX) throw tooLong();
}

function tooLong(): RangeError {
  return new RangeError(`a value has at most ${SANDBOX_VALUE_BYTES_MAX} bytes as JSON text`);
}
