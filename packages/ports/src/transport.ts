/** Largest message a transport carries, in bytes. */
export const TRANSPORT_MESSAGE_BYTES_MAX = 3_670_016;

/**
 * What a handler thinks of a message. `accept`: well-formed and new, worth forwarding. `known`: it holds what came before; others have
 * that too, and whoever passed it on may not have known. `ignore`: sound and of no use, by a sender who could have told. `reject`:
 * invalid, held against the peer that sent it.
 */
export type Verdict = 'accept' | 'known' | 'ignore' | 'reject';

/** Judges one message; `from` is the id of the endpoint it came from, not proof of who wrote it. Must not throw. */
export type MessageHandler = (message: Uint8Array, from: string) => Verdict;

/** Largest request that one endpoint makes of another, in bytes. */
export const TRANSPORT_REQUEST_BYTES_MAX = 65_536;

/** Largest answer to a request, in bytes. */
export const TRANSPORT_ANSWER_BYTES_MAX = 4_194_304;

/** Longest name of a protocol, in characters of `[a-z0-9./-]`. */
export const TRANSPORT_PROTOCOL_LENGTH_MAX = 64;

/**
 * Why a request has no answer.
 * - `unreachable`: the peer is not connected, or the connection broke.
 * - `deadline`: no whole answer in time.
 * - `too_large`: the answer is larger than the asker takes.
 * - `refused`: the peer does not serve this, is too busy, or will not answer.
 * - `closed`: this endpoint is closed.
 */
export type TransportErrorCode = 'unreachable' | 'deadline' | 'too_large' | 'refused' | 'closed';

/** Thrown by `Transport.request`. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportErrorCode;

  constructor(code: TransportErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Answers one request of the peer `from`; null: it will not. A rejection is a refusal too. The request is its own copy. */
export type RequestHandler = (request: Uint8Array, from: string) => Promise<Uint8Array | null>;

export interface RequestOptions {
  /** Milliseconds from the call until it fails with `deadline`, an integer >= 1. */
  readonly deadlineMs: number;
  /** Largest answer taken, in bytes, at most `TRANSPORT_ANSWER_BYTES_MAX`. */
  readonly maxBytes: number;
}

/** The gossip plane, and requests between two endpoints, seen from one endpoint: available under partition, at least once, in no order. */
export interface Transport {
  /** This endpoint's id, unique in its network. */
  readonly id: string;

  /**
   * Sends `message` (at most `TRANSPORT_MESSAGE_BYTES_MAX` bytes) to every other endpoint subscribed to `topic`.
   *
   * Guarantees: each endpoint that is subscribed and reachable gets it at least once, so perhaps more often; the publisher
   * itself never gets it; messages may overtake each other; who subscribes late cannot count on what was said before. No handler runs inside the
   * call. The bytes are taken at the call: changing the array afterwards changes no delivery. After `close` it does nothing.
   *
   * Throws RangeError for a larger message.
   */
  publish(topic: string, message: Uint8Array): void;

  /**
   * Calls `handler` for each message on `topic` until the returned function is called. The message is the handler's own
   * copy. A topic may have several handlers, each gets every message.
   */
  subscribe(topic: string, handler: MessageHandler): () => void;

  /** Ids of the other endpoints this one can reach now, ascending. */
  peers(): readonly string[];

  /** Calls `listener` with `peers()` each time it has changed, until the returned function is called. Never inside the call. */
  onPeers(listener: (peers: readonly string[]) => void): () => void;

  /**
   * Answers requests of `protocol` until the returned function is called. Throws when the protocol is served already. An
   * answer larger than `TRANSPORT_ANSWER_BYTES_MAX` is a refusal.
   */
  serve(protocol: string, handler: RequestHandler): () => void;

  /**
   * Asks one peer and resolves with its answer, the caller's own copy. What a peer answers is its word only.
   *
   * Rejects with a TransportError. Throws RangeError for a request, limit or deadline out of range.
   */
  request(peer: string, protocol: string, request: Uint8Array, options: RequestOptions): Promise<Uint8Array>;

  /** Leaves the network. Afterwards no handler runs, `peers` is empty and other endpoints no longer list this one. Idempotent. */
  close(): Promise<void>;
}
