import { assertMessage, type Clock, type MessageHandler, type Random, type Transport } from '@canswarm/ports';
import { compareText } from '@canswarm/protocol';
import { type Latency, latencyDraw } from './latency.ts';

/** Most endpoints of one hub. */
export const ENDPOINTS_MAX = 4096;

export interface MemoryHubOptions {
  readonly clock: Clock;
  /** Latencies come from its stream `hub`. */
  readonly random: Random;
  /** Time from publish to each single delivery; drawn per message and receiver. Default 1 to 5 ms. */
  readonly latencyMs?: Latency;
}

/** A gossip network inside one process: every endpoint reaches every other. */
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
}

/** What the hub knows of an endpoint: per topic its handlers, in order of subscription. */
type Member = Map<string, Set<MessageHandler>>;

/** Makes a hub. Deliveries are events of the clock, so with a virtual clock and a seed every run is the same. */
export function memoryHub({ clock, random, latencyMs = { min: 1, max: 5 } }: MemoryHubOptions): MemoryHub {
  const members = new Map<string, Member>();
  const draw = latencyDraw(latencyMs, random.stream('hub'));
  const ids = (): string[] => [...members.keys()].sort(compareText);

  const publish = (from: string, topic: string, message: Uint8Array): void => {
    const bytes = message.slice();
    for (const [id, member] of members) {
      const handlers = member.get(topic);
      if (id === from || handlers === undefined || handlers.size === 0) continue;
      // Those who subscribe while the message is under way came too late for it.
      const receivers = [...handlers];
      clock.schedule(draw(), () => {
        for (const handler of receivers) {
          if (members.get(id) === member && handlers.has(handler)) handler(bytes.slice(), from);
        }
      });
    }
  };

  const endpoint = (id: string): Transport => {
    if (members.has(id)) throw new Error(`there is already an endpoint "${id}"`);
    if (members.size >= ENDPOINTS_MAX) throw new RangeError(`a hub has at most ${ENDPOINTS_MAX} endpoints`);
    const member: Member = new Map();
    members.set(id, member);
    const isThere = (): boolean => members.get(id) === member;
    return {
      id,
      publish(topic, message) {
        assertMessage(message);
        if (isThere()) publish(id, topic, message);
      },
      subscribe(topic, handler) {
        // A handler given twice is two subscriptions.
        const own: MessageHandler = (message, from) => handler(message, from);
        const handlers = member.get(topic) ?? new Set();
        member.set(topic, handlers.add(own));
        return () => handlers.delete(own);
      },
      peers: () => (isThere() ? ids().filter((other) => other !== id) : []),
      async close() {
        if (isThere()) members.delete(id);
      },
    };
  };

  return { endpoint, remove: (id) => void members.delete(id), ids };
}
