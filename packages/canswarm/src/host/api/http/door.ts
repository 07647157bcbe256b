import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { Problem } from './problem.ts';

/** By which way requests come, and what they must show there. */
export interface Door {
  /** Throws a Problem when the Host header could be a page's that speaks to this node by a name of its own. */
  checkHost(host: string | undefined): void;
  /** Throws a Problem when the Authorization header is not the owner's. */
  checkOwner(authorization: string | undefined): void;
}

/** The socket in the node's folder: whoever can open it is the owner. */
export const socketDoor: Door = { checkHost: () => undefined, checkOwner: () => undefined };

/** TCP: whoever has the token is the owner. */
export function tcpDoor(token: string): Door {
  const due = digestOf(token);
  return {
    checkHost(host = '') {
      const name = /^(?:\[([^\]]*)\]|([^:]*))(?::[0-9]{1,5})?$/.exec(host);
      const bare = name?.[1] ?? name?.[2] ?? '';
      if (isIP(bare) !== 0 || bare.toLowerCase() === 'localhost') return;
      const hint = 'Name the node by its IP address, or as localhost.';
      throw new Problem('host_refused', 'the Host header is neither an IP address nor localhost', hint);
    },
    checkOwner(authorization = '') {
      const [, shown = ''] = /^bearer +([^\s]{1,256})$/i.exec(authorization) ?? [];
      // Hashes have one length, and comparing them says nothing of how much was right.
      if (timingSafeEqual(digestOf(shown), due)) return;
      const hint = "Send Authorization: Bearer TOKEN; the token stands in api-token in the node's folder.";
      throw new Problem('unauthorized', 'this needs the token of the node', hint);
    },
  };
}

const digestOf = (text: string): Uint8Array => createHash('sha256').update(text).digest();
