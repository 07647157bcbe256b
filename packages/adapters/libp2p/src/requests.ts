import {
  type RequestHandler,
  type RequestOptions,
  TRANSPORT_ANSWER_BYTES_MAX,
  TransportError,
  type TransportErrorCode,
} from '@canswarm/ports';
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { answerFrame, FrameError, FrameReader, requestFrame } from './frames.ts';
import { newestConnection } from './newest-connection.ts';
import { Untaken } from './untaken.ts';

/** Requests of one connection served at once; more wait at the peer. */
const SERVED_AT_ONCE = 16;
/** Bytes of answers that one peer, and all, have not taken yet; who asks for more meanwhile is refused. */
const UNTAKEN_OF_PEER_MAX = 2 * TRANSPORT_ANSWER_BYTES_MAX;
const UNTAKEN_MAX = 32 * TRANSPORT_ANSWER_BYTES_MAX;
/** How long a peer may take to say its request and to take the answer, ms. */
const SERVE_MS = 30_000;

export interface RequestsTold {
  /** A peer sends what is no request. */
  onMalformed(peer: string): void;
  /** A peer did not take within the deadline what it asked for. */
  onUntaken(peer: string): void;
}

/** Requests to peers and from them, each on a stream of its own. Wire format: README, requests. */
export class Requests {
  readonly #libp2p: Libp2p;
  readonly #protocol: string;
  readonly #served = new Map<string, RequestHandler>();
  readonly #told: RequestsTold;
  readonly #untaken = new Untaken(UNTAKEN_OF_PEER_MAX, UNTAKEN_MAX);

  constructor(libp2p: Libp2p, protocol: string, told: RequestsTold) {
    this.#libp2p = libp2p;
    this.#protocol = protocol;
    this.#told = told;
  }

  async start(): Promise<void> {
    const options = { maxInboundStreams: SERVED_AT_ONCE, maxOutboundStreams: 4 * SERVED_AT_ONCE };
    await this.#libp2p.handle(this.#protocol, (stream, connection) => void this.#answer(stream, connection), options);
  }

  serve(protocol: string, handler: RequestHandler): () => void {
    if (this.#served.has(protocol)) throw new Error(`${protocol} is served already`);
    this.#served.set(protocol, handler);
    return () => {
      if (this.#served.get(protocol) === handler) this.#served.delete(protocol);
    };
  }

  async request(
    peer: string,
    protocol: string,
    request: Uint8Array,
    { deadlineMs, maxBytes }: RequestOptions,
  ): Promise<Uint8Array> {
    const frame = requestFrame(protocol, request);
    const signal = AbortSignal.timeout(deadlineMs);
    const connection = newestConnection(this.#libp2p, peerIdFromString(peer));
    if (connection === undefined) throw failed('unreachable', `${peer} is not connected`);
    let stream: Stream | undefined;
    const abort = (): void => stream?.abort(new Error('deadline'));
    signal.addEventListener('abort', abort, { once: true });
    try {
      stream = await connection.newStream(this.#protocol, { signal });
      stream.send(frame);
      const answer = await new FrameReader(stream).answer(maxBytes);
      if (answer === null) throw failed('refused', `${peer} refuses ${protocol}`);
      return answer;
    } catch (error) {
      throw errorOf(error, signal, peer, maxBytes);
    } finally {
      signal.removeEventListener('abort', abort);
      if (stream !== undefined) end(stream);
    }
  }

  async #answer(stream: Stream, connection: Connection): Promise<void> {
    const from = connection.remotePeer.toString();
    const signal = AbortSignal.timeout(SERVE_MS);
    const abort = (): void => stream.abort(new Error('deadline'));
    signal.addEventListener('abort', abort, { once: true });
    let length = 0;
    try {
      const { protocol, body } = await new FrameReader(stream).request();
      // Asked before an answer is made, so that what is refused costs nothing.
      const handler = this.#untaken.hasRoom(from) ? this.#served.get(protocol) : undefined;
      const answer = handler === undefined ? null : await Promise.resolve(handler(body, from)).catch(() => null);
      const fits = answer !== null && answer.length <= TRANSPORT_ANSWER_BYTES_MAX && this.#untaken.hasRoom(from);
      const frame = answerFrame(fits ? answer : null);
      length = frame.length;
      this.#untaken.add(from, length);
      stream.maxWriteBufferLength = 2 * TRANSPORT_ANSWER_BYTES_MAX;
      stream.send(frame);
      await stream.close({ signal });
    } catch (error) {
      if (error instanceof FrameError && error.code !== 'truncated') this.#told.onMalformed(from);
      else if (signal.aborted && length > 0) this.#told.onUntaken(from);
      stream.abort(error instanceof Error ? error : new Error(String(error)));
    } finally {
      signal.removeEventListener('abort', abort);
      this.#untaken.add(from, -length);
    }
  }
}

const failed = (code: TransportErrorCode, message: string, cause?: unknown): TransportError =>
  new TransportError(code, message, { cause });

function errorOf(error: unknown, signal: AbortSignal, peer: string, maxBytes: number): TransportError {
  if (error instanceof TransportError) return error;
  if (signal.aborted) return failed('deadline', `${peer} did not answer in time`, error);
  if (error instanceof FrameError && error.code === 'too_large') {
    return failed('too_large', `${peer} answers with more than ${maxBytes} bytes`, error);
  }
  if (error instanceof FrameError && error.code === 'malformed')
    return failed('refused', `${peer} answers nonsense`, error);
  return failed('unreachable', `the connection to ${peer} broke`, error);
}

/** An answer that was not read to its end is of no use to anybody. */
function end(stream: Stream): void {
  if (stream.status === 'open') stream.abort(new Error('done'));
}
