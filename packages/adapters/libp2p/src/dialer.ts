import { decodeCbor, encodeCbor, isList } from '@canswarm/protocol';
import type { Libp2p } from '@libp2p/interface';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import type { Gate } from './gate.ts';
import { KnownPeers } from './known-peers.ts';
import type { Requests } from './requests.ts';

/** Own protocol by which connected peers tell each other whom they know. */
export const PEERS_PROTOCOL = 'can/peers/1';

/** Between two rounds of dialling who is missing: first, longest, and by how much each failed round grows, ms. */
const ROUND_MS = 250;
const ROUND_MS_MAX = 5_000;
const ROUND_FACTOR = 1.6;
const DIAL_MS = 3_000;
/** Addresses told or taken at once. */
const TOLD_MAX = 32;
/** With so many connections nobody is dialled for company. */
const ENOUGH = 24;
const ASK_MS = 2_000;
const ASK_BYTES_MAX = 16_384;

/**
 * Keeps connected: peers that the owner named are dialled again and again while they are missing, ever more slowly; those
 * that peers tell of are dialled while there are few connections.
 */
export class Dialer {
  readonly #libp2p: Libp2p;
  readonly #gate: Gate;
  readonly #named: readonly Multiaddr[];
  readonly #known = new KnownPeers();
  readonly #dialling = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #delayMs = ROUND_MS;
  #closed = false;

  constructor(libp2p: Libp2p, gate: Gate, named: readonly string[]) {
    this.#libp2p = libp2p;
    this.#gate = gate;
    this.#named = named.map((address) => multiaddr(address));
    for (const address of this.#named) {
      const peer = peerOf(address);
      if (peer !== null) gate.name(peer);
    }
  }

  start(): void {
    this.#round();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** A peer is gone or was found: looks again soon. */
  hurry(): void {
    this.#delayMs = ROUND_MS;
    if (this.#timer === undefined || this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#round(), this.#delayMs);
  }

  /** Notes where a peer listens that is connected, or that somebody tells of. */
  learn(peer: string, addresses: readonly string[], isMet: boolean): void {
    const [address] = addresses.filter((text) => text.length <= 256 && text.includes('/tcp/'));
    if (address === undefined || peer === this.#libp2p.peerId.toString()) return;
    this.#known.learn(peer, address.includes('/p2p/') ? address : `${address}/p2p/${peer}`, isMet);
  }

  /** What this node tells a peer: addresses of those it is connected with. */
  tell(): Uint8Array {
    const connected = this.#libp2p.getPeers().map((peer) => peer.toString());
    const addresses = connected.flatMap((peer) => this.#known.addressOf(peer) ?? []);
    return encodeCbor(addresses.slice(-TOLD_MAX));
  }

  /** Asks a peer whom it knows. What it says is only ever dialled, never believed. */
  async ask(peer: string, requests: Requests): Promise<void> {
    const options = { deadlineMs: ASK_MS, maxBytes: ASK_BYTES_MAX };
    const answer = await requests.request(peer, PEERS_PROTOCOL, new Uint8Array(), options).catch(() => null);
    const decoded = answer === null ? null : decodeCbor(answer);
    if (decoded?.ok !== true || !isList(decoded.value)) return;
    for (const address of decoded.value.slice(0, TOLD_MAX)) {
      const told = typeof address === 'string' ? parsed(address) : null;
      const id = told === null ? null : peerOf(told);
      if (told === null || id === null || this.#known.has(id)) continue;
      this.learn(id, [told.toString()], false);
    }
    this.hurry();
  }

  #round(): void {
    if (this.#closed) return;
    const missing = this.#missing();
    for (const [peer, address] of missing) void this.#dial(peer, address);
    this.#delayMs = missing.length === 0 ? ROUND_MS_MAX : Math.min(ROUND_MS_MAX, this.#delayMs * ROUND_FACTOR);
    // Nodes that were cut apart together do not dial each other in step.
    this.#timer = setTimeout(() => this.#round(), this.#delayMs * (0.75 + Math.random() / 2));
  }

  #missing(): readonly (readonly [string, Multiaddr])[] {
    const connected = new Set(this.#libp2p.getPeers().map((peer) => peer.toString()));
    const isMissing = (peer: string): boolean =>
      !connected.has(peer) && !this.#gate.isDenied(peer) && !this.#dialling.has(peer);
    const wanted = new Map<string, Multiaddr>();
    for (const address of this.#named) wanted.set(peerOf(address) ?? address.toString(), address);
    if (connected.size < ENOUGH) {
      for (const [peer, address] of this.#known.next((one) => isMissing(one) && !wanted.has(one))) {
        const known = parsed(address);
        if (known !== null) wanted.set(peer, known);
      }
    }
    return [...wanted].filter(([peer]) => isMissing(peer));
  }

  async #dial(peer: string, address: Multiaddr): Promise<void> {
    this.#dialling.add(peer);
    try {
      await this.#libp2p.dial(address, { signal: AbortSignal.timeout(DIAL_MS) });
    } catch {
      // It is not there, or will not have us; the next round tries again.
      this.#known.failed(peer);
    } finally {
      this.#dialling.delete(peer);
    }
  }
}

function parsed(text: string): Multiaddr | null {
  try {
    return multiaddr(text);
  } catch {
    return null;
  }
}

/** The peer that an address ends with. */
function peerOf(address: Multiaddr): string | null {
  return address.getComponents().findLast(({ name }) => name === 'p2p')?.value ?? null;
}
