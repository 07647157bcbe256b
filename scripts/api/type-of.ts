import { nameOfRef, type Schema } from './document.ts';

/** The TypeScript type of a JSON Schema, nothing of it to be written. Throws for a form that the document does not use. */
export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return nameOfRef(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(typeOf).join(' | ');
  if (typeof schema.type === 'object') return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `readonly (${typeOf(schema.items ?? {})})[]`;
    case 'object':
      return objectType(schema);
    case undefined:
      return 'unknown';
    default:
      throw new Error(`no type is known for ${JSON.stringify(schema)}`);
  }
}

function objectType({ properties, required = [], additionalProperties }: Schema): string {
  const rest = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : null;
  if (properties === undefined) return `{ readonly [name: string]: ${rest ?? 'unknown'} }`;
  const members = Object.entries(properties).map(([name, schema]) => {
    const isDue = required.includes(name);
    return `${doc(schema.description)}readonly ${name}${isDue ? '' : '?'}: ${typeOf(schema)}${isDue ? '' : ' | undefined'};`;
  });
  if (rest !== null) members.push(`readonly [name: string]: ${rest};`);
  return `{\n${members.join('\n')}\n}`;
}

/** A comment on a line of its own. */
export const doc = (text: string | undefined): string =>
  text === undefined ? '' : `/** ${text.replaceAll('*/', '*')} */\n`;
