import type { TransportHarness } from '../../src/compliance/index.ts';
import { assertMessage, type MessageHandler, type Transport } from '../../src/index.ts';
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
  | 'delivers to the closed';

interface Member {
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
    const member: Member = { handlers: [], open: true };
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
      async close() {
        member.open = false;
      },
    };
  };

  return { ...toyWorld(), connect: async (count) => Array.from({ length: count }, (_, i) => endpoint(`toy ${i}`)) };
}
