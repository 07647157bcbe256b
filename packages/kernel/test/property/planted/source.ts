import type { Planted } from './planted.ts';

/** A source with what is planted in it. Throws when the passage is not there once: then the plant is out of date. */
export function edited({ id, edits }: Planted, file: string, text: string): string {
  return edits
    .filter((edit) => edit.file === file)
    .reduce((before, { find, put }) => {
      const times = before.split(find).length - 1;
      if (times !== 1)
        throw new Error(
          `${id}: src/${file} says ${times} times what is replaced, once is due: ${JSON.stringify(find)}`,
        );
      return before.replace(find, () => put);
    }, text);
}
