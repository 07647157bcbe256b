import type { AppliedEntry } from '@canswarm/node';
import { cidOf, type NeedId, utf8, verifyEntry } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { needStream, type Said, type StorySource } from '../../src/host/api/need-stream.ts';
import { NeedBook, type NeedRecord } from '../../src/host/need-book.ts';
import { crypto, type SmallLog, smallLog } from '../proof/small-log.ts';

const LATE = 40;

/** A need from post to pay, and then many that finalize it again, as nodes that did not know yet. */
function life(): { readonly entries: readonly AppliedEntry[]; readonly need: NeedId } {
  const cid = cidOf(utf8('nothing looks inside'), 'dag-cbor', crypto.sha256);
  const ref = { cid, leaves: 1 };
  const made = smallLog({ skill: 'brief', goal: 'why?', inputs: [ref], acceptance: cid, outputs: [ref] });
  const { log, need, commit } = made;
  for (let late = 0; late < LATE; late += 1) log.log(log.requester, need, 'FINALIZE', { commit });
  return { entries: appliedOf(log), need };
}

function appliedOf(log: SmallLog): readonly AppliedEntry[] {
  return log.applied.map((applied, index) => {
    const verdict = verifyEntry(log.entries[index]?.bytes ?? new Uint8Array(), crypto);
    if (!verdict.ok) throw new Error(verdict.code);
    return { ...applied, entry: verdict.entry };
  });
}

const settles = ({ events }: AppliedEntry): boolean => events.some(({ type }) => type === 'need_settled');

function bookOf(entries: readonly AppliedEntry[]): NeedBook {
  const book = new NeedBook((did) => did);
  for (const applied of entries) book.take(applied, { time: 7, needs: new Map() });
  return book;
}

type Events = NonNullable<ReturnType<typeof needStream>>;

function open(
  book: NeedBook,
  need: NeedId,
  lastEventId?: string,
  signal = new AbortController().signal,
  progress: StorySource['progress'] = () => () => undefined,
): Events | null {
  const record = book.get(need);
  if (record === undefined) throw new Error('the need is in the book');
  const snapshot = (now: NeedRecord) => ({ record: { ...now }, escrow: 1, people: [] });
  return needStream({ book, snapshot, progress }, record, { lastEventId }, signal);
}

const all = (events: Events | null): Promise<{ id: string | null; type: string; data: unknown }[]> =>
  firstOf(events, Number.POSITIVE_INFINITY);

async function firstOf(
  events: Events | null,
  count: number,
): Promise<{ id: string | null; type: string; data: unknown }[]> {
  const found: { id: string | null; type: string; data: unknown }[] = [];
  for await (const event of events ?? []) {
    found.push(event);
    if (found.length === count) break;
  }
  return found;
}

describe('the story of a need', () => {
  it('ends with the entry that settles the need, whatever names it later', async () => {
    const { entries, need } = life();
    const told = await all(open(bookOf(entries), need));
    const settled = entries.find(settles)?.position;
    expect(told.map(({ type }) => type)).toEqual(['record', ...told.slice(2).map(() => 'entry'), 'end']);
    expect(told.at(-2)).toMatchObject({
      id: `${settled}.0`,
      data: { position: settled, after: { settledAt: settled } },
    });
    expect(told.at(-1)).toMatchObject({ id: `${settled}.1`, data: { needId: need, settledAt: settled } });
  });

  it('goes on after any event: nothing is lost and nothing comes twice, on a node that started anew too', async () => {
    const { entries, need } = life();
    const [, ...whole] = await all(open(bookOf(entries), need));
    for (const [index, { id }] of whole.entries()) {
      const rest = await all(open(bookOf(entries), need, id ?? ''));
      expect(rest).toEqual(whole.slice(index + 1));
    }
    expect(new Set(whole.map(({ id }) => id)).size).toBe(whole.length);
  });

  it('says that nothing comes after the end', () => {
    const { entries, need } = life();
    const book = bookOf(entries);
    const settled = entries.find(settles)?.position ?? 0;
    expect(open(book, need, `${settled}.1`)).toBeNull();
    expect(open(book, need, `${settled + 1}.0`)).toBeNull();
    expect(open(book, need, `${settled}.0`)).not.toBeNull();
  });

  it('tells what happens while it is read, many entries in one breath too', async () => {
    const { entries, need } = life();
    const [first, ...rest] = entries;
    const book = bookOf(first === undefined ? [] : [first]);
    const told = all(open(book, need));
    await Promise.resolve();
    for (const applied of rest) book.take(applied, { time: 7, needs: new Map() });
    expect(await told).toHaveLength((await all(open(bookOf(entries), need))).length);
  });

  it('tells a reader that waits nothing more once it is gone', async () => {
    const { entries, need } = life();
    const book = bookOf(entries.slice(0, 1));
    const gone = new AbortController();
    const told = all(open(book, need, undefined, gone.signal));
    gone.abort();
    expect((await told).map(({ type }) => type)).toEqual(['record']);
  });

  it('tells the newest word on progress while the work goes on, and listens no longer than its reader', async () => {
    const { entries, need } = life();
    const book = bookOf(entries.slice(0, 1));
    const listening = new Set<(said: Said) => void>();
    const gone = new AbortController();
    const told = open(book, need, undefined, gone.signal, (_, listener) => {
      listening.add(listener);
      return () => listening.delete(listener);
    });
    const say = (done: number): void => {
      for (const listener of listening) listener({ from: 'did:key:z', role: 'worker', done, total: 9, note: '' });
    };
    const reading = told?.[Symbol.asyncIterator]();
    const next = async () => (await reading?.next())?.value;
    expect([(await next())?.type, (await next())?.type]).toEqual(['record', 'entry']);
    const waiting = next();
    await Promise.resolve();
    say(1);
    expect(await waiting).toMatchObject({ type: 'progress', id: null, data: { role: 'worker', done: 1, total: 9 } });
    say(2);
    say(3);
    expect(await next()).toMatchObject({ data: { done: 3 } });
    gone.abort();
    expect(await next()).toBeUndefined();
    expect(listening.size).toBe(0);
  });

  it('names what it keeps no more, and keeps what was accepted before what was rejected', async () => {
    const { entries, need } = life();
    const [first, ...rest] = entries;
    const rejected = entries.at(-1);
    if (first === undefined || rejected === undefined) throw new Error('no entries');
    const kept = [first, ...rest.slice(0, rest.findIndex(settles))];
    const book = bookOf(kept);
    const before = await firstOf(open(book, need, '0.0'), kept.length);
    for (let at = 1; at <= 2_100; at += 1)
      book.take({ ...rejected, position: 1_000 + at }, { time: 7, needs: new Map() });
    const told = await firstOf(open(book, need, '0.0'), kept.length + 2);
    expect(told[0]).toMatchObject({ type: 'gap', id: null, data: { after: 0 } });
    expect(told[1]).toMatchObject({ type: 'record' });
    const accepted = before.filter(({ data }) => (data as { accepted: boolean }).accepted);
    expect(told.slice(2, 2 + accepted.length)).toEqual(accepted);
  });
});
