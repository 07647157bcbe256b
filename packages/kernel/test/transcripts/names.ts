import type { Did, VerifiedEntry } from '@canswarm/protocol';
import type { KernelEvent } from '../../src/events.ts';
import { who } from '../support/story.ts';

/** What ids that hash contents and keys are called in a trace: the same world, the same names. */
export class Names {
  readonly #names = new Map<string, string>();
  readonly #ids = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** Names the entry by its verb and position, and what it carries as evidence by verb and sender, counted where there are several. */
  learn(position: number, { envelope, evidence }: VerifiedEntry, events: readonly KernelEvent[]): void {
    this.#call(envelope.id, `${envelope.payload.verb.toLowerCase()}@${position}`);
    for (const { id, payload } of evidence.envelopes) {
      if (this.#names.has(id)) continue;
      const name = `${payload.verb.toLowerCase()}/${this.of(payload.from)}`;
      const count = (this.#counts.get(name) ?? 0) + 1;
      this.#counts.set(name, count);
      this.#call(id, count === 1 ? name : `${name}/${count}`);
    }
    this.#learnTasks(events);
  }

  #learnTasks(events: readonly KernelEvent[]): void {
    for (const event of events) {
      if (event.type === 'task_opened') this.#call(event.need, `${this.of(event.root)}/${event.task}`);
    }
  }

  #call(id: string, name: string): void {
    if (this.#names.has(id)) return;
    this.#names.set(id, name);
    this.#ids.set(name, id);
  }

  /** The name of a key or an id. A key of no test stands for itself. */
  of(id: string): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    if (!id.startsWith('did:')) return id.length > 20 ? `?${id.slice(-6)}` : id;
    let name = `?${id.slice(-6)}`;
    try {
      name = who(id as Did).name;
    } catch {
      // A key that a scenario made for itself has no name that is known here.
    }
    this.#names.set(id, name);
    return name;
  }

  /** A text with every key and id in it called by name. */
  text(text: string): string {
    return text.replace(/did:key:\w+|bafyrei\w{52}/g, (id) => this.of(id));
  }

  /** The id that a name stands for. */
  id(name: string): string | undefined {
    return this.#ids.get(name);
  }
}
