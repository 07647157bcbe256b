/** A fenced block of code of a Markdown text. */
export interface Fence {
  readonly language: string;
  /** What follows the language, such as `file=agent.mts` or `terminal=2`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** What is done with the blocks of a page, in their order. */
export type Step =
  /** The block is a file of the reader's. */
  | { readonly kind: 'file'; readonly name: string; readonly text: string; readonly line: number }
  /** The block is typed into a shell; `said` is what the page shows as its output, null when it shows none. */
  | {
      readonly kind: 'commands';
      readonly text: string;
      /** 1 ends before the page goes on; any other goes on beside it. */
      readonly terminal: number;
      readonly exit: number;
      readonly said: string | null;
      readonly line: number;
    };

export interface Plan {
  readonly steps: readonly Step[];
  /** Blocks that nothing would run, and why. */
  readonly problems: readonly string[];
}

const KNOWN: Readonly<Record<string, readonly string[]>> = { sh: ['terminal', 'exit'], text: [], json: [] };
/** Languages in which outputs are shown. */
const SHOWN = new Set(['text', 'json']);

/** The fenced blocks of a Markdown text. */
export function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = [];
  let open:
    | { readonly mark: string; readonly info: string; readonly line: number; readonly lines: string[] }
    | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const [, mark, info = ''] = /^(`{3,}|~{3,})\s*(.*?)\s*$/.exec(line) ?? [];
    if (open === undefined) {
      if (mark !== undefined) open = { mark, info, line: index + 1, lines: [] };
    } else if (mark?.startsWith(open.mark) === true && info === '') {
      fences.push(fenceOf(open.info, `${open.lines.join('\n')}\n`, open.line));
      open = undefined;
    } else open.lines.push(line);
  }
  return fences;
}

function fenceOf(info: string, text: string, line: number): Fence {
  const [language = '', ...words] = info.split(/\s+/);
  const attributes = words.map((word): [string, string] => {
    const [key = '', value = ''] = word.split('=');
    return [key, value];
  });
  return { language, attributes: new Map(attributes), text, line };
}

/**
 * What is to be done with each block: one with `file=NAME` is a file, `sh` is typed, and `text` or `json` right after commands is what
 * they print. A block that is none of these, and a file that nothing names, would never be run: that is a problem of the page.
 */
export function planOf(fences: readonly Fence[]): Plan {
  const steps: Step[] = [];
  const problems: string[] = [];
  for (const [at, { language, attributes, text, line }] of fences.entries()) {
    const name = attributes.get('file');
    const odd = [...attributes.keys()].find((key) => key !== 'file' && KNOWN[language]?.includes(key) !== true);
    if (odd !== undefined) problems.push(`line ${line}: "${odd}" says nothing of a block of ${language}`);
    if (name !== undefined) {
      steps.push({ kind: 'file', name, text, line });
      const others = fences.filter((fence) => fence.text !== text);
      const [place = name] = name.split('/');
      if (!others.some((fence) => fence.text.includes(place))) problems.push(`line ${line}: nothing runs ${name}`);
    } else if (language === 'sh') {
      const next = fences[at + 1];
      const said = next !== undefined && isShown(next) ? next.text : null;
      const [terminal, exit] = [Number(attributes.get('terminal') ?? 1), Number(attributes.get('exit') ?? 0)];
      if (terminal !== 1 && said === null)
        problems.push(`line ${line}: it is not said when the other terminal is ready`);
      steps.push({ kind: 'commands', text, terminal, exit, said, line });
    } else if (!SHOWN.has(language) || fences[at - 1]?.language !== 'sh') {
      problems.push(`line ${line}: nothing runs this block of ${language || 'no language'}`);
    }
  }
  return { steps, problems };
}

const isShown = ({ language, attributes }: Fence): boolean => SHOWN.has(language) && !attributes.has('file');

/** Lines that a reader types at a prompt: a line that ends in a backslash goes on, comments and empty lines are none. */
export function commandLines(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) =>
    step.kind === 'file'
      ? []
      : step.text
          .replaceAll(/\\\n\s*/g, '')
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '' && !line.startsWith('#')),
  );
}
