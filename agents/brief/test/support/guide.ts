import type { FolderDocument } from '../../src/corpus/scan-folder.ts';
import { textDocument } from './needs.ts';

const filler = (topic: string): string =>
  Array.from(
    { length: 12 },
    (_, index) =>
      `Part ${index + 1} of the ${topic} tells in some detail how the ${topic} is built and by whom it is kept.`,
  ).join('\n\n');

/** A few documents of an imaginary project, with more about other things than about the questions below. */
export const guide: readonly FolderDocument[] = [
  textDocument(
    'README.md',
    `# Kettle\n\nKettle boils water over the network.\n\n## Install\n\nInstall the kettle with care.\n`,
  ),
  textDocument(
    'SECURITY.md',
    '# Security\n\nTo report a vulnerability, write to the address below.\n\nReports are answered within three days.\n',
  ),
  textDocument('docs/boiler.md', `# Boiler\n\n${filler('boiler')}\n`),
  textDocument(
    'docs/lid.md',
    `# Lid\n\n${filler('lid')}\n\nA lid that reports a vulnerability of its hinge is replaced.\n`,
  ),
  textDocument('docs/handle.html', `<h1>Handle</h1><p>The handle never reports anything.</p>${filler('handle')}`),
];

export const guideQuestion = 'How do I report a vulnerability?';
