import type { State } from '@canswarm/kernel';
import type { Did } from '@canswarm/protocol';
import { Appender } from '../appender.ts';
import { LogGate } from '../log-gate.ts';
import type { NodePorts } from '../node-options.ts';
import { Contact, type Contacts } from './contact.ts';
import type { ContactSettings } from './settings.ts';

export interface LifelineOptions {
  readonly settings: ContactSettings;
  readonly shard: string;
  readonly ports: NodePorts;
  readonly state: State;
  /** Whether a key is one of this node's. */
  readonly holds: (did: Did) => boolean;
  readonly cursor: () => number;
  readonly onAppend: (error: unknown) => void;
  readonly onChange: (contacts: Contacts, what: 'log' | 'peers') => void;
}

/** What ties a node to the world: its way into the log, where commands wait while that is cut off, and the detectors that say so. */
export class Lifeline {
  readonly #appender: Appender;
  readonly #gate: LogGate;
  readonly #contact: Contact;

  constructor({ settings, shard, ports, state, holds, cursor, onAppend, onChange }: LifelineOptions) {
    const { log, clock, transport, random, meter } = ports;
    this.#appender = new Appender({ shard, clock, log, onAppend });
    this.#gate = new LogGate({ clock, waitMs: settings.waitMs, log: () => this.contacts.log });
    this.#contact = new Contact({
      ...{ settings, shard, log, transport, clock, meter, cursor },
      random: random.stream('contact'),
      unwritten: () => this.#appender.trouble(settings.deadlineMs),
      onSign: () => this.#appender.resume(),
      hasOthers: () => hasOthers(state, holds),
      onChange: (contacts, what) => {
        if (what === 'log' && !contacts.log.lost) {
          this.#appender.resume();
          this.#gate.open();
        }
        onChange(contacts, what);
      },
    });
  }

  get contacts(): Contacts {
    return this.#contact.contacts;
  }

  /** What stands between a node and the log. */
  get out(): { readonly appender: Appender; readonly gate: LogGate } {
    return { appender: this.#appender, gate: this.#gate };
  }

  get logIsLost(): boolean {
    return this.#contact.logIsLost;
  }

  /** Entries and commands that wait for the log. */
  get waiting(): number {
    return this.#appender.waiting + this.#gate.waiting;
  }

  start(): void {
    this.#contact.start();
  }

  /** Something came from a peer. */
  heard(): void {
    this.#contact.heard();
  }

  /** Records came from the log. */
  came(): void {
    this.#contact.came();
  }

  close(): void {
    this.#contact.close();
  }
}

/** Whether a member takes part whose key is elsewhere: else there is nobody to be cut off from. */
function hasOthers({ members }: State, holds: (did: Did) => boolean): boolean {
  for (const [did, { left }] of members) if (!left && !holds(did)) return true;
  return false;
}
