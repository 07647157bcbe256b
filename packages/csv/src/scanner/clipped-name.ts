import { NAME_CHARACTERS_MAX } from '../table.ts';

/** The beginning of the name of a column, as reports show it: at most `NAME_CHARACTERS_MAX` characters, none cut in two. */
export function clippedName(name: string): string {
  let end = 0;
  for (let count = 0; count < NAME_CHARACTERS_MAX && end < name.length; count++)
    end += (name.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return name.slice(0, end);
}
