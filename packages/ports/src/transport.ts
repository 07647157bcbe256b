/** Largest message a transport carries, in bytes. */
export const TRANSPORT_MESSAGE_BYTES_MAX = 3_670_016;

/**
 * What a handler thinks of a message. `accept`: well-formed and new, worth forwarding. `ignore`: neither forward nor blame
 * (a duplicate, too old). `reject`: invalid, held against the peer that sent it.
 */
export type Verdict = 'accept' | 'ignore' | 'reject';

/** Judges one message; `from` is the id of the endpoint it came from, not proof of who wrote it. Must not throw. */
export type MessageHandler = (message: Uint8Array, from: string) => Verdict;

/** The gossip plane seen from one endpoint: available under partition, at least once, in no order. */
export interface Transport {
  /** This endpoint's id, unique in its network. */
  readonly id: string;

  /**
   * Sends `message` (at most `TRANSPORT_MESSAGE_BYTES_MAX` bytes) to every other endpoint subscribed to `topic`.
   *
   * Guarantees: each endpoint that is subscribed and reachable gets it at least once, so perhaps more often; the publisher
   * itself never gets it; messages may overtake each other; late subscribers get no history. No handler runs inside the
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

  /** Leaves the network. Afterwards no handler runs, `peers` is empty and other endpoints no longer list this one. Idempotent. */
  close(): Promise<void>;
}
