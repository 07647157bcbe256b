import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Leaves the body open: it never ends. */
  readonly open?: boolean;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Where to ask: an address, or the path of a socket. */
export type Place = { readonly address: string } | { readonly socketPath: string };

/** Begins a request and gives its answer's head. */
export function begin(
  place: Place,
  asked: Asked,
): { readonly call: ClientRequest; readonly answer: Promise<IncomingMessage> } {
  const { method = 'GET', path, headers = {}, body, open = false } = asked;
  const to = 'address' in place ? { host: '127.0.0.1', port: new URL(place.address).port } : place;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const call = request({ ...to, method, path, headers, agent: false }, resolve);
  call.on('error', reject);
  if (open) call.write(body ?? '');
  else call.end(body);
  return { call, answer: promise };
}

/** Asks, and takes the whole answer. */
export async function ask(place: Place, asked: Asked): Promise<Answered> {
  const { call, answer } = begin(place, asked);
  const message = await answer;
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  call.destroy();
  return { status: message.statusCode ?? 0, headers: message.headers, body: Buffer.concat(chunks) };
}
