import type { SchemaFault } from '../schema/schema-like.ts';
import { faultLine } from '../schema/standard-schema.ts';

/** What only says that something within is wrong, which is told by itself. */
const WRAPPER =
  /^(Property "[\s\S]*" does not match (schema|additional properties schema|unevaluated properties schema)|Items did not match (schema|additional items schema|unevaluated items schema)|A subschema had errors)\.$/;

/** Sentences of the schema library, and how they are said to who wrote the input. */
const WORDS: readonly (readonly [said: RegExp, told: (groups: readonly string[]) => string])[] = [
  [/^False boolean schema\.$/, () => 'is no field that it has'],
  [
    /^Instance type "(\w+)" is invalid\. Expected "(.+)"\.$/,
    ([is = '', due = '']) => `${withArticle(is)} is given, ${due.split('", "').map(withArticle).join(' or ')} is due`,
  ],
  [/^Instance does not have required property "([\s\S]*)"\.$/, ([name = '']) => `the field "${name}" is missing`],
  [
    /^Instance does not match any of \[([\s\S]*)\]\.$/,
    ([values = '']) => `must be one of ${values.replaceAll(',', ', ')}`,
  ],
  [/^Instance does not match ((?!every|exactly|any )[\s\S]*)\.$/, ([value = '']) => `must be ${value}`],
  [/^Instance /, () => 'it '],
];

/** What is wrong with an input, for who wrote it: each thing once, where it is. */
export function toldFaults(faults: readonly SchemaFault[]): string {
  const inner = faults.filter(({ reason }) => !WRAPPER.test(reason));
  return faultLine(
    (inner.length === 0 ? faults : inner).map(({ path, reason }) => ({ path, reason: toldReason(reason) })),
  );
}

function toldReason(reason: string): string {
  for (const [said, told] of WORDS) {
    const found = said.exec(reason);
    if (found !== null) return told(found.slice(1)) + reason.slice(found[0].length);
  }
  return reason;
}

const withArticle = (type: string): string => {
  if (type === 'null') return type;
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
};
