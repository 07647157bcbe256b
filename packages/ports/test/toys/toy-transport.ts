import type { TransportHarness } from '../../src/compliance/index.ts';
import {
  assertMessage,
  assertRequest,
  type MessageHandler,
  type RequestHandler,
  type RequestOptions,
  type Transport,
  TransportError,
} from '../../src/index.ts';
import { toyWorld } from './toy-world.ts';

export type TransportFault =
  | 'delivers to the sender'
  | 'delivers inside publish'
  | 'shares its arrays'
  | 'never unsubscribes'
  | 'has one topic'
  | 'carries any size'
  | 'carries half the size'
  | 'lists itself'
  | 'delivers to the closed'
  | 'hides who asks'
  | 'answers any size'
  | 'waits for ever'
  | 'carries any request'
  | 'serves twice'
  | 'serves on'
  | 'keeps its peers to itself';

interface Member {
  readonly served: Map<string, RequestHandler>;
  readonly listeners: Set<(peers: readonly string[]) => void>;
  readonly handlers: { readonly topic: string; readonly handler: MessageHandler }[];
  open: boolean;
}

export function toyTransport(fault: TransportFault | null): TransportHarness {
  const members = new Map<string, Member>();

  const others = (id: string): string[] =>
    [...members]
      .flatMap(([other, { open }]) => (open && (other !== id || fault === 'lists itself') ? other : []))
      .sort();

  const publish = (id: string, topic: string, message: Uint8Array): void => {
    const sent = fault === 'shares its arrays' ? message : message.slice();
    for (const [other, member] of members) {
      if (other === id && fault !== 'delivers to the sender') continue;
      const receivers = member.handlers.filter((each) => each.topic === topic || fault === 'has one topic');
      const deliver = (): void => {
        for (const each of receivers) {
          const isThere = member.open && (member.handlers.includes(each) || fault === 'never unsubscribes');
          if (isThere || fault === 'delivers to the closed') {
            each.handler(fault === 'shares its arrays' ? sent : sent.slice(), id);
          }
        }
      };
      if (fault === 'delivers inside publish') deliver();
      else setImmediate(deliver);
    }
  };

  const endpoint = (id: string): Transport => {
    const member: Member = { handlers: [], served: new Map(), listeners: new Set(), open: true };
    members.set(id, member);
    return {
      id,
      publish(topic, message) {
        if (fault !== 'carries any size') assertMessage(message);
        const isLost = fault === 'carries half the size' && message.length > 1_800_000;
        if (member.open && !isLost) publish(id, topic, message);
      },
      subscribe(topic, handler) {
        const own = { topic, handler };
        member.handlers.push(own);
        return () => {
          const at = member.handlers.indexOf(own);
          if (at >= 0 && fault !== 'never unsubscribes') member.handlers.splice(at, 1);
        };
      },
      peers: () => (member.open ? others(id) : []),
      onPeers(listener) {
        member.listeners.add(listener);
        return () => member.listeners.delete(listener);
      },
      serve(protocol, handler) {
        if (member.served.has(protocol) && fault !== 'serves twice') throw new Error(`${protocol} is served already`);
        member.served.set(protocol, handler);
        return () => {
          if (fault !== 'serves on') member.served.delete(protocol);
        };
      },
      request: (peer, protocol, request, options) =>
        ask({ member, id, members, fault }, peer, { protocol, request, options }),
      async close() {
        member.open = false;
        if (fault === 'keeps its peers to itself') return;
        for (const [other, { listeners }] of members) {
          setImmediate(() => [...listeners].forEach((listener) => void listener(others(other))));
        }
      },
    };
  };

  return { ...toyWorld(), connect: async (count) => Array.from({ length: count }, (_, i) => endpoint(`toy ${i}`)) };
}

interface Asker {
  readonly member: Member;
  readonly id: string;
  readonly members: ReadonlyMap<string, Member>;
  readonly fault: TransportFault | null;
}

async function ask(
  { member, id, members, fault }: Asker,
  peer: string,
  { protocol, request, options }: { protocol: string; request: Uint8Array; options: RequestOptions },
): Promise<Uint8Array> {
  if (fault !== 'carries any request') assertRequest(protocol, request, options);
  if (!member.open) throw new TransportError('closed', 'closed');
  const other = members.get(peer);
  if (other?.open !== true) throw new TransportError('unreachable', 'not there');
  const handler = other.served.get(protocol);
  const sent = request.slice();
  await new Promise((resolve) => setImmediate(resolve));
  const answering = Promise.resolve(handler?.(sent, fault === 'hides who asks' ? '' : id)).catch(() => null);
  const late = new Promise<'late'>((resolve) => {
    if (fault !== 'waits for ever') setTimeout(() => resolve('late'), options.deadlineMs).unref();
  });
  const answer = await Promise.race([answering, late]);
  if (answer === 'late') throw new TransportError('deadline', 'late');
  if (answer === null || answer === undefined) throw new TransportError('refused', 'refused');
  if (answer.length > options.maxBytes && fault !== 'answers any size') throw new TransportError('too_large', 'large');
  return answer.slice();
}
