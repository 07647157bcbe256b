import { type AccountId, balanceOf, type KernelEvent, type State } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import { type Genesis, toHex } from '@canswarm/protocol';
import type { LeaseInput, LeaseMove, LeaseOutput } from '../linearizability/leases.ts';
import type { Operation } from '../linearizability/model.ts';
import { type NetworkInput, type NetworkOutput, networkObjects } from '../linearizability/network.ts';
import { inLines, type NetworkHistory } from '../linearizability/read-network.ts';

/** Refusals that say that a slot is taken, and that its sender does not hold a lease. What is refused otherwise says nothing of either. */
const TOO_LATE = new Set(['need_unknown', 'need_not_open']);
const NOT_HELD = new Set(['lease_none', 'holder_only', 'fence_other', 'attempt_other']);

/** One thing that an entry does to an object, and what its sender is told. */
interface Deed {
  readonly input: NetworkInput;
  readonly output: NetworkOutput;
}

interface Call {
  readonly process: string;
  readonly called: number;
  /** The machine that waits for its answer; null where nobody does, or not any more. */
  waiting: string | null;
  /** When that machine applied it; null while it did not. */
  returned: number | null;
  /** What its machine was told, or else what the log says that it did. */
  deeds: readonly Deed[];
}

/** Calls that are recorded: then the history ends, and what came by then is judged. */
const CALLS_MAX = 200_000;

/**
 * Records what machines call and are answered: a call is an entry that one gives to the log, its answer what that machine makes of the
 * entry when it applies it. So the histories of decision slots, leases and accounts are those of the nodes, not of the log. Who gives
 * entries to the log without a node calls too, and is never answered: what it moved is found by those who are.
 */
export class CallWatch {
  readonly #calls = new Map<string, Call>();
  readonly #rounds = new Map<string, number>();
  readonly #opening: readonly Operation<NetworkInput, NetworkOutput>[];
  /** What machines told of so far from entries that they took together. */
  readonly #batches = new Map<string, AppliedEntry[]>();
  /** The last position that any machine applied. */
  #applied = 0;
  /** Calls that a machine waits for. */
  readonly #waiting = new Map<string, Set<Call>>();
  #isFull = false;
  #now: number;

  /** `genesis`: what accounts begin with. */
  constructor({ accounts, params }: Genesis) {
    const filled: readonly (readonly [string, number])[] = [
      ...accounts.flatMap(({ did, free, stake }) => [[`free/${did}`, free] as const, [`stake/${did}`, stake] as const]),
      ['fund/trials', params.trialFund] as const,
    ];
    this.#opening = filled
      .filter(([, amount]) => amount > 0)
      .map(([account, amount], id) => ({
        id,
        process: `genesis/${id}`,
        input: { on: 'balance', key: `balance/${account}`, by: 'genesis', change: amount },
        output: { before: 0, after: amount },
        called: 2 * id,
        returned: 2 * id + 1,
      }));
    this.#now = 2 * this.#opening.length;
  }

  /** Somebody gives an entry to the log, perhaps again: a machine, which waits for its answer if nobody does; null: somebody else. */
  onAppend(machine: string | null, hash: Uint8Array): void {
    const id = toHex(hash);
    const known = this.#calls.get(id);
    this.#isFull ||= known === undefined && this.#calls.size === CALLS_MAX;
    if (this.#isFull) return;
    const process = `${machine ?? 'somebody'}/${this.#calls.size}`;
    const call = known ?? { process, called: this.#tick(), waiting: null, returned: null, deeds: [] };
    if (known === undefined) this.#calls.set(id, call);
    if (machine === null || call.waiting !== null || call.returned !== null) return;
    call.waiting = machine;
    this.#waitingOf(machine).add(call);
  }

  /** A machine lost its memory. */
  onRestart(machine: string): void {
    if (this.#isFull) return;
    this.#batches.delete(machine);
    const waiting = this.#waitingOf(machine);
    for (const call of waiting) call.waiting = null;
    waiting.clear();
  }

  #waitingOf(machine: string): Set<Call> {
    const waiting = this.#waiting.get(machine) ?? new Set();
    this.#waiting.set(machine, waiting);
    return waiting;
  }

  /** A machine applied an entry; `state` may be further: a node tells of the entries that it took together once it applied them all. */
  onApplied(machine: string, applied: AppliedEntry, state: State): void {
    if (this.#isFull) return;
    const batch = this.#batches.get(machine) ?? [];
    batch.push(applied);
    this.#batches.set(machine, batch);
    if (applied.position < state.position) return;
    this.#batches.delete(machine);
    let moved: ReturnType<typeof balancesOf> | null = null;
    for (const [index, one] of batch.entries())
      this.#onEntry(machine, one, () => {
        moved ??= balancesOf(batch, state);
        return moved[index] ?? [];
      });
  }

  /** A machine told of an entry that it kept in an earlier life: nobody there waits for its answer any more. */
  onRecovered(machine: string, applied: AppliedEntry, state: State): void {
    if (!this.#isFull) this.#onEntry(machine, applied, () => balancesOf([applied], state)[0] ?? []);
  }

  /** `moved` tells what it moved; few machines are the first to tell of an entry, or wait for its answer. */
  #onEntry(machine: string, applied: AppliedEntry, moved: () => readonly Deed[]): void {
    const isFirst = applied.position === this.#applied + 1;
    if (isFirst) {
      this.#applied += 1;
      this.#learn(applied.events);
    }
    const call = this.#calls.get(toHex(applied.entry.hash));
    if (call === undefined) return;
    const isAnswer = call.waiting === machine;
    if (isFirst || isAnswer) call.deeds = [...this.#slotDeeds(applied), ...leaseDeeds(applied), ...moved()];
    if (!isAnswer) return;
    call.waiting = null;
    this.#waitingOf(machine).delete(call);
    call.returned = this.#tick();
  }

  /** All that was called, in the places that its events have as lines of a file; what never reached the log is left out. */
  history(): NetworkHistory {
    const operations = [...this.#opening];
    for (const { process, called, returned, deeds } of this.#calls.values()) {
      for (const [index, { input, output }] of deeds.entries()) {
        const answered = returned === null ? { output: undefined, returned: Infinity } : { output, returned };
        operations.push({ id: operations.length, process: `${process}/${index}`, input, called, ...answered });
      }
    }
    return { model: networkObjects, operations: inLines(operations) };
  }

  #tick(): number {
    this.#now += 1;
    return this.#now;
  }

  /** The round that a need is in when the next entry comes. */
  #learn(events: readonly KernelEvent[]): void {
    for (const event of events) {
      if (event.type === 'need_opened') this.#rounds.set(event.need, 1);
      if (event.type === 'bidding_reopened') this.#rounds.set(event.need, event.round);
    }
  }

  #slotDeeds({ entry, outcome, events }: AppliedEntry): readonly Deed[] {
    const { payload, id: by } = entry.envelope;
    const deeds: Deed[] = [];
    const add = (need: string, round: number, does: 'decide' | 'close', did: boolean): void => {
      deeds.push({ input: { on: 'slot', key: `slot/${need}/${round}`, does, by }, output: { did } });
    };
    if (payload.verb === 'DECIDE' && !outcome.accepted && TOO_LATE.has(outcome.code))
      add(payload.body.need, payload.body.round, 'decide', false);
    for (const event of events) {
      // What is accepted may only record votes.
      if (event.type === 'need_decided') add(event.need, event.round, 'decide', true);
      if (event.type === 'bidding_reopened') add(event.need, event.round - 1, 'close', true);
      if (event.type === 'need_closed') add(event.need, this.#rounds.get(event.need) ?? 1, 'close', true);
    }
    return deeds;
  }
}

const UNMOVED = { ends: 'no', grants: null, fence: 0 } as const;

/** What an entry did to leases, and whether who spoke as holder was one. */
function leaseDeeds({ entry, outcome, events, position }: AppliedEntry): readonly Deed[] {
  const { id: by, payload } = entry.envelope;
  const { verb, body, from } = payload;
  const moves = movesOf(events, position);
  const deeds = moves.map(([need, move]) => leaseDeed(need, by, null, { ...move, did: true }));
  if (verb !== 'RENEW' && verb !== 'YIELD' && verb !== 'COMMIT' && verb !== 'RELEASE') return deeds;
  const holder = { did: verb === 'RELEASE' ? loserOf(events, body.need) : from, fence: body.fence.position };
  if (!outcome.accepted)
    return NOT_HELD.has(outcome.code) ? [leaseDeed(body.need, by, holder, { ...UNMOVED, did: false })] : [];
  const own = moves.findIndex(([need]) => need === body.need);
  const move = moves[own]?.[1] ?? UNMOVED;
  return [leaseDeed(body.need, by, holder, { ...move, did: true }), ...deeds.filter((_, index) => index !== own)];
}

/** Who lost the lease of a need; null: nobody. */
function loserOf(events: readonly KernelEvent[], need: string): string | null {
  for (const event of events) if (event.type === 'lease_lost' && event.need === need) return event.holder;
  return null;
}

function leaseDeed(need: string, by: string, holder: LeaseInput['holder'], output: LeaseOutput): Deed {
  const { did: _did, ...move } = output;
  return { input: { on: 'lease', key: `lease/${need}`, by, holder, move }, output };
}

/** What events say of leases, need by need: the end of one and the grant of the next are one move. */
function movesOf(events: readonly KernelEvent[], fence: number): readonly (readonly [need: string, move: LeaseMove])[] {
  const moves: [string, LeaseMove][] = [];
  for (const event of events) {
    if (event.type === 'lease_granted') {
      const last = moves.findLast(([need]) => need === event.need);
      if (last === undefined || last[1].grants !== null)
        moves.push([event.need, { ends: 'no', grants: event.holder, fence }]);
      else last[1] = { ...last[1], grants: event.holder };
      continue;
    }
    const ends = endOf(event);
    if (ends !== null && 'need' in event) moves.push([event.need, { ends, grants: null, fence }]);
  }
  return moves;
}

/** Whether an event ends a lease; a result that fails or is overturned was committed before, and that ended it. */
function endOf(event: KernelEvent): 'may' | 'must' | null {
  if (event.type === 'committed') return 'must';
  if (event.type === 'lease_lost') return event.reason === 'failed' || event.reason === 'overturned' ? 'may' : 'must';
  return event.type === 'need_closed' ? 'may' : null;
}

/**
 * What entries that were applied together moved, account by account, and what is found there before and after each: told from `state`,
 * as it is after the last of them, backwards. Where credits are made there is no balance.
 */
function balancesOf(batch: readonly AppliedEntry[], state: State): readonly (readonly Deed[])[] {
  const afterwards = new Map<AccountId, number>();
  const all: (readonly Deed[])[] = [];
  for (const { entry, events } of batch.toReversed()) {
    const deeds = [...changesOf(events)].map(([account, change]): Deed => {
      const after = afterwards.get(account) ?? balanceOf(state.accounts, account);
      afterwards.set(account, after - change);
      const input = { on: 'balance', key: `balance/${account}`, by: entry.envelope.id, change } as const;
      return { input, output: { before: after - change, after } };
    });
    all.unshift(deeds);
  }
  return all;
}

function changesOf(events: readonly KernelEvent[]): ReadonlyMap<AccountId, number> {
  const changes = new Map<AccountId, number>();
  for (const event of events) {
    if (event.type !== 'posting') continue;
    changes.set(event.debit, (changes.get(event.debit) ?? 0) - event.amount);
    changes.set(event.credit, (changes.get(event.credit) ?? 0) + event.amount);
  }
  changes.delete('mint');
  return changes;
}
