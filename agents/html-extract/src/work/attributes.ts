import type { Element } from './parse.ts';

/** More attributes than this are kept by name once they are asked for. */
const FEW = 8;
const byName = new WeakMap<Element, ReadonlyMap<string, string>>();

/** An attribute's value by its name in lower case, with its prefix where it has one; undefined when there is none. */
export function attributeOf(element: Element, name: string): string | undefined {
  const { attrs } = element;
  if (attrs.length <= FEW) return attrs.find((one) => fullName(one) === name)?.value;
  const known = byName.get(element) ?? new Map(attrs.toReversed().map((one) => [fullName(one), one.value]));
  byName.set(element, known);
  return known.get(name);
}

function fullName({ name, prefix }: Element['attrs'][number]): string {
  const lower = lowerCase(name);
  return prefix === undefined || prefix === '' ? lower : `${prefix}:${lower}`;
}

/** A name with the letters A to Z in lower case, as names of HTML are compared. */
export const lowerCase = (name: string): string => name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
