import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { seatsEscrowed } from '@canswarm/kernel';
import { asNeedId, type NeedId, parseCid } from '@canswarm/protocol';
import { HostError } from '../host-error.ts';
import { encodeInvitation } from '../invitation.ts';
import { postBrief } from '../post-brief.ts';
import { writeResult } from '../result.ts';
import { type HostParts, nameOf, removeSocket } from '../run-host.ts';
import { statusOf } from '../status.ts';
import type { ControlFailure, PostNeed, WriteResult } from './api.ts';
import { tellStory, writeLine } from './story.ts';

const BODY_BYTES_MAX = 65_536;
const PATH_BYTES_MAX = 104;
/** Commands served at once; each of them is of the owner of the home. */
const CONNECTIONS_MAX = 64;
const BODY_MS = 10_000;
/** How long a peer may take to show that it is there, ms. */
const REACH_MS = 1_500;

export interface ControlOptions {
  readonly parts: HostParts;
  /** Told when a command asks the node to end. */
  readonly onStop: () => void;
}

/** The door by which commands of the same user speak to a running node: HTTP over a socket in the node's folder. */
export async function controlServer({ parts, onStop }: ControlOptions): Promise<{ close(): Promise<void> }> {
  const path = parts.folder.controlPath;
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) {
    throw new HostError(
      'usage',
      `the path ${path} is too long for a socket`,
      'Choose a home with a shorter path: --home FOLDER',
    );
  }
  const server = createServer((request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    route({ request, response, parts, onStop, signal: gone.signal }).catch((error: unknown) => fail(response, error));
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.requestTimeout = BODY_MS;
  removeSocket(path);
  await listen(server, path);
  chmodSync(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve());
  });

interface Call extends ControlOptions {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
}

async function route(call: Call): Promise<void> {
  const { request, response, parts, onStop, signal } = call;
  const path = (request.url ?? '').split('?')[0] ?? '';
  const { method } = request;
  if (method === 'GET' && path === '/v1/status') return reply(response, await statusOf(parts));
  if (method === 'GET' && path === '/v1/reach') return reply(response, await parts.transport.reach(REACH_MS));
  if (method === 'GET' && path === '/v1/needs') return reply(response, parts.book.list());
  if (method === 'POST' && path === '/v1/needs') {
    return reply(response, await postBrief(parts, asPost(await body(request)), signal));
  }
  if (method === 'POST' && path === '/v1/invitations') return reply(response, { invitation: invite(parts) });
  if (method === 'POST' && path === '/v1/stop') {
    reply(response, { stopping: true });
    return onStop();
  }
  const [, name = '', what = ''] = /^\/v1\/needs\/([a-z0-9]+)(?:\/([a-z]+))?$/.exec(path) ?? [];
  if (name === '')
    throw new HostError('not_found', `there is no ${method} ${path}`, 'Is it the same version of canswarm?');
  const id = needOf(parts, name);
  if (method === 'GET' && what === '') return reply(response, parts.book.get(id));
  if (method === 'GET' && what === 'events') return follow(call, id);
  if (method === 'POST' && what === 'cancel') return reply(response, await cancel(parts, id));
  if (method === 'POST' && what === 'result')
    return reply(response, await result(parts, id, asWrite(await body(request))));
  throw new HostError('not_found', `there is no ${method} ${path}`, 'Is it the same version of canswarm?');
}

/** A need by its id or the end of it, as people copy it. */
function needOf({ book }: HostParts, name: string): NeedId {
  const cid = parseCid(name);
  if (cid !== undefined && book.get(asNeedId(cid)) !== undefined) return asNeedId(cid);
  const like = name.length < 6 ? [] : book.list().filter(({ id }) => id.endsWith(name));
  const [only] = like;
  if (only !== undefined && like.length === 1) return only.id;
  throw new HostError('not_found', `this node knows no need ${name}`, 'List them with: canswarm need list');
}

function invite({ desk, file, transport, folder }: HostParts): string {
  if (desk === null) {
    throw new HostError(
      'refused',
      `the node "${file.name}" cannot invite`,
      'Only the node that made the network can: run it there.',
    );
  }
  const { addresses } = transport.status();
  const { network, log } = file;
  return encodeInvitation({ network, name: folder.network.name, addresses, log, token: desk.invite() });
}

async function cancel({ node, book, file }: HostParts, id: NeedId): Promise<{ readonly needId: NeedId }> {
  const record = book.get(id);
  const own = file.agents.find(({ did }) => did === record?.requester);
  if (own === undefined)
    throw new HostError('refused', 'this need is of somebody else', 'Only its requester can take it back.');
  const need = node.state.needs.get(id);
  if (need === undefined || record?.settledAt !== null) {
    throw new HostError('refused', 'the need has ended already', `See how: canswarm need watch ${id}`);
  }
  if (need.lease !== null || need.commits.length > 0) {
    const hint = 'Its worker is paid for what passes; what is left over comes back.';
    throw new HostError('refused', 'somebody works on the need: it cannot be taken back now', hint);
  }
  await node.command(own.did, { verb: 'CANCEL', body: { need: id } }, id);
  return { needId: id };
}

async function result(parts: HostParts, id: NeedId, { out, includeSources }: WriteResult): Promise<unknown> {
  const { genesis, node, book, content, crypto } = parts;
  const record = book.get(id);
  if (record === undefined) throw new HostError('not_found', `this node knows no need ${id}`, '');
  return writeResult({ genesis, node, record, content, crypto, out, includeSources });
}

/** The story of a need, one JSON object a line, until it is settled or the reader goes. */
function follow({ response, parts }: Call, id: NeedId): void {
  const { book, node, file } = parts;
  const record = book.get(id);
  if (record === undefined) return;
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const name = nameOf(file, node);
  const people = [...node.state.members.keys()].map((did) => ({ did, name: name(did) }));
  const escrow = record.body.priceCap + record.body.seatFee * seatsEscrowed(node.state);
  writeLine(response, { type: 'record', record, escrow, people });
  tellStory(book, id, response);
}

function reply(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function fail(response: ServerResponse, error: unknown): void {
  const known = error instanceof Error && 'code' in error && typeof error.code === 'string';
  const hint = error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : '';
  const failure: ControlFailure = {
    code: known ? String(error.code) : 'defect',
    message: error instanceof Error ? error.message : String(error),
    hint,
  };
  if (response.headersSent) return void response.destroy();
  response.writeHead(known ? 409 : 500, { 'content-type': 'application/json' });
  response.end(JSON.stringify(failure));
}

async function body(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new HostError('usage', 'the request is too large', '');
    chunks.push(chunk);
  }
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
  if (typeof value !== 'object' || value === null) throw new HostError('usage', 'the request is no object', '');
  return value as Readonly<Record<string, unknown>>;
}

function asPost({ folder, question, maxStatements, priceCap, seatFee }: Readonly<Record<string, unknown>>): PostNeed {
  const whole = (value: unknown, least: number, most: number): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
  if (typeof folder !== 'string' || typeof question !== 'string' || question.trim() === '') {
    throw new HostError('usage', 'a need is posted with a folder and a question', '');
  }
  if (!whole(maxStatements, 1, 64) || !whole(priceCap, 1, 1e15) || !whole(seatFee, 1, 1e15)) {
    throw new HostError('usage', 'an amount or number is out of range', '');
  }
  return { folder, question, maxStatements, priceCap, seatFee };
}

function asWrite({ out, includeSources }: Readonly<Record<string, unknown>>): WriteResult {
  if (typeof out !== 'string' || typeof includeSources !== 'boolean') throw new HostError('usage', 'name a folder', '');
  return { out, includeSources };
}
