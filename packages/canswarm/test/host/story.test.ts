import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AppliedEntry } from '@canswarm/node';
import { cidOf, type NeedId, utf8, verifyEntry } from '@canswarm/protocol';
import { afterEach, expect, it } from 'vitest';
import type { NeedLine } from '../../src/host/control/api.ts';
import { tellStory } from '../../src/host/control/story.ts';
import { NeedBook } from '../../src/host/need-book.ts';
import { crypto, type SmallLog, smallLog } from '../proof/small-log.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

const LATE = 40;

/** A need from post to pay, and then many that finalize it again, as nodes that did not know yet. */
function story(): { readonly entries: readonly AppliedEntry[]; readonly need: NeedId } {
  const cid = cidOf(utf8('nothing looks inside'), 'dag-cbor', crypto.sha256);
  const ref = { cid, leaves: 1 };
  const life = smallLog({ skill: 'brief', goal: 'why?', inputs: [ref], acceptance: cid, outputs: [ref] });
  const { log, need, commit } = life;
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

/** Asks for the story of a need over a real connection; resolves once it is being told. */
async function read(book: NeedBook, need: NeedId): Promise<{ story: IncomingMessage; told: ServerResponse }> {
  let told: ServerResponse | undefined;
  const server = createServer((_, response) => {
    told = response;
    response.flushHeaders();
    tellStory(book, need, response);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const call = request({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, agent: false }).end();
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  if (told === undefined) throw new Error('an answer without a request');
  return { story: answer, told };
}

async function linesOf(answer: IncomingMessage): Promise<readonly NeedLine[]> {
  const text = (await answer.toArray()).join('');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as NeedLine);
}

it('ends with the entry that settles the need, whatever names it in the same breath', async () => {
  const { entries, need } = story();
  const book = new NeedBook((did) => did);
  const [first, ...rest] = entries;
  if (first === undefined) throw new Error('no entries');
  book.take(first, { time: 0 });
  const { story: answer, told } = await read(book, need);
  const broken: unknown[] = [];
  told.on('error', (error) => broken.push(error));
  for (const applied of rest) book.take(applied, { time: 0 });
  const lines = await linesOf(answer);
  const last = entries.find(settles);
  expect(broken).toEqual([]);
  expect(last).toBeDefined();
  expect(lines.at(-1)).toMatchObject({ type: 'event', event: { position: last?.position } });
  expect(lines).toHaveLength(book.events(need).findIndex(({ position }) => position === last?.position) + 1);
});

it('tells a settled need to its end, later entries too, and ends', async () => {
  const { entries, need } = story();
  const book = new NeedBook((did) => did);
  for (const applied of entries) book.take(applied, { time: 0 });
  const lines = await linesOf((await read(book, need)).story);
  expect(lines).toHaveLength(book.events(need).length);
});

it('lets a reader go that does not read, and says no more to it', async () => {
  const { entries, need } = story();
  const book = new NeedBook((did) => did.repeat(2_000));
  const [first, ...rest] = entries;
  if (first === undefined) throw new Error('no entries');
  book.take(first, { time: 0 });
  const { story: answer, told } = await read(book, need);
  const gone = once(answer, 'error');
  const until = rest.findIndex(settles);
  for (let round = 0; round < 50; round += 1) {
    for (const applied of rest.slice(0, until)) book.take({ ...applied, events: [] }, { time: 0 });
  }
  expect(told.destroyed).toBe(true);
  answer.resume();
  expect(await gone).toMatchObject([{ code: 'ECONNRESET' }]);
});
