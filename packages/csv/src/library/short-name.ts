import { NAME_CHARACTERS_MAX } from '../table.ts';

/** The beginning of the name of a column, as reports show it: at most `NAME_CHARACTERS_MAX` characters, none cut in two. */
export const shortName = (name: string): string =>
  Array.from(name.slice(0, 2 * NAME_CHARACTERS_MAX))
    .slice(0, NAME_CHARACTERS_MAX)
    .join('');
