import type { BriefEvent } from 'canswarm';

type Entry = Extract<BriefEvent, { type: 'entry' }>;

/** Names of agents by did, learnt from the entries they send. */
export class Names {
  readonly #byDid = new Map<string, string>();

  learn({ from, role }: Pick<Entry, 'from' | 'role'>): void {
    this.#byDid.set(from, role);
  }

  of(did: string): string {
    return this.#byDid.get(did) ?? `…${did.slice(-8)}`;
  }
}
