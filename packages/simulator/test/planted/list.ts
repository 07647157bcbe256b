import { readFileSync } from 'node:fs';
import type { ActorKind } from '../../src/actors/actor-plan.ts';
import type { Property } from '../../src/checkers/checker.ts';
import type { Wanted } from '../../src/plan.ts';

/** What seeds run in which a bug is found soon, where what they draw of themselves would take long. */
export type Workload = Pick<Wanted, 'nodes' | 'needs' | 'ticks'> & {
  readonly mode?: Wanted['mode'];
  readonly actor?: ActorKind;
};

/** A bug: passages of sources below `packages`, each of which stands there once, and what stands there instead. */
export interface Planted {
  readonly id: string;
  readonly property: Property;
  readonly edits: readonly { readonly file: string; readonly find: string; readonly put: string }[];
  readonly workload?: Workload;
}

/** One that generated histories of the law must find too: its passages are listed there. */
export interface Shared {
  readonly id: string;
  readonly property: Property;
  readonly workload?: Workload;
}

const bug = (id: string, property: Property, file: string, find: string, put: string): Planted => ({
  id,
  property,
  edits: [{ file, find, put }],
});

/** Bugs that honest nodes come upon; every property that is watched has one at least. */
export const PLANTED: readonly (Planted | Shared)[] = [
  bug('round-decided-again', 'P1', 'kernel/src/need-life.ts', 'need.round += 1;', ''),
  bug(
    'digest-of-chance',
    'P2',
    'kernel/src/apply.ts',
    'outcome.accepted ? 1 : 0, said',
    'outcome.accepted && Math.random() < 0.9 ? 1 : 0, said',
  ),
  { id: 'lies-dismissed', property: 'P3' },
  bug('round-skipped', 'P4', 'kernel/src/need-life.ts', 'need.round += 1;', 'need.round += 2;'),
  {
    id: 'lease-that-nobody-ends',
    property: 'P5',
    edits: [
      {
        file: 'kernel/src/fire.ts',
        find: "lease: (context, name) => loseLease(context, needOf(context.state, name as NeedId), 'expired', 0),",
        put: 'lease: () => undefined,',
      },
      {
        file: 'kernel/src/need-life.ts',
        find: 'Math.max(state.params.leaseMs, need.body.windows.leaseMs);',
        put: 'Math.min(1, state.params.leaseMs, need.body.windows.leaseMs);',
      },
    ],
  },
  { id: 'entity-sits-twice', property: 'P6' },
  { id: 'paid-from-nothing', property: 'P9' },
  { id: 'reserve-freed-early', property: 'P10' },
  bug(
    'seats-paid-double',
    'P11',
    'kernel/src/need-money.ts',
    'credit: freeAccount(did), amount: fee });',
    'credit: freeAccount(did), amount: 2 * fee });',
  ),
  {
    id: 'challenged-after-a-moment',
    property: 'P12',
    edits: [
      { file: 'kernel/src/fire.ts', find: 'commit.windowClosed = true;', put: '' },
      { file: 'kernel/src/verdict.ts', find: 'commit.id}`, challengeMs(state, commit));', put: 'commit.id}`, 1);' },
    ],
  },
  { id: 'own-work-judged', property: 'P13' },
  bug(
    'another-pays-the-price',
    'P14',
    'kernel/src/rules/need.ts',
    'debit: freeAccount(requester) } as const',
    'debit: freeAccount([...context.state.members.keys()][16] ?? requester) } as const',
  ),
  {
    id: 'bidding-for-ever',
    property: 'P15',
    // What is never decided is waited for as long as a run may take: with little else to do meanwhile.
    workload: { mode: 'perf', nodes: 1, needs: 1, ticks: 20 },
    edits: [
      {
        file: 'kernel/src/fire.ts',
        find: 'bidding: (context, name) => closeBidding(context, committeeOf(context, name)),',
        put: 'bidding: () => undefined,',
      },
      {
        file: 'kernel/src/fire.ts',
        find: 'deadline: (context, name) => passDeadline(context, name as NeedId),',
        put: 'deadline: () => undefined,',
      },
    ],
  },
  { id: 'order-of-tasks-forgotten', property: 'P16' },
  {
    id: 'sealed-otherwise',
    property: 'P17',
    edits: [
      {
        file: 'kernel/src/seals.ts',
        find: ' && toHex(voteSeal(payload.from, payload, sha256)) === seal',
        put: '',
      },
      {
        file: 'node/src/actor.ts',
        find: 'voteSeal(identity.signer.did, hides, crypto.sha256);',
        put: 'crypto.sha256(voteSeal(identity.signer.did, hides, crypto.sha256));',
      },
    ],
  },
  {
    id: 'siblings-stand-beside-one-another',
    property: 'P18',
    edits: [
      {
        file: 'kernel/src/duties/auction.ts',
        find: '    entities.add(entity);\n    return first;',
        put: '    entities.add(entity);\n    return first || entities.size > 0;',
      },
      {
        file: 'kernel/src/plan/merge.ts',
        find: 'return !entities.has(entity) && entities.add(entity);',
        put: 'return entities.add(entity);',
      },
    ],
  },
  bug(
    'cap-of-no-account',
    'P19',
    'kernel/src/sealed-bids.ts',
    'if (cap !== null) return Math.min(cap, need.pricePool);',
    'if (cap !== null) return need.pricePool;',
  ),
  { id: 'plant-of-another', property: 'P20', workload: { actor: 'planter' } },
  // Who decides is told that it was too late, and nobody decided before.
  bug(
    'too-late-for-an-open-round',
    'P21',
    'kernel/src/rules/decide.ts',
    "if (need.phase !== 'bidding' || need.round",
    "if (need.phase !== 'bidding' || state.position % 2 === 0 || need.round",
  ),
  // The holder is told that it is none.
  bug(
    'holder-turned-away',
    'P22',
    'kernel/src/rules/lease-entry.ts',
    'if (holder !== null && lease.bid.worker !== holder) return',
    'if (holder !== null && (lease.bid.worker !== holder || context.state.position % 3 === 0)) return',
  ),
  // Every other time a node tells that one micro-credit more is in an account; its state is right.
  bug(
    'credit-that-is-not-there',
    'P23',
    'node/src/node.ts',
    'this.#tell((listener) => listener.onApplied?.(applied, this.state));',
    `const more = this.state.position % 2;
    const told = [...this.state.accounts].map(([id, held]) => [id, id.startsWith('free/') ? held + more : held] as const);
    this.#tell((listener) => listener.onApplied?.(applied, { ...this.state, accounts: new Map(told) }));`,
  ),
];

const PACKAGES = new URL('../../../', import.meta.url);
/** What the law's own tests plant in it. They are tests of another package, and no door leads there. */
const LAW = new URL('kernel/test/property/planted/list.ts', PACKAGES);

/** The edits of a bug, looked up where it is shared. Throws for one that is not there. */
export async function plantedBy(id: string): Promise<Planted> {
  const one = PLANTED.find((bug) => bug.id === id);
  if (one === undefined) throw new Error(`no planted bug ${id}; there are ${PLANTED.map((bug) => bug.id).join(', ')}`);
  if ('edits' in one) return one;
  const { PLANTED: shared } = (await import(LAW.href)) as { readonly PLANTED: readonly Planted[] };
  const found = shared.find((bug) => bug.id === id && bug.property === one.property);
  if (found === undefined) throw new Error(`the tests of the law plant no ${id} for ${one.property}`);
  return { ...found, ...one, edits: found.edits.map((edit) => ({ ...edit, file: `kernel/src/${edit.file}` })) };
}

/** Sources with what is planted in them, by address. Throws when a passage is not there once: then the plant is out of date. */
export function sourcesOf({ id, edits }: Planted): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const { file, find, put } of edits) {
    const url = new URL(file, PACKAGES);
    const before = sources.get(url.href) ?? readFileSync(url, 'utf8');
    const times = before.split(find).length - 1;
    if (times !== 1) throw new Error(`${id}: ${file} says ${times} times what is replaced, once is due: ${find}`);
    sources.set(
      url.href,
      before.replace(find, () => put),
    );
  }
  return sources;
}
