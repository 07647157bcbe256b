import { apply, createState, digestAt, type State, stateRoot } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import { StorageError } from '@canswarm/ports';
import { equalBytes, type NeedId } from '@canswarm/protocol';
import { networkPolicies } from 'canswarm';
import { auctions } from './checkers/auctions.ts';
import { certificates } from './checkers/certificates.ts';
import type { Checker, Fault, Property } from './checkers/checker.ts';
import { decisions } from './checkers/decisions.ts';
import { leases } from './checkers/leases.ts';
import { logTime } from './checkers/log-time.ts';
import { aboutOf, money } from './checkers/money.ts';
import { plans } from './checkers/plans.ts';
import { relatedPay } from './checkers/related-pay.ts';
import { repaidPlants } from './checkers/repaid-plants.ts';
import { results } from './checkers/results.ts';
import { sealedVotes } from './checkers/sealed-votes.ts';
import { Met } from './sometimes.ts';
import type { Plants } from './workload/plants.ts';
import type { World } from './world/world.ts';

/** A state of its own, over the log as any node first tells it; every node is compared with it. */
export class Watch {
  readonly state: State;
  readonly checkers: readonly Checker[];
  readonly met = new Met();
  readonly #world: World;
  readonly #plants: Plants;
  readonly #fault: Fault;
  readonly #others: { onEntry(applied: AppliedEntry): void }[] = [];
  readonly #posted = new Set<NeedId>();
  /** Of each position: a node that lost its disk tells of all again, and a state forgets its oldest. */
  readonly #digests: Uint8Array[] = [];
  settled = 0;
  /** The law broke, so that nothing goes on that is worth a look. */
  isBroken = false;

  constructor(world: World, plants: Plants, fault: Fault) {
    const { sha256 } = world.crypto;
    const { genesis } = world.network;
    this.#world = world;
    this.#plants = plants;
    this.#fault = fault;
    this.state = createState(genesis, sha256, networkPolicies);
    this.#digests.push(this.state.digest);
    this.checkers = [
      decisions(fault),
      leases(fault),
      certificates(fault, genesis),
      money(fault),
      relatedPay(fault, genesis),
      results(fault, plants),
      repaidPlants(fault, genesis, sha256),
      plans(fault, sha256),
      sealedVotes(fault, sha256),
      auctions(fault, genesis, sha256),
      logTime(fault, () => Math.max(...[...world.machines.values()].map((machine) => machine.now()))),
    ];
    world.observe((name) => {
      const take = (applied: AppliedEntry, state: State): void => {
        this.#take(applied);
        const { position } = applied;
        const [due, found] = [this.#digests[position], digestAt(state, position)];
        if (due === undefined || found === undefined || !equalBytes(due, found))
          fault('P2', `${name} differs at position ${position}`);
      };
      return {
        onApplied: (applied, state) => {
          take(applied, state);
          for (const checker of this.checkers) checker.onNode?.(applied, state, name);
        },
        // A node may have died before it told of what it kept, and be ahead of all others in its next life.
        onRecovered: take,
        onContact: (contacts, what) => this.met.onContact(contacts, what),
        onDefect: (error) => fault('P2', `${name} failed over a message: ${String(error)}`),
        onFailure: (error) => this.stopped(name, error),
      };
    });
  }

  /** Tells others of each entry, once, after the checkers. */
  also(...others: readonly { onEntry(applied: AppliedEntry): void }[]): void {
    this.#others.push(...others);
  }

  #take(applied: AppliedEntry): void {
    if (applied.position !== this.state.position + 1) return;
    try {
      apply(this.state, applied.entry, this.#world.crypto.sha256, networkPolicies);
    } catch (error) {
      return this.#breaks(aboutOf(error), `position ${applied.position}: ${String(error)}`);
    }
    this.#digests.push(this.state.digest);
    for (const event of applied.events) {
      this.met.onEvent(event);
      if (event.type === 'need_opened') {
        this.#plants.note(event.need);
        this.#posted.add(event.need);
      }
      // A task of a plan is a need too, that nobody posted.
      if (event.type === 'need_settled' && this.#posted.has(event.need)) this.settled += 1;
    }
    for (const checker of this.checkers) checker.onEntry(applied, this.state);
    for (const other of this.#others) other.onEntry(applied);
  }

  /** A disk or a log that fails is one of the faults; a law that is broken is a find, and so is what a node wrote and cannot read. */
  stopped(name: string, error: unknown): void {
    if (error instanceof StorageError && error.code !== 'corrupt') return;
    this.#breaks(error instanceof StorageError ? 'P2' : aboutOf(error), `${name} stopped: ${String(error)}`);
  }

  #breaks(property: Property, detail: string): void {
    this.isBroken = true;
    this.#fault(property, detail);
  }

  /** Whether every machine runs, and stands where the log does. */
  level(): boolean {
    return [...this.#world.machines.values()].every(({ node }) => node?.state.position === this.state.position);
  }

  strangers(): readonly string[] {
    const { sha256 } = this.#world.crypto;
    const root = stateRoot(this.state, sha256);
    return [...this.#world.machines.values()]
      .filter(
        ({ node }) =>
          node !== null && node.state.position === this.state.position && stateRoot(node.state, sha256) !== root,
      )
      .map(({ name }) => name);
  }
}
