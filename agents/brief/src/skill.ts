import type { Skill } from '@canswarm/ports';
import { type ExternalOptions, external } from './external/index.ts';
import { extractParagraphs } from './paragraph/index.ts';
import { extractSentences } from './sentence/index.ts';
import { checker } from './skill/checker.ts';
import { answerBy, extractor } from './skill/extractor.ts';
import { lazy, liar, stall } from './skill/plants.ts';

const PARAGRAPH = 'paragraph';
const SENTENCE = 'sentence';
/** What begins the name of an engine that runs a user's program; its options follow as JSON. */
const EXTERNAL = 'exec:';

const engines: ReadonlyMap<string, Skill> = new Map([
  [PARAGRAPH, extractor(PARAGRAPH, extractParagraphs)],
  [SENTENCE, extractor(SENTENCE, extractSentences)],
  ['check', checker],
  ['liar', liar(PARAGRAPH, answerBy(extractParagraphs))],
  ['liar:sentence', liar(SENTENCE, answerBy(extractSentences))],
  ['lazy', lazy],
  ['stall', stall],
]);

/**
 * The engine of that name. Workers: `paragraph`, `sentence`, `exec:<options as JSON>` (see `externalEngine`). Seats and
 * bystanders: `check`. Plants that cheat: `liar`, `liar:sentence`, `lazy`, `stall`. Throws a TypeError when there is none.
 */
export function skill(engine: string): Skill {
  if (engine.startsWith(EXTERNAL)) return external(externalOptions(engine.slice(EXTERNAL.length)));
  const known = engines.get(engine);
  if (known === undefined) throw new TypeError(`the brief skill has no engine ${JSON.stringify(engine)}`);
  return known;
}

/** The engine name that carries a user's program into a worker thread. */
export function externalEngine(options: ExternalOptions): string {
  return `${EXTERNAL}${JSON.stringify(options)}`;
}

function externalOptions(json: string): ExternalOptions {
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null || !('command' in value))
    throw new TypeError('options name a command');
  const { command } = value;
  const isList = Array.isArray(command) && command.every((word) => typeof word === 'string');
  if (typeof command !== 'string' && !isList) throw new TypeError('a command is a line or a list of words');
  return {
    command: typeof command === 'string' ? command : command.map(String),
    ...('shell' in value && value.shell === true ? { shell: true } : {}),
    ...('timeoutMs' in value && typeof value.timeoutMs === 'number' ? { timeoutMs: value.timeoutMs } : {}),
    ...('outputBytesMax' in value && typeof value.outputBytesMax === 'number'
      ? { outputBytesMax: value.outputBytesMax }
      : {}),
  };
}
