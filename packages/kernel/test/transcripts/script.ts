/** One step of a transcript: commands, and what they led to. */
export interface Block {
  /** Lines that say what it is about: they begin with `#`, or are empty. */
  readonly remarks: readonly string[];
  readonly commands: readonly string[];
  readonly expected: readonly string[];
}

export interface Script {
  readonly blocks: readonly Block[];
  /** Remarks after the last block. */
  readonly tail: readonly string[];
}

const SEPARATOR = '----';

/**
 * Reads a transcript: remarks, commands (a line each), a line `----`, and what came of them up to the next empty line.
 * Throws where commands have no separator: nothing is expected of them then.
 */
export function parseScript(text: string): Script {
  const blocks: Block[] = [];
  let [remarks, commands, expected]: string[][] = [[], [], []];
  let told = false;
  for (const line of text.split('\n')) {
    if (told && line !== '') expected?.push(line);
    else if (told) {
      blocks.push({ remarks: remarks ?? [], commands: commands ?? [], expected: expected ?? [] });
      [remarks, commands, expected, told] = [[], [], [], false];
    } else if (line === SEPARATOR && commands?.length !== 0) told = true;
    else if (line === '' || line.startsWith('#')) remarks?.push(line);
    else commands?.push(line);
  }
  if (told) blocks.push({ remarks: remarks ?? [], commands: commands ?? [], expected: expected ?? [] });
  else if (commands?.length !== 0) throw new Error(`no ${SEPARATOR} after: ${commands?.at(-1)}`);
  return { blocks, tail: told ? [] : (remarks ?? []) };
}

/** The text of a transcript with these outcomes of its blocks. */
export function formatScript({ blocks, tail }: Script, outcomes: readonly (readonly string[])[]): string {
  const parts = blocks.flatMap(({ remarks, commands }, index) => [
    ...remarks,
    ...commands,
    SEPARATOR,
    ...(outcomes[index] ?? []),
    '',
  ]);
  const lines = [...parts, ...tail];
  while (lines.at(-1) === '') lines.pop();
  return `${lines.join('\n')}\n`;
}

/** A command line: words, and words with `=`. Quotes are for values with spaces. */
export interface CommandLine {
  readonly name: string;
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

export function parseCommand(line: string): CommandLine {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (const [, key, quoted, plain = ''] of line.matchAll(/(?:([a-z.A-Z]+)=)?(?:'([^']*)'|([^\s']+))(?:\s+|$)/g)) {
    const value = quoted ?? plain;
    if (key === undefined) words.push(value);
    else options.set(key, value);
  }
  const [name = '', ...rest] = words;
  return { name, words: rest, options };
}
