import type { ServerResponse } from 'node:http';
import type { NeedId } from '@canswarm/protocol';
import type { NeedBook } from '../need-book.ts';
import type { NeedLine } from './api.ts';

/** What a reader may leave unread before it is let go, bytes. */
const UNREAD_BYTES_MAX = 1024 * 1024;

/** Writes one line of a story. */
export function writeLine(response: ServerResponse, line: NeedLine): void {
  response.write(`${JSON.stringify(line)}\n`);
}

/**
 * Writes what happened to a need, then what happens, one JSON object a line, and ends the answer with the entry by which the
 * need is settled: later entries may still name it, and are not written.
 */
export function tellStory(book: NeedBook, id: NeedId, response: ServerResponse): void {
  const record = book.get(id);
  if (record === undefined) return void response.end();
  for (const event of book.events(id)) writeLine(response, { type: 'event', event, record });
  if (record.settledAt !== null) return void response.end();
  const stop = book.listen(id, (event, now) => {
    // A reader that does not read is let go rather than remembered for.
    if (response.writableLength > UNREAD_BYTES_MAX) {
      stop();
      return void response.destroy();
    }
    writeLine(response, { type: 'event', event, record: now });
    if (now.settledAt === null) return;
    // At once: the next entry comes before the answer has closed.
    stop();
    response.end();
  });
  response.once('close', stop);
}
