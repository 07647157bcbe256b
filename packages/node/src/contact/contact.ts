import type { Clock, DecisionLog, Meter, RandomStream, Transport } from '@canswarm/ports';
import { TransportError } from '@canswarm/ports';
import { Detector, type Sight } from './detector.ts';
import type { ContactSettings } from './settings.ts';

/** Asks a peer for a sign of life; the answer is empty. Wire format: `spec/10-peers.md`, contact. */
const CONTACT_PROTOCOL = 'can/contact/1';
/** Peers asked at once. */
const ASKED_MAX = 3;
/** Questions to the log that may be unanswered at once. */
const UNANSWERED_MAX = 8;
/** While something is lost and was just found, the next look comes so much sooner: what is due there waits for it. */
const SOONER = 10;
const NOTHING = new Uint8Array();

/** What a node can reach: all, all but one of the two, or neither. */
export type ContactState = 'online' | 'log_lost' | 'peers_lost' | 'isolated';

/** What a node believes of its contact with the world. */
export interface Contacts {
  readonly state: ContactState;
  /** The log: it answers, its records come, and it takes what this node appends. */
  readonly log: Sight;
  /** The other nodes: at least one of them was heard. Never lost where nobody else takes part. */
  readonly peers: Sight;
}

export interface ContactOptions {
  readonly settings: ContactSettings;
  readonly shard: string;
  readonly log: Pick<DecisionLog, 'head'>;
  readonly transport: Pick<Transport, 'peers' | 'request' | 'serve'>;
  readonly clock: Clock;
  readonly random: RandomStream;
  readonly meter: Meter;
  /** Cursor of the last record taken. */
  readonly cursor: () => number;
  /** Why what this node appended is not known to have been taken; null: it was, or there is nothing. */
  readonly unwritten: () => string | null;
  /** The log answered while it counts as lost: what waits for it may be tried. */
  readonly onSign: () => void;
  /** Whether others than this node take part. */
  readonly hasOthers: () => boolean;
  readonly onChange: (contacts: Contacts, what: 'log' | 'peers') => void;
}

/**
 * Two detectors: whether the node is cut off from the log, and from its peers. It looks at both in a rhythm and asks only where nothing
 * came by itself, so a busy node asks nothing. What is believed is for the node alone; no peer learns of it, and no rule of the law reads it.
 */
export class Contact {
  readonly #options: ContactOptions;
  readonly #log: Detector;
  readonly #peers: Detector;
  #unserve: (() => void) | null = null;
  #cancel: (() => void) | null = null;
  #isHeard = false;
  #isLooking = false;
  /** A look is due at once. */
  #isSoon = false;
  /** Questions to the log without an answer. */
  #unanswered = 0;
  #cursor = 0;
  /** Whether the log was ahead at the last look. */
  #wasAhead = false;

  constructor(options: ContactOptions) {
    const { settings, clock } = options;
    this.#options = options;
    this.#log = new Detector(settings, clock.now());
    this.#peers = new Detector(settings, clock.now());
  }

  get contacts(): Contacts {
    const [log, peers] = [this.#log.sight, this.#peers.sight];
    return { state: STATES[log.lost ? 1 : 0][peers.lost ? 1 : 0], log, peers };
  }

  get logIsLost(): boolean {
    return this.#log.sight.lost;
  }

  start(): void {
    this.#cursor = this.#options.cursor();
    this.#unserve = this.#options.transport.serve(CONTACT_PROTOCOL, async () => {
      this.heard();
      return NOTHING;
    });
    this.#later(this.#options.settings.everyMs);
  }

  close(): void {
    this.#unserve?.();
    this.#unserve = null;
    this.#cancel?.();
  }

  /** Something came from a peer, whatever it was. */
  heard(): void {
    this.#isHeard = true;
    if (this.#peers.sight.lost) this.#soon();
  }

  /** Records came from the log. */
  came(): void {
    if (this.logIsLost) this.#soon();
  }

  /** Looks at once, unless it looks now. */
  #soon(): void {
    if (this.#isLooking || this.#isSoon || this.#unserve === null) return;
    this.#isSoon = true;
    this.#later(0);
  }

  #later(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#options.clock.schedule(ms, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#isSoon = false;
    this.#isLooking = true;
    const [log, peers] = await Promise.all([this.#lookAtLog(), this.#lookAtPeers()]);
    this.#isLooking = false;
    if (this.#unserve === null) return;
    this.#note('log', this.#log, log);
    this.#note('peers', this.#peers, peers);
    const { everyMs } = this.#options.settings;
    const isFound = (this.#log.sight.lost && log === null) || (this.#peers.sight.lost && peers === null);
    this.#later(isFound ? Math.ceil(everyMs / SOONER) : everyMs);
  }

  #note(what: 'log' | 'peers', detector: Detector, why: string | null): void {
    const { clock, meter, onChange } = this.#options;
    const { since } = detector.sight;
    const now = clock.now();
    if (!detector.note(why, now)) return;
    const { lost } = detector.sight;
    meter.add(`contact.${what}.${lost ? 'lost' : 'back'}`, 1);
    if (!lost) meter.add(`contact.${what}.lost_ms`, Math.max(0, now - since));
    onChange(this.contacts, what);
  }

  /** Null: it is there. */
  async #lookAtLog(): Promise<string | null> {
    const { settings, cursor, unwritten, onSign } = this.#options;
    const before = this.#cursor;
    this.#cursor = cursor();
    const moved = this.#cursor > before;
    if (moved && !this.logIsLost) return unwritten();
    const head = await this.#head();
    if (typeof head === 'string') return head;
    const isAhead = head > cursor();
    const isStuck = isAhead && this.#wasAhead && !moved;
    this.#wasAhead = isAhead;
    if (isStuck) return `it goes on to record ${head}, and nothing came after ${cursor()} for ${settings.everyMs} ms`;
    const why = unwritten();
    if (this.logIsLost) onSign();
    return why;
  }

  /** The log's head, or why it is not known. */
  async #head(): Promise<number | string> {
    const { log, shard, clock, settings } = this.#options;
    const late = `it does not answer within ${settings.deadlineMs} ms`;
    if (this.#unanswered >= UNANSWERED_MAX) return late;
    this.#unanswered += 1;
    const asked = log.head(shard).then(
      (head): number | string => head,
      (error: unknown): string => textOf(error),
    );
    void asked.then(() => {
      this.#unanswered -= 1;
    });
    return new Promise((resolve) => {
      const cancel = clock.schedule(settings.deadlineMs, () => resolve(late));
      void asked.then((head) => {
        cancel();
        resolve(head);
      });
    });
  }

  /** Null: one was heard. */
  async #lookAtPeers(): Promise<string | null> {
    const { transport, random, settings, hasOthers } = this.#options;
    const wasHeard = this.#isHeard;
    this.#isHeard = false;
    if (wasHeard || !hasOthers()) return null;
    const peers = [...transport.peers()];
    if (peers.length === 0) return 'it is connected with no peer';
    const asked: string[] = [];
    while (asked.length < ASKED_MAX && peers.length > 0) asked.push(...peers.splice(random.below(peers.length), 1));
    const limits = { deadlineMs: settings.deadlineMs, maxBytes: 1_024 };
    const answers = await Promise.all(
      asked.map((peer) =>
        transport.request(peer, CONTACT_PROTOCOL, NOTHING, limits).then(
          () => true,
          // Who refuses is there.
          (error: unknown) => error instanceof TransportError && error.code === 'refused',
        ),
      ),
    );
    const isThere = answers.includes(true) || this.#isHeard;
    return isThere ? null : `of ${asked.length} peers none answers within ${settings.deadlineMs} ms`;
  }
}

/** By whether the log, then whether the peers are lost. */
const STATES: readonly [readonly [ContactState, ContactState], readonly [ContactState, ContactState]] = [
  ['online', 'peers_lost'],
  ['log_lost', 'isolated'],
];

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
