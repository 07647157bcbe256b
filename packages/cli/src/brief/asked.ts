import { statSync } from 'node:fs';
import { CliFailure, EXIT } from '../failure.ts';
import { safe } from '../text.ts';

const QUESTION_BYTES_MAX = 4096;

/** Ends a command whose folder of documents is none. `means` is what the folder is for, `todo` how it is named. */
export function requireFolder(folder: string, means: string, todo: string): void {
  const what = notFolder(folder);
  if (what !== null) throw new CliFailure(EXIT.usage, 'folder', what, means, todo);
}

/** Ends a command whose documents to brief, or whose question, are none. `command` asks for briefs, such as `canswarm brief`. */
export function requireAsked(command: string, folder: string, question: string): void {
  requireFolder(
    folder,
    'A brief is made from the documents of a folder: .md, .txt, .rst, .adoc, .html, README and the like.',
    `Name a folder with documents, such as: ${command} docs --ask "..."`,
  );
  requireQuestion(question);
}

/** Why a path is no folder, or null when it is one. */
function notFolder(path: string): string | null {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return `there is no folder ${safe(path)}`;
    if (found.isDirectory()) return null;
    return found.isFile() ? `${safe(path)} is a file, not a folder` : `${safe(path)} is no folder`;
  } catch {
    return `${safe(path)} cannot be looked into`;
  }
}

function requireQuestion(question: string): void {
  const size = Buffer.byteLength(question);
  if (question.trim() !== '' && question.isWellFormed() && size <= QUESTION_BYTES_MAX) return;
  const what = size > QUESTION_BYTES_MAX ? `the question has ${size} bytes` : 'the question is empty or no text';
  throw new CliFailure(
    EXIT.usage,
    'question',
    what,
    `A question has 1 to ${QUESTION_BYTES_MAX} bytes of UTF-8.`,
    'Ask with: --ask "How do I ...?"',
  );
}
