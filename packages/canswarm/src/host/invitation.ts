import { type Cid, decodeCbor, encodeCbor, isMap, Link, linkOf, ownField } from '@canswarm/protocol';
import { HostError } from './host-error.ts';

/** What somebody needs to join a network: which, where its peers are, where its log is, and a token that is good once. */
export interface Invitation {
  readonly network: Cid;
  /** Name of the network, for folders. */
  readonly name: string;
  /** Addresses of the inviting node (multiaddrs with its peer id). */
  readonly addresses: readonly string[];
  /** Where the decision log is, see `logPlace`; a file is shared by processes of one machine. */
  readonly log: string;
  /** 16 secret bytes: whoever shows them is let in, once. */
  readonly token: Uint8Array;
}

const PREFIX = 'can1';
const LENGTH_MAX = 4_096;

/** One word that people pass on. It is a secret until it was used. */
export function encodeInvitation({ network, name, addresses, log, token }: Invitation): string {
  const bytes = encodeCbor({ addresses: [...addresses], log, name, network: linkOf(network), token });
  return `${PREFIX}${Buffer.from(bytes).toString('base64url')}`;
}

/** Throws a HostError `invitation_broken`. */
export function decodeInvitation(word: string): Invitation {
  const text = word.trim();
  if (!text.startsWith(PREFIX) || text.length > LENGTH_MAX) throw broken();
  const decoded = decodeCbor(new Uint8Array(Buffer.from(text.slice(PREFIX.length), 'base64url')));
  if (!decoded.ok || !isMap(decoded.value)) throw broken();
  const map = decoded.value;
  const [network, name, log, token] = ['network', 'name', 'log', 'token'].map((key) => ownField(map, key));
  const listed = ownField(map, 'addresses');
  const addresses = Array.isArray(listed) ? listed.filter((item) => typeof item === 'string') : [];
  const whole =
    network instanceof Link && typeof name === 'string' && typeof log === 'string' && token instanceof Uint8Array;
  if (!whole || token.length !== 16 || addresses.length === 0) throw broken();
  return { network: network.cid, name, log, token, addresses };
}

const broken = (): HostError =>
  new HostError(
    'invitation_broken',
    'this is no invitation',
    'Copy the whole word that "canswarm up" or "canswarm invite" printed; it begins with can1.',
  );
