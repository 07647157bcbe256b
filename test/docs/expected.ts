/** In what a page shows, text that differs each time; alone on a line, any number of lines. */
const ANYTHING = '…';

/** What older versions of Node say of themselves beside whatever a program prints. */
const NODES_WORDS = /^\(node:\d+\) ExperimentalWarning: |^\(Use `node --trace-warnings /;

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !NODES_WORDS.test(line));

/**
 * The first line shown that output does not have where it should; null when output is what a page shows, but for empty lines and Node's warnings.
 * `beginsWith`: more may follow.
 */
export function unexpected(output: string, shown: string, { beginsWith = false } = {}): string | null {
  const lines = linesOf(shown);
  const told = `${linesOf(output).join('\n')}\n`;
  const patterns = lines.map((line) => (line === ANYTHING ? '(?:[^\\n]*\\n)*?' : `${patternOf(line)}\\n`));
  const missing = lines.findIndex((_, at) => !new RegExp(`^${patterns.slice(0, at + 1).join('')}`, 'u').test(told));
  if (missing >= 0) return lines[missing] ?? '';
  return beginsWith || new RegExp(`^${patterns.join('')}$`, 'u').test(told) ? null : 'nothing more';
}

const patternOf = (line: string): string =>
  line
    .split(ANYTHING)
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('[^\\n]*?');
