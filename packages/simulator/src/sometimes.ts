import type { KernelEvent } from '@canswarm/kernel';
import type { Contacts } from '@canswarm/node';
import { ACTORS, type Act } from './actors/actor-plan.ts';
import type { Counts } from './nemesis.ts';

const MET = {
  partition: 'nodes did not see one another, or the log',
  heal: 'they saw one another again',
  'log lost': 'a node was cut off from the log, and knew it',
  'peers lost': 'a node was cut off from its peers, and knew it',
  isolated: 'a node was cut off from both, and knew it',
  'contact again': 'a node that knew that it was cut off found that it no longer was',
  crash: 'a machine went down',
  'lost writes': 'a machine lost writes that it had not synced',
  'full disk': 'a machine could not write',
  'slow machine': 'a machine did all later than it was due',
  slash: 'somebody was slashed',
  failover: 'a task went on to another worker',
  escalation: 'a task was tried again with a larger committee',
  overturned: 'a passed result was overturned by a challenge',
  'failed by seats': 'seats found a wrong result',
  silence: 'a seat did not vote',
  redraw: 'a committee was drawn again',
  'reopened bidding': 'nobody was chosen at first',
  undecided: 'a result has no verdict',
  'votes opened': 'seats opened votes that they had sealed',
  'cap opened': 'a cap that was sealed was opened',
  expired: 'a need ended without a result',
  final: 'a need was met',
} as const;

export type Sometimes = keyof typeof MET | Act;

/** What a hunt over many seeds must have met, or it looked in too few places. */
export const SOMETIMES = {
  ...MET,
  ...Object.fromEntries(
    Object.entries(ACTORS).flatMap(([kind, does]) =>
      Object.entries(does).map(([what, text]) => [`${kind} ${what}`, text]),
    ),
  ),
} as Readonly<Record<Sometimes, string>>;

/** What was met in one run, and how often. */
export class Met {
  readonly #counts = new Map<Sometimes, number>();

  onEvent(event: KernelEvent): void {
    if (event.type === 'slashed') this.#add('slash');
    else if (event.type === 'lease_granted' && event.attempt > 1) this.#add('escalation');
    else if (event.type === 'lease_lost') this.#add(event.reason === 'overturned' ? 'overturned' : 'failover');
    else if (event.type === 'certified' && event.verdict === 'fail') this.#add('failed by seats');
    else if (event.type === 'seat_silent') this.#add('silence');
    else if (event.type === 'seated' && event.draw > 0) this.#add('redraw');
    else if (event.type === 'bidding_reopened') this.#add('reopened bidding');
    else if (event.type === 'need_closed' && event.status === 'expired') this.#add('expired');
    else if (event.type === 'finalized') this.#add('final');
    else if (event.type === 'undecided') this.#add('undecided');
    else if (event.type === 'votes_opened') this.#add('votes opened');
    else if (event.type === 'cap_opened') this.#add('cap opened');
  }

  onContact({ state, ...contacts }: Contacts, what: 'log' | 'peers'): void {
    if (!contacts[what].lost) this.#add('contact again');
    else this.#add(what === 'log' ? 'log lost' : 'peers lost');
    if (state === 'isolated') this.#add('isolated');
  }

  /** All of it, with what the faults were and what actors did. */
  with(faults: Counts, acts: Readonly<Partial<Record<Act, number>>>): Readonly<Record<Sometimes, number>> {
    for (const [kind, count] of Object.entries(faults)) {
      if (kind.startsWith('partition')) this.#add('partition', count);
      else if (kind === 'heal') this.#add('heal', count);
      else if (kind === 'full disk' || kind === 'slow machine') this.#add(kind, count);
      else if (kind.startsWith('power cut') || kind.startsWith('crash')) this.#add('crash', count);
      if (kind === 'power cut that loses writes') this.#add('lost writes', count);
    }
    for (const [act, count] of Object.entries(acts)) this.#add(act as Act, count);
    const names = Object.keys(SOMETIMES) as Sometimes[];
    return Object.fromEntries(names.map((name) => [name, this.#counts.get(name) ?? 0])) as Record<Sometimes, number>;
  }

  #add(what: Sometimes, count = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }
}
