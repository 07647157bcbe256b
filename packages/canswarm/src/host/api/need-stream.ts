import type { Input, Output } from '@canswarm/api';
import type { NeedId } from '@canswarm/protocol';
import type { NeedBook, NeedRecord } from '../need-book.ts';

type Events = NonNullable<Output<'needEvents'>>;
type Event = Events extends AsyncIterable<infer E> ? E : never;

/** What streams are made of. */
export interface StorySource {
  readonly book: NeedBook;
  /** The need as it stands now, with what goes along. A copy: the book goes on writing in its own. */
  snapshot(record: NeedRecord): Snapshot;
  /** Tells what workers say of their progress from now on. */
  progress(need: NeedId, listener: (said: Said) => void): () => void;
}

/** A worker's word on how far it is. */
export type Said = Extract<Event, { type: 'progress' }>['data'];

export type Snapshot = Extract<Event, { type: 'record' }>['data'];

/** Lines of a story that are read at once. */
const LINES_AT_ONCE = 64;

/** Where a stream goes on: after an entry, or after the end that belongs to it. */
interface Place {
  readonly position: number;
  readonly index: number;
}

const idOf = (position: number, index: number): string => `${position}.${index}`;

function placeOf(id: string | undefined): Place | null {
  if (id === undefined) return null;
  const [position, index] = id.split('.').map(Number);
  return { position: position ?? 0, index: index ?? 0 };
}

/**
 * The story of a need after an event, from what the book keeps: a slow reader costs no memory, and what it has not read yet it
 * still gets. Null when nothing comes after that event.
 */
export function needStream(
  source: StorySource,
  record: NeedRecord,
  { lastEventId }: Pick<Input<'needEvents'>, 'lastEventId'>,
  signal: AbortSignal,
): Events | null {
  const from = placeOf(lastEventId);
  if (from !== null && isPast(from, record)) return null;
  return story(source, record.id, from, signal);
}

/** Whether a place lies at or after the end of a need. */
function isPast({ position, index }: Place, { settledAt }: NeedRecord): boolean {
  if (settledAt === null) return false;
  return position > settledAt || (position === settledAt && index >= 1);
}

async function* story(source: StorySource, id: NeedId, from: Place | null, signal: AbortSignal): AsyncGenerator<Event> {
  const { book } = source;
  const first = book.get(id);
  if (from === null && first !== undefined) yield { type: 'record', id: null, data: source.snapshot(first) };
  const said = newestOf(source, id);
  try {
    yield* told(source, id, { after: from?.position ?? 0, said, signal });
  } finally {
    said.stop();
  }
}

interface Telling {
  /** Position after which entries are told. */
  after: number;
  readonly said: Newest;
  readonly signal: AbortSignal;
}

async function* told(source: StorySource, id: NeedId, { after, said, signal }: Telling): AsyncGenerator<Event> {
  const { book } = source;
  let lostTold = 0;
  while (!signal.aborted) {
    const changed = nextChange(book, id, said, signal);
    try {
      // Read in one turn: what comes later is told by the next round.
      const record = book.get(id);
      const { lines, lostUntil } = book.story(id, after, LINES_AT_ONCE);
      if (record === undefined) return;
      const { stage, worker, reason, settledAt } = record;
      const due = lines.filter(({ event }) => settledAt === null || event.position <= settledAt);
      if (lostUntil > Math.max(after, lostTold)) {
        yield { type: 'gap', id: null, data: { after, until: lostUntil } };
        yield { type: 'record', id: null, data: source.snapshot(record) };
        lostTold = lostUntil;
      }
      for (const { event, after: left } of due) {
        const { type, stage: _, ...entry } = event;
        yield { type: 'entry', id: idOf(entry.position, 0), data: { ...entry, after: left } };
        after = entry.position;
      }
      if (due.length > 0) continue;
      if (settledAt !== null) {
        yield { type: 'end', id: idOf(settledAt, 1), data: { needId: id, stage, worker, reason, settledAt } };
        return;
      }
      const progress = said.take();
      if (progress !== null) yield { type: 'progress', id: null, data: progress };
      else await changed.promise;
    } finally {
      changed.stop();
    }
  }
}

/** The newest word on progress: a slow reader is told the last one, and those before it cost nothing. */
interface Newest {
  /** What was said since it was last taken, or null. */
  take(): Said | null;
  /** Told when there is something to take. */
  onSaid: () => void;
  stop(): void;
}

function newestOf({ progress }: StorySource, id: NeedId): Newest {
  let newest: Said | null = null;
  const made: Newest = {
    take() {
      const taken = newest;
      newest = null;
      return taken;
    },
    onSaid: () => undefined,
    stop: progress(id, (said) => {
      newest = said;
      made.onSaid();
    }),
  };
  return made;
}

/** Resolves at the next entry that touches the need, at the next word on progress, or when the reader is gone. */
function nextChange(
  book: NeedBook,
  id: NeedId,
  said: Newest,
  signal: AbortSignal,
): { readonly promise: Promise<void>; stop(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const forget = book.listen(id, () => resolve());
  const onAbort = (): void => resolve();
  said.onSaid = onAbort;
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    promise,
    stop() {
      forget();
      signal.removeEventListener('abort', onAbort);
    },
  };
}
