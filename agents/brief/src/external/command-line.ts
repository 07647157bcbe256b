/** Longest command line taken, in UTF-16 units. */
const COMMAND_LENGTH_MAX = 8192;

/**
 * Splits a command line into program and arguments: white space separates, quotes keep together, a backslash takes the next
 * character as it is (but not within single quotes). No variables, patterns or pipes: those need a shell. Undefined when it is
 * empty, too long, or a quote is left open.
 */
export function splitCommandLine(line: string): readonly [string, ...string[]] | undefined {
  if (line.length > COMMAND_LENGTH_MAX) return undefined;
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '\\' && quote !== "'") {
      word = `${word ?? ''}${line.charAt(++at)}`;
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else word = `${word ?? ''}${character}`;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (!/\s/.test(character)) {
      word = `${word ?? ''}${character}`;
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  const [program, ...rest] = words;
  return quote !== '' || program === undefined || program === '' ? undefined : [program, ...rest];
}
