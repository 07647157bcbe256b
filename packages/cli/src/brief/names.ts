import type { BriefEvent } from 'canswarm';

/** Names of agents by did, as events tell them. */
export class Names {
  readonly #byDid = new Map<string, string>();

  learn(event: BriefEvent): void {
    if (event.type === 'posted') for (const { did, name } of event.people) this.#byDid.set(did, name);
    if (event.type === 'entry') this.#byDid.set(event.from, event.role);
  }

  /** The name, or the end of the did of somebody unknown. */
  of(did: string): string {
    return this.#byDid.get(did) ?? `…${did.slice(-8)}`;
  }
}
