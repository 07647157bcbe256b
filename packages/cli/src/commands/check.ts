import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { ReportCheck } from 'canswarm';
import { requireFolder } from '../brief/asked.ts';
import { describeCheck } from '../check/describe.ts';
import { CliFailure, EXIT, type ExitCode } from '../failure.ts';
import type { Io } from '../io.ts';
import { loadCanswarm } from '../load.ts';
import { report } from '../report.ts';
import { bytes, count, safe } from '../text.ts';
import { examples, JSON_OPTION, type Register } from './command.ts';

/** Largest report that is read, in bytes. */
const REPORT_BYTES_MAX = 16 * 1024 * 1024;

interface Options {
  readonly against: string;
  readonly json?: boolean;
}

export const checkCommand: Register = (program, io, done) => {
  program
    .command('check')
    .summary('check the quotations and citations of a report against a folder')
    .description(
      'Takes a report written by anybody or any model, finds its quotations (block quotes, and quoted runs of five words or more) and citations (file names, footnotes), and says for each whether the words stand in the folder and where. White space, typographic quotation marks and the like are disregarded, and it says where they were.',
    )
    .argument('<report>', 'the report: Markdown or text; - for standard input')
    .requiredOption('--against <folder>', 'the documents that it cites')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      examples('check report.md --against docs', 'my-agent | canswarm check - --against docs --json'),
    )
    .action(async (path: string, options: Options) => done(await check(io, path, options)));
};

async function check(io: Io, path: string, { against, json = false }: Options): Promise<ExitCode> {
  const text = await readReport(path);
  requireFolder(
    against,
    'A report is checked against the documents of a folder.',
    'Name the folder with: --against <folder>',
  );
  const { checkReport, scanFolder } = await loadCanswarm();
  const scan = await scanFolder(against, { signal: io.signal });
  if (scan.documents.length === 0) throw noDocuments(against, scan.skipped.length);
  io.err.write(
    `read ${count(scan.documents.length, 'document')}, ${bytes(scan.bytes)}; ${count(scan.skipped.length, 'file')} skipped\n`,
  );
  const result = checkReport({
    report: text,
    documents: scan.documents,
    unread: scan.skipped,
    folder: resolve(against),
  });
  if (!result.ok) throw tooLarge(path, result);
  const found: ReportCheck = result.check;
  const value = { ok: found.counts.false === 0, ...found, documents: scan.documents.length, skipped: scan.skipped };
  report(io, json, value, () => describeCheck(io, found));
  return found.counts.false === 0 ? EXIT.ok : EXIT.untrue;
}

async function readReport(path: string): Promise<string> {
  const name = path === '-' ? 'standard input' : safe(path);
  const content = await readBounded(path, name);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    const todo = 'Save the report as UTF-8 Markdown or text.';
    throw new CliFailure(EXIT.usage, 'report', `${name} is not UTF-8 text`, 'Only text can be checked.', todo);
  }
}

/** Reads a file, or standard input, and no more of it than a report may have. */
async function readBounded(path: string, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of path === '-' ? process.stdin : createReadStream(path)) {
      chunks.push(Buffer.from(chunk));
      size += chunk.length;
      if (size > REPORT_BYTES_MAX) throw tooLong(name);
    }
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    const what = `${name} cannot be read: ${safe(error instanceof Error ? error.message : String(error))}`;
    throw new CliFailure(EXIT.usage, 'report', what, 'There is no report to check.', 'Name the file of the report.');
  }
  return Buffer.concat(chunks);
}

function tooLong(name: string): CliFailure {
  const means = `A report has at most ${bytes(REPORT_BYTES_MAX)}.`;
  return new CliFailure(EXIT.usage, 'report_too_large', `${name} is too large`, means, 'Check it in parts.');
}

function noDocuments(folder: string, skipped: number): CliFailure {
  const what = `${safe(folder)} holds no documents${skipped === 0 ? '' : `; ${count(skipped, 'file')} could not be taken`}`;
  const means = 'Documents are .md, .markdown, .mdx, .txt, .rst, .adoc, .html, .htm, and README, LICENSE and the like.';
  return new CliFailure(EXIT.untrue, 'no_documents', what, means, 'Name the folder that the report cites.');
}

function tooLarge(path: string, { code }: { readonly code: string }): CliFailure {
  return new CliFailure(
    EXIT.usage,
    code,
    `${safe(path)}: ${code.replaceAll('_', ' ')}`,
    'The report is beyond what is checked at once.',
    'Check it in parts.',
  );
}
