import { safe } from '../text.ts';
import type { ViewEvent } from './view-event.ts';

/** Names of agents by did, as events tell them: safe to print. */
export class Names {
  readonly #byDid = new Map<string, { readonly name: string; readonly org: string | null }>();

  learn(event: ViewEvent): void {
    if (event.type === 'posted') for (const { did, name, org } of event.people) this.#learn(did, name, org);
    if (event.type === 'entry' && !this.#byDid.has(event.from)) this.#learn(event.from, event.role, null);
    if (event.type === 'outlook') for (const { by, name, org } of event.outlook.bids) this.#learn(by, name, org);
  }

  /** The name, or the end of the did of somebody unknown. */
  of(did: string): string {
    return this.#byDid.get(did)?.name ?? `…${did.slice(-8)}`;
  }

  /** The name and whose it is, where that says more. */
  full(did: string): string {
    return fullName(this.of(did), this.#byDid.get(did)?.org ?? null);
  }

  #learn(did: string, name: string, org: string | null): void {
    const known = this.#byDid.get(did)?.org ?? null;
    this.#byDid.set(did, { name: safe(name), org: org === null ? known : safe(org) });
  }
}

/** `worker of acme`; an organisation that is called like its agent is not said twice. */
export const fullName = (name: string, org: string | null): string =>
  org === null || org === name ? name : `${name} of ${org}`;
