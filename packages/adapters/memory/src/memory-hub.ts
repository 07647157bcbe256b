import {
  assertMessage,
  assertProtocol,
  assertRequest,
  type Clock,
  type MessageHandler,
  type Random,
  type RequestHandler,
  type RequestOptions,
  TRANSPORT_ANSWER_BYTES_MAX,
  type Transport,
  TransportError,
  type TransportErrorCode,
} from '@canswarm/ports';
import { compareText } from '@canswarm/protocol';
import { type Latency, latencyDraw } from './latency.ts';

/** Most endpoints of one hub. */
export const ENDPOINTS_MAX = 4096;

export interface MemoryHubOptions {
  readonly clock: Clock;
  /** Latencies come from its stream `hub`. */
  readonly random: Random;
  /** Time from publish to each single delivery, and of each way of a request; drawn one by one. Default 1 to 5 ms. */
  readonly latencyMs?: Latency;
  /** What becomes of what is sent, in place of those latencies. Without it all arrives, once. */
  readonly weather?: Weather;
  /** All who get a message get the same bytes, which none of them writes; by default each has its own. */
  readonly areBytesShared?: boolean;
}

/** What lies between two endpoints. */
export interface Weather {
  /** Delays (ms) of the copies that arrive; none: it is lost. Asked for each delivery, and for each way of a request. */
  deliveries(from: string, to: string): readonly number[];
  /** Whether the first can reach the second: it counts it as a peer and can ask it something. */
  reaches(from: string, to: string): boolean;
}

/** A gossip network inside one process: every endpoint reaches every other that the weather lets it. */
export interface MemoryHub {
  /** Adds an endpoint. Throws when the id is taken or the hub is full. */
  endpoint(id: string): Transport;
  /**
   * Takes an endpoint away as if its machine vanished: it gets nothing more and what it publishes goes nowhere. What it had
   * published before still arrives. Removing one that is not there does nothing.
   */
  remove(id: string): void;
  /** Ids of the endpoints that are there, ascending. */
  ids(): readonly string[];
  /** Tells all whom they reach, after the weather changed. */
  turned(): void;
}

/** What the hub knows of an endpoint; handlers in order of subscription. */
interface Member {
  readonly topics: Map<string, Set<MessageHandler>>;
  readonly served: Map<string, RequestHandler>;
  readonly listeners: Set<(peers: readonly string[]) => void>;
}

/** Makes a hub. Deliveries are events of the clock, so with a virtual clock and a seed every run is the same. */
export function memoryHub(options: MemoryHubOptions): MemoryHub {
  const hub = new Hub(options);
  return {
    endpoint: (id) => hub.endpoint(id),
    remove: (id) => hub.remove(id),
    ids: () => hub.ids(),
    turned: () => hub.turned(),
  };
}

class Hub {
  readonly #members = new Map<string, Member>();
  readonly #clock: Clock;
  readonly #weather: Weather;
  readonly #areBytesShared: boolean;

  constructor({ clock, random, latencyMs = { min: 1, max: 5 }, weather, areBytesShared = false }: MemoryHubOptions) {
    const draw = latencyDraw(latencyMs, random.stream('hub'));
    this.#clock = clock;
    this.#areBytesShared = areBytesShared;
    this.#weather = weather ?? { deliveries: () => [draw()], reaches: () => true };
  }

  ids(): readonly string[] {
    return [...this.#members.keys()].sort(compareText);
  }

  remove(id: string): void {
    if (this.#members.delete(id)) this.turned();
  }

  endpoint(id: string): Transport {
    if (this.#members.has(id)) throw new Error(`there is already an endpoint "${id}"`);
    if (this.#members.size >= ENDPOINTS_MAX) throw new RangeError(`a hub has at most ${ENDPOINTS_MAX} endpoints`);
    const member: Member = { topics: new Map(), served: new Map(), listeners: new Set() };
    this.#members.set(id, member);
    this.turned();
    const isThere = (): boolean => this.#members.get(id) === member;
    return {
      id,
      publish: (topic, message) => {
        assertMessage(message);
        if (isThere()) this.#publish(id, topic, message);
      },
      subscribe(topic, handler) {
        // A handler given twice is two subscriptions.
        const own: MessageHandler = (message, from) => handler(message, from);
        const handlers = member.topics.get(topic) ?? new Set();
        member.topics.set(topic, handlers.add(own));
        return () => handlers.delete(own);
      },
      peers: () => (isThere() ? this.#others(id) : []),
      onPeers(listener) {
        member.listeners.add(listener);
        return () => member.listeners.delete(listener);
      },
      serve(protocol, handler) {
        assertProtocol(protocol);
        if (member.served.has(protocol)) throw new Error(`${protocol} is served already`);
        member.served.set(protocol, handler);
        return () => {
          if (member.served.get(protocol) === handler) member.served.delete(protocol);
        };
      },
      request: (peer, protocol, request, options) => {
        assertRequest(protocol, request, options);
        if (!isThere()) return Promise.reject(new TransportError('closed', `the endpoint ${id} is closed`));
        return this.#request(id, peer, protocol, request.slice(), options);
      },
      close: async () => {
        if (!isThere()) return;
        this.#members.delete(id);
        this.turned();
      },
    };
  }

  #others(id: string): string[] {
    return this.ids().filter((other) => other !== id && this.#weather.reaches(id, other));
  }

  turned(): void {
    for (const [id, member] of this.#members) {
      if (member.listeners.size === 0) continue;
      this.#clock.schedule(0, () => {
        if (this.#members.get(id) !== member) return;
        for (const listener of [...member.listeners]) listener(this.#others(id));
      });
    }
  }

  #publish(from: string, topic: string, message: Uint8Array): void {
    const bytes = message.slice();
    for (const [id, member] of this.#members) {
      const handlers = member.topics.get(topic);
      if (id === from || handlers === undefined || handlers.size === 0) continue;
      // Those who subscribe while the message is under way came too late for it.
      const receivers = [...handlers];
      const arrives = (): void => {
        for (const handler of receivers) {
          if (this.#members.get(id) === member && handlers.has(handler))
            handler(this.#areBytesShared ? bytes : bytes.slice(), from);
        }
      };
      for (const delay of this.#weather.deliveries(from, id)) this.#clock.schedule(delay, arrives);
    }
  }

  #request(
    from: string,
    peer: string,
    protocol: string,
    request: Uint8Array,
    { deadlineMs, maxBytes }: RequestOptions,
  ): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const fail = (code: TransportErrorCode, what: string): void => {
        cancel();
        reject(new TransportError(code, `${peer} ${what}`));
      };
      const cancel = this.#clock.schedule(deadlineMs, () => fail('deadline', `did not answer within ${deadlineMs} ms`));
      const end = (answer: Uint8Array | null): void => {
        if (answer === null || answer.length > TRANSPORT_ANSWER_BYTES_MAX)
          return fail('refused', `refuses ${protocol}`);
        if (answer.length > maxBytes) return fail('too_large', `answers with ${answer.length} bytes`);
        cancel();
        resolve(answer.slice());
      };
      if (!this.#weather.reaches(from, peer)) {
        this.#clock.schedule(0, () => fail('unreachable', 'is not reached'));
        return;
      }
      // A copy of a request or of an answer changes nothing: the first that arrives counts.
      const first = (from: string, to: string, task: () => void): void => {
        const [delay] = [...this.#weather.deliveries(from, to)].sort((a, b) => a - b);
        if (delay !== undefined) this.#clock.schedule(delay, task);
      };
      first(from, peer, () => {
        const member = this.#members.get(peer);
        if (member === undefined) return fail('unreachable', 'is not there');
        const handler = member.served.get(protocol);
        const answering = handler === undefined ? Promise.resolve(null) : handler(request, from).catch(() => null);
        void answering.then((answer) => first(peer, from, () => end(answer)));
      });
    });
  }
}
