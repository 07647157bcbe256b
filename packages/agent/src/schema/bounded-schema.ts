import safeRegex from 'safe-regex2';
import { isRecord } from '../json.ts';
import { malformedKeyword, schemasBelow } from './keyword-forms.ts';
import { hasFewWays } from './quick-pattern.ts';
import type { JsonSchema, SchemaFault } from './schema-like.ts';

const NODES_MAX = 4_096;
const DEPTH_MAX = 48;
const PATTERN_LENGTH_MAX = 256;
/** Subschemas applied to one value, references followed. */
const IN_PLACE_MAX = 10_000;

/** Keywords whose subschemas apply to the same value again. */
const IN_PLACE: ReadonlySet<string> = new Set([
  ...['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'],
  'dependentSchemas',
]);
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
 * What makes a schema of somebody else unfit to judge by: it is none, is too large, names what it does not contain, goes round in a
 * circle, or has a keyword or pattern that some value makes slow. Null when it is fit: then at most `IN_PLACE_MAX` subschemas are
 * applied to a value before its parts are looked at.
 */
export function unfitSchema(schema: JsonSchema): SchemaFault | null {
  const walk = new Walk();
  return walk.look(schema, '', 1) ?? walk.place(schema, '') ?? walk.measureAll();
}

class Walk {
  #objects = 0;
  /** Every schema in it, itself included, by its place as a JSON Pointer. */
  readonly #schemas = new Map<string, JsonSchema | boolean>();
  readonly #costs = new Map<object, number>();
  readonly #open = new Set<object>();

  /** Looks at every object in the schema, whether a schema or not. */
  look(value: unknown, path: string, depth: number): SchemaFault | null {
    if (depth > DEPTH_MAX) return { path, reason: `is nested deeper than ${DEPTH_MAX}` };
    if (Array.isArray(value)) return first(value, (item, index) => this.look(item, `${path}/${index}`, depth + 1));
    if (!isRecord(value)) return null;
    this.#objects += 1;
    if (this.#objects > NODES_MAX) return { path: '', reason: `has more than ${NODES_MAX} parts` };
    return (
      keywordFault(value, path) ??
      first(Object.entries(value), ([key, item]) => this.look(item, `${path}/${key}`, depth + 1))
    );
  }

  /** Looks at the schemas in it: each must be what JSON Schema makes of its keywords. */
  place(schema: JsonSchema | boolean, at: string): SchemaFault | null {
    this.#schemas.set(at, schema);
    if (typeof schema === 'boolean') return null;
    const keyword = malformedKeyword(schema);
    if (keyword !== undefined)
      return { path: `${at}/${keyword}`, reason: 'has not the form that JSON Schema gives this keyword' };
    if (schema['uniqueItems'] === true)
      return { path: `${at}/uniqueItems`, reason: 'is not taken: it compares each item with each other one' };
    if (typeof schema['id'] === 'string')
      return { path: `${at}/id`, reason: 'is not taken: older drafts named a schema by it' };
    if (schema['dependencies'] !== undefined)
      return { path: `${at}/dependencies`, reason: 'is not taken: say dependentRequired or dependentSchemas' };
    return first([...schemasBelow(schema)], ([step, below]) => this.place(below, `${at}${step}`));
  }

  measureAll(): SchemaFault | null {
    for (const [path, schema] of this.#schemas) {
      const cost = this.#measure(schema);
      if (typeof cost !== 'number') return { path, ...cost };
      if (cost > IN_PLACE_MAX) return { path, reason: `applies more than ${IN_PLACE_MAX} subschemas to one value` };
    }
    return null;
  }

  /** How many subschemas a value meets here, before its parts are looked at. */
  #measure(schema: JsonSchema | boolean): number | Pick<SchemaFault, 'reason'> {
    if (typeof schema === 'boolean') return 1;
    const known = this.#costs.get(schema);
    if (known !== undefined) return known;
    if (this.#open.has(schema)) return { reason: 'refers to itself without looking at another part of the value' };
    this.#open.add(schema);
    let cost = 1;
    for (const below of this.#inPlace(schema)) {
      if (below === undefined) return { reason: '$ref names no schema in it' };
      const inner = this.#measure(below);
      if (typeof inner !== 'number') return inner;
      cost = Math.min(IN_PLACE_MAX + 1, cost + inner);
    }
    this.#open.delete(schema);
    this.#costs.set(schema, cost);
    return cost;
  }

  #inPlace(schema: JsonSchema): readonly (JsonSchema | boolean | undefined)[] {
    const here = [...schemasBelow(schema)].filter(([place]) => IN_PLACE.has(place.split('/', 2)[1] ?? ''));
    const ref = schema['$ref'];
    return [...here.map(([, below]) => below), ...(typeof ref === 'string' ? [this.#named(ref)] : [])];
  }

  #named(ref: string): JsonSchema | boolean | undefined {
    return this.#schemas.get(decodeURIComponentSafe(ref.slice(1)));
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
    return safeRegex(new RegExp(pattern, 'u')) && hasFewWays(pattern);
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
