import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import { CliFailure, EXIT } from './failure.ts';
import type { Sink } from './io.ts';

/**
 * Asks on a terminal and gives the line that was typed; nothing of it is shown. Ctrl-C interrupts the command, the end of
 * the input is no answer. `input` must be a terminal.
 */
export async function askHidden(
  question: string,
  { input, output, signal }: { readonly input: Readable; readonly output: Sink; readonly signal: AbortSignal },
): Promise<string> {
  output.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  try {
    return await new Promise<string>((resolve, reject) => {
      const interrupted = (): void =>
        reject(new CliFailure(EXIT.interrupted, 'interrupted', 'interrupted', 'Nothing was changed.', ''));
      reader.once('line', resolve);
      reader.once('SIGINT', interrupted);
      reader.once('close', () =>
        reject(new CliFailure(EXIT.usage, 'no_answer', 'there was no answer', 'Nothing was changed.', 'Try again.')),
      );
      signal.addEventListener('abort', interrupted, { once: true });
    });
  } finally {
    reader.close();
    output.write('\n');
  }
}
