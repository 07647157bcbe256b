import { runProgram } from '@canswarm/agent';
import type { Skill } from '@canswarm/ports';
import type { Claim } from '../brief/claim.ts';
import type { SourceDocument } from '../extract.ts';
import { type Answer, type BriefTask, executeBrief } from '../skill/execute-brief.ts';
import { parseAnswers } from './answers.ts';
import { splitCommandLine } from './command-line.ts';
import { locate } from './locate.ts';

/** A program of the user's own that answers questions. */
export interface ExternalOptions {
  /** Program and arguments: a list, or a line that is split at white space outside quotes. */
  readonly command: string | readonly string[];
  /** Gives the line to `/bin/sh -c` instead. Only for a `command` that is a line. */
  readonly shell?: boolean;
  /** Milliseconds it may take, 1 to 3 600 000; two minutes unless said otherwise. */
  readonly timeoutMs?: number;
  /** Bytes of answer taken, 1 to 64 MiB; 4 MiB unless said otherwise. */
  readonly outputBytesMax?: number;
}

const TIMEOUT_MS_USUAL = 120_000;
const TIMEOUT_MS_MAX = 3_600_000;
const OUTPUT_BYTES_USUAL = 4 * 1024 * 1024;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const ENGINE = 'exec';

/**
 * A worker's engine that asks the user's own program. The program gets `{ "question", "maxStatements", "documents": [{ "path",
 * "cid", "text" }] }` as JSON on standard input and writes the quotations it claims, best first, as JSON to standard output:
 * `[{ "path", "quote", "byteStart"? }]`. It runs unconfined. Throws a TypeError for options that cannot be.
 */
export function external(options: ExternalOptions): Skill {
  const command = commandOf(options);
  const timeoutMs = within(options.timeoutMs ?? TIMEOUT_MS_USUAL, TIMEOUT_MS_MAX, 'timeoutMs');
  const outputBytesMax = within(options.outputBytesMax ?? OUTPUT_BYTES_USUAL, OUTPUT_BYTES_MAX, 'outputBytesMax');
  const answer: Answer = async (task) => {
    const { context, corpus, params } = task;
    const output = await runProgram(command, requestOf(task), { timeoutMs, outputBytesMax }, context.signal);
    const claims: Claim[] = [];
    for (const claimed of parseAnswers(output)) {
      const claim = locate(claimed, await corpus.document(claimed.path), context.sha256);
      if (claims.length < params.maxStatements && !claims.some((other) => repeats(claim, other))) claims.push(claim);
    }
    return claims;
  };
  return { execute: (task, context) => executeBrief(ENGINE, answer, task, context) };
}

function commandOf({ command, shell }: ExternalOptions): readonly [string, ...string[]] {
  if (shell === true && typeof command === 'string') return ['/bin/sh', '-c', command];
  const [program, ...args] = typeof command === 'string' ? (splitCommandLine(command) ?? []) : command;
  if (shell === true || program === undefined || program === '') throw new TypeError('a command names a program');
  return [program, ...args];
}

function within(value: number, max: number, name: string): number {
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new TypeError(`${name} is a whole number from 1 to ${max}`);
  return value;
}

/** The request as it is written to standard input, a document at a time. */
async function* requestOf({ params, documents }: BriefTask): AsyncGenerator<string> {
  const { question, maxStatements } = params;
  yield `{"question":${JSON.stringify(question)},"maxStatements":${maxStatements},"documents":[`;
  let first = true;
  for await (const document of documents) {
    yield `${first ? '' : ','}\n${JSON.stringify(shownDocument(document))}`;
    first = false;
  }
  yield ']}\n';
}

function shownDocument({ path, cid, bytes }: SourceDocument): { path: string; cid: string; text: string } {
  return { path, cid, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
}

/** A program that says a thing twice is taken to have said it once. */
function repeats(claim: Claim, other: Claim): boolean {
  if (claim.path === other.path && claim.byteStart < other.byteEnd && other.byteStart < claim.byteEnd) return true;
  return wordsOf(claim.quote) === wordsOf(other.quote);
}

const wordsOf = (quote: string): string =>
  (
    quote
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ');
