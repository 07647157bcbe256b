import type { Did, Payload } from '@canswarm/protocol';

/** Entries of a kind that are looked back at, and the most that counts: so nobody makes others wait for long. */
const ENTRIES_MAX = 32;
const CROWD_MAX = 16;

/** How many keys raced of late for what only one of them gets: so many waits lie between the first and the last of them. */
export class Crowd {
  readonly #senders = new Map<Payload['verb'], Did[]>([
    ['CLAIM', []],
    ['CHALLENGE', []],
  ]);

  /** An entry that the log brought, whatever the law made of it. */
  note({ verb, from }: Pick<Payload, 'verb' | 'from'>): void {
    const senders = this.#senders.get(verb);
    if (senders === undefined) return;
    senders.push(from);
    if (senders.length > ENTRIES_MAX) senders.shift();
  }

  /** Different senders of late, at least 1. */
  of(verb: 'CLAIM' | 'CHALLENGE'): number {
    const senders = new Set(this.#senders.get(verb));
    return Math.min(CROWD_MAX, Math.max(1, senders.size));
  }
}
