import type { State } from '@canswarm/kernel';
import type { RandomStream, Verdict } from '@canswarm/ports';
import {
  concat,
  decodeCbor,
  encodeCbor,
  isList,
  type Sha256,
  toHex,
  utf8,
  type VerifiedEnvelope,
} from '@canswarm/protocol';
import { MESSAGE_ENVELOPES_MAX, packMessage } from './message.ts';
import type { NodePorts } from './node-options.ts';
import type { HeldGroup, NegotiationView } from './view.ts';

/** What is held of a need, by its version in the view. */
interface Named {
  readonly version: string;
  readonly name: Uint8Array;
}

type HistoryView = Pick<NegotiationView, 'held' | 'isFit' | 'changes'>;

/** Protocol by which peers give each other the gossip of open needs. Wire format: `spec/10-peers.md`. */
const HISTORY_PROTOCOL = 'can/history/2';

/** A need of which an answerer holds the same as the asker is named by so many bytes of the digest of that; and at most so many are named. */
const NAME_BYTES = 16;
const NAMES_MAX = 2_048;
/** Envelopes and bytes of one answer. */
const ENVELOPES_MAX = 2_048;
const ANSWER_BYTES = 2_097_152;
/** Of an answer no group takes more than a part where so many or more are lacking. */
const SHARES_MAX = 8;
/** New peers asked at once; the others have nothing else to say. */
const ASKED_MAX = 3;
const ASK_MS = 5_000;
/** A peer may ask so often, ms; and one that answered with what does not verify is left alone for so long. */
const SERVE_EVERY_MS = 200;
const SHUN_MS = 60_000;
const PEERS_MAX = 1_024;

/**
 * Gossip that somebody missed: who meets a peer for the first time, or again, asks it for the gossip of open needs, and takes
 * it through the same ingress as any other. It says what it holds, and gets of no need what it has. Source: `spec/10-peers.md`, history.
 */
export class History {
  readonly #ports: Pick<NodePorts, 'transport' | 'clock' | 'meter'>;
  readonly #random: RandomStream;
  readonly #sha256: Sha256;
  readonly #view: HistoryView;
  readonly #state: State;
  readonly #hear: (message: Uint8Array) => Verdict;
  readonly #met = new Set<string>();
  readonly #servedAt = new Map<string, number>();
  readonly #shunned = new Map<string, number>();
  /** What is held, named as it was last: several peers ask at once, or are asked, and of most needs nothing changed since. */
  #names: ReadonlyMap<string, Named> = new Map();
  #namedAt = '';
  #closers: (() => void)[] = [];

  /** @param hear takes a gossip message as if a peer had sent it */
  constructor(
    ports: Pick<NodePorts, 'transport' | 'clock' | 'random' | 'meter'>,
    sha256: Sha256,
    { view, state }: { readonly view: HistoryView; readonly state: State },
    hear: (message: Uint8Array) => Verdict,
  ) {
    this.#ports = ports;
    this.#random = ports.random.stream('history');
    this.#sha256 = sha256;
    this.#view = view;
    this.#state = state;
    this.#hear = hear;
  }

  start(): void {
    const { transport } = this.#ports;
    this.#closers = [
      transport.serve(HISTORY_PROTOCOL, async (request, from) => this.#answer(request, from)),
      transport.onPeers((peers) => this.#meet(peers)),
    ];
    this.#meet(transport.peers());
  }

  close(): void {
    for (const close of this.#closers.splice(0)) close();
  }

  /** Asks again as if all peers were new: what they said in the meantime was not heard. */
  again(): void {
    this.#met.clear();
    this.#meet(this.#ports.transport.peers());
  }

  #meet(peers: readonly string[]): void {
    const fresh = peers.filter((peer) => !this.#met.has(peer));
    this.#met.clear();
    for (const peer of peers) this.#met.add(peer);
    const now = this.#ports.clock.now();
    const willing = fresh.filter((peer) => (this.#shunned.get(peer) ?? 0) <= now);
    for (let asked = 0; asked < ASKED_MAX && willing.length > 0; asked += 1) {
      const [peer] = willing.splice(this.#random.below(willing.length), 1);
      if (peer !== undefined) void this.#ask(peer);
    }
  }

  async #ask(peer: string): Promise<void> {
    const { transport, meter } = this.#ports;
    const limits = { deadlineMs: ASK_MS, maxBytes: ANSWER_BYTES + 131_072 };
    const answer = await transport.request(peer, HISTORY_PROTOCOL, this.#request(), limits).catch(() => null);
    if (answer === null || this.#closers.length === 0) return;
    const envelopes = unpack(answer);
    if (envelopes === null) return this.#shun(peer);
    meter.add('history.taken', envelopes.length);
    for (let start = 0; start < envelopes.length && this.#closers.length > 0; start += MESSAGE_ENVELOPES_MAX) {
      const verdict = this.#hear(packMessage(envelopes.slice(start, start + MESSAGE_ENVELOPES_MAX)));
      if (verdict === 'reject') return this.#shun(peer);
      // Signatures cost work: the rest is not looked at. A peer whose log is elsewhere is no liar, so it is asked again.
      if (verdict === 'ignore') return;
      await this.#turn();
    }
  }

  /** Lets others have their turn: a whole answer is the work of a second. */
  #turn(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ports.clock.schedule(0, resolve);
    return promise;
  }

  #answer(request: Uint8Array, from: string): Uint8Array | null {
    const { clock, meter } = this.#ports;
    const now = clock.now();
    if (now - (this.#servedAt.get(from) ?? Number.NEGATIVE_INFINITY) < SERVE_EVERY_MS) return null;
    this.#servedAt.delete(from);
    this.#servedAt.set(from, now);
    const [oldest] = this.#servedAt.keys();
    if (this.#servedAt.size > PEERS_MAX && oldest !== undefined) this.#servedAt.delete(oldest);
    const same = namesIn(request);
    if (same === null) return null;
    const envelopes = this.#lacking(same);
    meter.add('history.served', envelopes.length);
    return encodeCbor(envelopes);
  }

  /**
   * What this node holds of needs of which the asker does not hold the same, and could take. It begins anywhere, and no need takes
   * the room of all others: so whoever fills needs keeps none from being given, to whoever asks a few times.
   */
  #lacking(same: ReadonlySet<string>): Uint8Array[] {
    const names = this.#name();
    const lacking: HeldGroup[] = [];
    for (const group of this.#view.held(this.#state)) {
      const named = names.get(group.key);
      if (named !== undefined && !same.has(toHex(named.name))) lacking.push(group);
    }
    if (lacking.length === 0) return [];
    const shares = Math.min(lacking.length, SHARES_MAX);
    const start = this.#random.below(lacking.length);
    const given: Uint8Array[] = [];
    let bytes = 0;
    for (const group of [...lacking.slice(start), ...lacking.slice(0, start)]) {
      const room = {
        envelopes: Math.min(Math.floor(ENVELOPES_MAX / shares), ENVELOPES_MAX - given.length),
        bytes: Math.min(Math.floor(ANSWER_BYTES / shares), ANSWER_BYTES - bytes),
      };
      const part = this.#partOf(group, room);
      given.push(...part);
      bytes += part.reduce((sum, { length }) => sum + length, 0);
      if (given.length >= ENVELOPES_MAX) break;
    }
    return given;
  }

  /** What fits of a group, in its order: from anywhere on where not all does, and round to there. */
  #partOf({ envelopes }: HeldGroup, room: { readonly envelopes: number; readonly bytes: number }): Uint8Array[] {
    const fit = [...envelopes].filter((envelope) => this.#view.isFit(envelope, this.#state)).map(({ bytes }) => bytes);
    const size = fit.reduce((sum, { length }) => sum + length, 0);
    if (fit.length <= room.envelopes && size <= room.bytes) return fit;
    const start = this.#random.below(fit.length);
    const taken: number[] = [];
    let left = room.bytes;
    for (let step = 0; step < fit.length && taken.length < room.envelopes; step += 1) {
      const at = (start + step) % fit.length;
      left -= fit[at]?.length ?? 0;
      if (left < 0) break;
      taken.push(at);
    }
    return taken.sort((a, b) => a - b).flatMap((at) => fit[at] ?? []);
  }

  #request(): Uint8Array {
    const names = [...this.#name().values()].map(({ name }) => name);
    return concat(names.slice(-NAMES_MAX));
  }

  /** Names what this node holds, need by need. */
  #name(): ReadonlyMap<string, Named> {
    const now = `${this.#view.changes}/${this.#state.position}`;
    if (this.#namedAt === now) return this.#names;
    const names = new Map<string, Named>();
    for (const { key, version, envelopes } of this.#view.held(this.#state)) {
      const before = this.#names.get(key);
      const named = before?.version === version ? before : this.#nameAnew(version, envelopes);
      if (named !== null) names.set(key, named);
    }
    this.#names = names;
    this.#namedAt = now;
    return names;
  }

  /** Null where nothing is held. */
  #nameAnew(version: string, envelopes: Iterable<VerifiedEnvelope>): Named | null {
    const hashes = [...envelopes].map(({ hash }) => hash).sort();
    if (hashes.length === 0) return null;
    return { version, name: this.#sha256(concat(hashes.map(utf8))).slice(0, NAME_BYTES) };
  }

  #shun(peer: string): void {
    this.#ports.meter.add('history.shunned', 1);
    this.#shunned.set(peer, this.#ports.clock.now() + SHUN_MS);
    const [oldest] = this.#shunned.keys();
    if (this.#shunned.size > PEERS_MAX && oldest !== undefined) this.#shunned.delete(oldest);
  }
}

/** What an asker names, or null where that has no form. */
function namesIn(request: Uint8Array): ReadonlySet<string> | null {
  if (request.length % NAME_BYTES !== 0 || request.length > NAMES_MAX * NAME_BYTES) return null;
  const names = new Set<string>();
  for (let at = 0; at < request.length; at += NAME_BYTES) names.add(toHex(request.subarray(at, at + NAME_BYTES)));
  return names;
}

function unpack(answer: Uint8Array): readonly Uint8Array[] | null {
  const decoded = decodeCbor(answer);
  if (!decoded.ok || !isList(decoded.value) || decoded.value.length > ENVELOPES_MAX) return null;
  const envelopes: Uint8Array[] = [];
  for (const item of decoded.value) {
    if (!(item instanceof Uint8Array)) return null;
    envelopes.push(item);
  }
  return envelopes;
}
