import { createState, type KernelEvent } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import { toHex } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import type { Property } from '../../src/checkers/checker.ts';
import { CallWatch } from '../../src/world/call-watch.ts';
import { judgeCalls } from '../../src/world/judge-calls.ts';
import { genesis } from '../checkers/story.ts';
import { sha256 } from '../support.ts';

const LIMITS = { configurations: 1_000, isOver: () => false };
const [account] = genesis.accounts;
const free = `free/${account?.did ?? ''}` as const;

/** An entry of the log: what it says, what became of it and what a node finds in an account of its after it. */
interface Entry {
  readonly verb: string;
  readonly from?: string;
  readonly body?: object;
  readonly code?: string;
  readonly events?: readonly object[];
  readonly holds?: number;
}

const hashOf = (position: number): Uint8Array => new Uint8Array(32).fill(position);

/** What is found broken where `caller` gives each entry to the log and a node tells of it, one after the other. */
function found(caller: string | null, entries: readonly Entry[], limits = LIMITS) {
  const watch = new CallWatch(genesis);
  const state = createState(genesis, sha256);
  for (const [index, { verb, from = 'x', body = {}, code, events = [], holds }] of entries.entries()) {
    const position = index + 1;
    state.position = position;
    if (holds !== undefined) state.accounts.set(free, holds);
    watch.onAppend(caller, hashOf(position));
    const applied = {
      position,
      outcome: code === undefined ? { accepted: true } : { accepted: false, code },
      events: events as readonly KernelEvent[],
      entry: { hash: hashOf(position), envelope: { id: toHex(hashOf(position)), payload: { verb, from, body } } },
    } as unknown as AppliedEntry;
    watch.onApplied('node-1', applied, state);
  }
  const broken: Property[] = [];
  const { linearizable, unknown } = judgeCalls(watch, (property) => broken.push(property), false, limits);
  return { broken, unknown: [...unknown], pending: Object.values(linearizable).map(({ pending }) => pending) };
}

const decided: Entry = { verb: 'DECIDE', events: [{ type: 'need_decided', need: 'n', round: 1 }] };
const late: Entry = { verb: 'DECIDE', body: { need: 'n', round: 1 }, code: 'need_not_open' };
const granted = (holder: string): Entry => ({ verb: 'CLAIM', events: [{ type: 'lease_granted', need: 'n', holder }] });
const renew = (from: string, position: number, code?: string): Entry => ({
  verb: 'RENEW',
  from,
  body: { need: 'n', fence: { position } },
  ...(code === undefined ? {} : { code }),
});
const paid = (amount: number, holds: number): Entry => ({
  verb: 'TRANSFER',
  events: [{ type: 'posting', debit: free, credit: 'mint', amount }],
  holds,
});
const begins = account?.free ?? 0;

describe('what a node is answered', () => {
  it.each<[string, readonly Property[], readonly Entry[]]>([
    ['a round decided once, and who is too late', [], [decided, late]],
    ['a round decided twice', ['P21'], [decided, decided]],
    ['too late for a round that nobody decided', ['P21'], [late, decided]],
    [
      'a holder that renews, and another that does not',
      [],
      [granted('w'), renew('w', 1), renew('v', 1, 'holder_only')],
    ],
    ['two holders', ['P22'], [granted('w'), granted('v')]],
    ['a holder that is turned away', ['P22'], [granted('w'), renew('w', 1, 'holder_only')]],
    ['words under an old fence', ['P22'], [granted('w'), renew('w', 0)]],
    ['what was left', [], [paid(1, begins - 1), paid(2, begins - 3)]],
    ['credits that were spent', ['P23'], [paid(1, begins - 1), paid(2, begins - 2)]],
  ])('%s', (_name, properties, entries) => {
    expect(found('node-1', entries)).toEqual({ broken: properties, unknown: [], pending: [0, 0, 0] });
  });

  it('is nothing where another called, and then explains what others find', () => {
    expect(found(null, [decided, decided]).broken).toEqual([]);
    expect(found(null, [decided]).pending).toEqual([1, 0, 0]);
  });

  it('is not known where the search is given up', () => {
    const { broken, unknown } = found('node-1', [paid(1, begins - 1), paid(2, begins - 3)], {
      ...LIMITS,
      configurations: 0,
    });
    expect(broken).toEqual([]);
    expect(unknown).toEqual(['P23']);
  });
});
