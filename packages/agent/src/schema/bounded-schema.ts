import safeRegex from 'safe-regex2';
import { isRecord } from '../json.ts';
import type { JsonSchema, SchemaFault } from './schema-like.ts';

const NODES_MAX = 4_096;
const DEPTH_MAX = 48;
const PATTERN_LENGTH_MAX = 256;
/** Subschemas applied to one value, references followed. */
const IN_PLACE_MAX = 10_000;

/** Keywords whose subschemas apply to the same value again. */
const IN_PLACE_LISTS = ['allOf', 'anyOf', 'oneOf'] as const;
const IN_PLACE_ONES = ['not', 'if', 'then', 'else'] as const;
/** Keywords that would let a schema name what is not in it, or what depends on where it came from. */
const REFUSED = [
  '$dynamicRef',
  '$recursiveRef',
  '$dynamicAnchor',
  '$recursiveAnchor',
  '$anchor',
  '$id',
  '$vocabulary',
] as const;

/**
 * What makes a schema of somebody else unfit to judge by: it is too large, names what it does not contain, goes round in a circle, or
 * has a pattern that some text makes slow. Null when it is fit: then judging a value costs at most `IN_PLACE_MAX` steps for each of
 * its parts.
 */
export function unfitSchema(schema: JsonSchema): SchemaFault | null {
  const walk = new Walk(schema);
  return walk.look(schema, '', 1) ?? walk.measureAll();
}

class Walk {
  readonly #root: JsonSchema;
  readonly #objects: JsonSchema[] = [];
  readonly #costs = new Map<object, number>();
  readonly #open = new Set<object>();

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  /** Looks at every object in the schema, whether a schema or not. */
  look(value: unknown, path: string, depth: number): SchemaFault | null {
    if (depth > DEPTH_MAX) return { path, reason: `is nested deeper than ${DEPTH_MAX}` };
    if (Array.isArray(value)) return first(value, (item, index) => this.look(item, `${path}/${index}`, depth + 1));
    if (!isRecord(value)) return null;
    this.#objects.push(value);
    if (this.#objects.length > NODES_MAX) return { path: '', reason: `has more than ${NODES_MAX} parts` };
    return (
      keywordFault(value, path) ??
      first(Object.entries(value), ([key, item]) => this.look(item, `${path}/${key}`, depth + 1))
    );
  }

  measureAll(): SchemaFault | null {
    for (const object of this.#objects) {
      const cost = this.#measure(object);
      if (typeof cost !== 'number') return cost;
      if (cost > IN_PLACE_MAX) return { path: '', reason: `applies more than ${IN_PLACE_MAX} subschemas to one value` };
    }
    return null;
  }

  /** How many subschemas a value meets here, itself not descended into. */
  #measure(schema: JsonSchema): number | SchemaFault {
    const known = this.#costs.get(schema);
    if (known !== undefined) return known;
    if (this.#open.has(schema))
      return { path: '', reason: 'refers to itself without looking at another part of the value' };
    this.#open.add(schema);
    let cost = 1;
    for (const below of this.#inPlace(schema)) {
      if (!isRecord(below)) return below === undefined ? { path: '', reason: '$ref names nothing in it' } : cost;
      const inner = this.#measure(below);
      if (typeof inner !== 'number') return inner;
      cost = Math.min(IN_PLACE_MAX + 1, cost + inner);
    }
    this.#open.delete(schema);
    this.#costs.set(schema, cost);
    return cost;
  }

  #inPlace(schema: JsonSchema): readonly unknown[] {
    const lists = IN_PLACE_LISTS.flatMap((keyword) => (Array.isArray(schema[keyword]) ? [...schema[keyword]] : []));
    const ones = IN_PLACE_ONES.map((keyword) => schema[keyword]).filter(isRecord);
    const dependent = isRecord(schema['dependentSchemas']) ? Object.values(schema['dependentSchemas']) : [];
    const ref = schema['$ref'];
    return [
      ...[...lists, ...ones, ...dependent].filter(isRecord),
      ...(typeof ref === 'string' ? [this.#resolve(ref)] : []),
    ];
  }

  #resolve(ref: string): unknown {
    let at: unknown = this.#root;
    for (const part of ref.split('/').slice(1)) {
      const key = decodeURIComponentSafe(part).replaceAll('~1', '/').replaceAll('~0', '~');
      at = Array.isArray(at) ? at[Number(key)] : isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined;
    }
    return at === true || at === false ? {} : at;
  }
}

function keywordFault(schema: JsonSchema, path: string): SchemaFault | null {
  const refused = REFUSED.find((keyword) => typeof schema[keyword] === 'string');
  if (refused !== undefined) return { path: `${path}/${refused}`, reason: 'is not taken: a schema stands for itself' };
  const ref = schema['$ref'];
  if (typeof ref === 'string' && ref !== '#' && !ref.startsWith('#/'))
    return { path: `${path}/$ref`, reason: 'names another document' };
  const patterns = [
    schema['pattern'],
    ...(isRecord(schema['patternProperties']) ? Object.keys(schema['patternProperties']) : []),
  ];
  const slow = patterns.find((pattern) => typeof pattern === 'string' && !isQuick(pattern));
  return slow === undefined
    ? null
    : {
        path,
        reason: `has a pattern that is too long, no pattern, or slow for some texts: ${String(slow).slice(0, 80)}`,
      };
}

function isQuick(pattern: string): boolean {
  if (pattern.length > PATTERN_LENGTH_MAX) return false;
  try {
    return safeRegex(new RegExp(pattern, 'u'));
  } catch {
    return false;
  }
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function first<T>(items: readonly T[], look: (item: T, index: number) => SchemaFault | null): SchemaFault | null {
  for (const [index, item] of items.entries()) {
    const fault = look(item, index);
    if (fault !== null) return fault;
  }
  return null;
}
