import type { BalanceInput, BalanceOutput } from '../../../src/linearizability/balances.ts';
import type { KeyValueInput } from '../../../src/linearizability/key-value.ts';
import type { LeaseInput, LeaseOutput } from '../../../src/linearizability/leases.ts';
import type { RegisterInput, RegisterOutput } from '../../../src/linearizability/register.ts';
import type { SlotInput, SlotOutput } from '../../../src/linearizability/slots.ts';
import { type Crowd, crowd, type Line, type Thing } from './clients.ts';

/** One of so many; of infinitely many one that is drawn once. */
const pick = (random: () => number, many: number): number => Math.floor(random() * Math.min(many, 2 ** 50));

/** A register of few values, as Jepsen tests one: reads, writes and compare-and-sets. `casPercent` of all are the last. */
export function registerLog(of: Crowd, values: number, casPercent: number): string {
  let held: number | null = null;
  const thing: Thing<RegisterInput, RegisterOutput> = {
    draw(random) {
      if (random() * 100 < casPercent) return { does: 'cas', from: pick(random, values), to: pick(random, values) };
      return random() < 0.5 ? { does: 'read' } : { does: 'write', value: pick(random, values) };
    },
    apply(input) {
      if (input.does === 'read') return { value: held };
      if (input.does === 'write') held = input.value;
      if (input.does !== 'cas') return { value: null };
      const did = held === input.from;
      if (did) held = input.to;
      return { did };
    },
    spoil(input, output, random) {
      if (input.does === 'read') return { value: pick(random, values) };
      return 'did' in output ? { did: !output.did } : undefined;
    },
  };
  const told = ({ process, kind, input, output }: Line<RegisterInput, RegisterOutput>): string => {
    const asked =
      input.does === 'read' ? 'nil' : input.does === 'write' ? String(input.value) : `[${input.from} ${input.to}]`;
    const is = kind === 'call' ? 'invoke' : kind === 'lost' ? 'info' : 'ok';
    const failed = output !== undefined && 'did' in output && !output.did;
    const read =
      output !== undefined && 'value' in output && input.does === 'read' ? String(output.value ?? 'nil') : null;
    const value = kind === 'lost' ? ':timed-out' : (read ?? asked);
    return `INFO  jepsen.util - ${process}\t:${failed ? 'fail' : is}\t:${input.does}\t${value}`;
  };
  return crowd(thing, of).map(told).join('\n');
}

/** Texts by key: half are read, the rest is appended to and now and then put anew; each text is written once, or `texts` again and again. */
export function keyValueLog(of: Crowd, keys: number, putPercent: number, texts = Infinity): string {
  const held = new Map<string, string>();
  const before = new Map<string, string[]>();
  const thing: Thing<KeyValueInput, string> = {
    draw(random, place) {
      const key = String(pick(random, keys));
      if (random() < 0.45) return { does: 'get', key, value: '' };
      return {
        does: random() * 100 < putPercent ? 'put' : 'append',
        key,
        value: texts === Infinity ? `x ${pick(random, of.clients)} ${place} y` : ('abcdef'[pick(random, texts)] ?? ''),
      };
    },
    apply({ does, key, value }) {
      const now = held.get(key) ?? '';
      if (does === 'get') return now;
      before.set(key, [...(before.get(key) ?? ['']), now]);
      held.set(key, does === 'put' ? value : now + value);
      return '';
    },
    spoil({ does, key }, output, random) {
      if (does !== 'get') return undefined;
      // Something that was there some time ago, or will be.
      const others = before.get(key) ?? [];
      const at = others.indexOf(output);
      const other = others[Math.max(0, at < 0 ? others.length - 1 : at) - 4 + pick(random, 9)];
      return other === output ? undefined : other;
    },
  };
  const told = ({ process, kind, input, output }: Line<KeyValueInput, string>): string => {
    const type = kind === 'call' ? 'invoke' : kind === 'lost' ? 'info' : 'ok';
    const value = input.does !== 'get' ? input.value : output;
    return `{:process ${process}, :type :${type}, :f :${input.does}, :key "${input.key}", :value ${value === undefined ? 'nil' : JSON.stringify(value)}}`;
  };
  return crowd(thing, of).map(told).join('\n');
}

const networkLog = <Input, Output>(lines: readonly Line<Input, Output>[]): string =>
  [
    '{"format":"canswarm/history/1"}',
    ...lines.flatMap(({ process, kind, input, output }) => {
      if (kind === 'lost') return [];
      return [JSON.stringify({ process: `p${process}`, ...(kind === 'call' ? { call: input } : { answer: output }) })];
    }),
    '',
  ].join('\n');

/** Slots that are decided or closed by whoever comes first. */
export function slotLog(of: Crowd, keys: number): string {
  const winners = new Map<string, string>();
  const thing: Thing<SlotInput, SlotOutput> = {
    draw(random, place) {
      // Slots are fought for one after the other.
      const key = `slot/n/${Math.floor((place * keys) / of.operations)}`;
      return { on: 'slot', key, does: random() < 0.9 ? 'decide' : 'close', by: `e${place}` };
    },
    apply({ key, does, by }) {
      const isFirst = !winners.has(key);
      if (isFirst) winners.set(key, by);
      return { did: does === 'close' || isFirst };
    },
    spoil: ({ does }, { did }) => (does === 'decide' ? { did: !did } : undefined),
  };
  return networkLog(crowd(thing, of));
}

/** Leases that entries of others end and grant, and holders renew, give back and end. */
export function leaseLog(of: Crowd, keys: number): string {
  const held = new Map<string, { holder: string | null; fence: number }>();
  const granted = new Map<string, { did: string; fence: number }[]>();
  const thing: Thing<LeaseInput, LeaseOutput> = {
    draw(random, place) {
      const key = `lease/${pick(random, keys)}`;
      const grants = random() < 0.5 ? `w${pick(random, 6)}` : null;
      const holder = grants === null && random() < 0.8 ? { did: `w${pick(random, 6)}`, fence: 0 } : null;
      const ends = holder === null ? 'may' : random() < 0.7 ? 'no' : 'must';
      return { on: 'lease', key, by: `e${place}`, holder, move: { ends, grants, fence: 0 } };
    },
    apply(input, place) {
      const now = held.get(input.key) ?? { holder: null, fence: 0 };
      const all = granted.get(input.key) ?? [];
      // Who speaks as holder says what it was granted last, which may be over.
      const own = all.findLast(({ did }) => did === input.holder?.did) ?? { did: input.holder?.did ?? '', fence: 1 };
      const asked = input as { holder: unknown; move: unknown };
      if (input.holder !== null) asked.holder = own;
      const did = input.holder === null || (now.holder === own.did && now.fence === own.fence);
      const move = { ...input.move, fence: input.move.grants === null ? 0 : place };
      asked.move = move;
      if (!did) return { ends: 'no', grants: null, fence: 0, did };
      const holder = move.ends === 'no' ? now.holder : move.grants;
      held.set(input.key, { holder, fence: move.grants === null ? now.fence : place });
      if (move.grants !== null) granted.set(input.key, [...all, { did: move.grants, fence: place }]);
      return { ...move, did };
    },
    spoil: ({ holder }, output) => (holder === null ? undefined : { ...output, did: !output.did }),
  };
  return networkLog(crowd(thing, of));
}

/** Accounts that few amounts go in and out of, so that the same balance comes again. */
export function balanceLog(of: Crowd, keys: number, amounts: number): string {
  const held = new Map<string, number>();
  const thing: Thing<BalanceInput, BalanceOutput> = {
    draw(random, place) {
      const key = `balance/free/${pick(random, keys)}`;
      return { on: 'balance', key, by: `e${place}`, change: (random() < 0.5 ? -1 : 1) * (1 + pick(random, amounts)) };
    },
    apply(input) {
      const before = held.get(input.key) ?? 0;
      // What is not there is not paid: such an entry does less.
      const change = Math.max(input.change, -before);
      (input as { change: number }).change = change;
      held.set(input.key, before + change);
      return { before, after: before + change };
    },
    spoil({ change }, { before }, random) {
      const wrong = before + 1 + pick(random, amounts);
      return { before: wrong, after: wrong + change };
    },
  };
  return networkLog(crowd(thing, of));
}

/** Hard histories by family and number: of even numbers no answer is wrong, of odd ones some. */
export const FAMILIES: Readonly<Record<string, (number: number) => string>> = {
  'key-value, 20 clients': (number) => keyValueLog(crowdOf(number, 20, 1_600, 5), 10, 12),
  'key-value, 50 clients, all answered': (number) => keyValueLog(crowdOf(number, 50, 1_700, 0), 10, 8),
  'key-value, 20 clients, one key': (number) => keyValueLog(crowdOf(number, 20, 600, 10), 1, 15),
  'key-value, 20 clients, one key, at leisure': (number) => keyValueLog(atLeisure(number, 20, 600, 10), 1, 15),
  'key-value, 10 clients, few texts': (number) => keyValueLog(crowdOf(number, 10, 600, 5), 5, 30, 3),
  'key-value, 20 clients, few texts, at leisure': (number) => keyValueLog(atLeisure(number, 20, 600, 5), 2, 30, 3),
  'register, 5 clients': (number) => registerLog(crowdOf(number, 5, 85, 15, 3), 5, 33),
  'register, 10 clients': (number) => registerLog(crowdOf(number, 10, 300, 10, 5), 5, 33),
  'register, 20 clients': (number) => registerLog(crowdOf(number, 20, 500, 10, 20), 5, 33),
  'register, 20 clients, 20 values': (number) => registerLog(crowdOf(number, 20, 600, 10), 20, 33),
  'register, 20 clients, 20 values, all cas': (number) => registerLog(crowdOf(number, 20, 600, 10), 20, 80),
  'register, 20 clients, 5 values, all cas': (number) => registerLog(crowdOf(number, 20, 600, 20, 10), 5, 80),
  'register, 20 clients, no cas': (number) => registerLog(crowdOf(number, 20, 800, 10, 10), 5, 0),
  'register, 20 clients, 20 values, no cas': (number) => registerLog(crowdOf(number, 20, 800, 10), 20, 0),
  'register, 20 clients, 100 000 values': (number) => registerLog(crowdOf(number, 20, 800, 10), 100_000, 0),
  'register, 20 clients, distinct values': (number) => registerLog(crowdOf(number, 20, 800, 10), Infinity, 0),
  'register, 50 clients, 5 values': (number) => registerLog(crowdOf(number, 50, 1_000, 10, 20), 5, 33),
  'register, 20 clients, at leisure': (number) => registerLog(atLeisure(number, 20, 600, 2, 6), 5, 33),
  'register, 20 clients, 20 values, at leisure': (number) => registerLog(atLeisure(number, 20, 600, 20), 20, 33),
  'register, 20 clients, all cas, at leisure': (number) => registerLog(atLeisure(number, 20, 600, 4, 6), 5, 80),
  'register, 20 clients, no cas, at leisure': (number) => registerLog(atLeisure(number, 20, 600, 10, 3), 5, 0),
  'register, 5 clients, at leisure': (number) => registerLog(atLeisure(number, 5, 85, 4, 4), 5, 33),
  slots: (number) => slotLog(crowdOf(number, 20, 800, 10), 20),
  leases: (number) => leaseLog(crowdOf(number, 20, 800, 10), 3),
  'leases, one': (number) => leaseLog(crowdOf(number, 20, 500, 20), 1),
  balances: (number) => balanceLog(crowdOf(number, 20, 800, 5), 4, 1_000_000),
  'balances, one': (number) => balanceLog(crowdOf(number, 20, 300, 10), 1, 1_000_000),
  'leases, one, at leisure': (number) => leaseLog(atLeisure(number, 20, 500, 20), 1),
  'balances, one, at leisure': (number) => balanceLog(atLeisure(number, 20, 300, 10), 1, 1_000_000),
  'balances, few amounts': (number) => balanceLog(crowdOf(number, 20, 800, 5), 4, 3),
};

/** Where a wrong answer may be explained by many of the unanswered together: nobody says in time that it is not. */
export const UNDECIDED: ReadonlySet<string> = new Set(['balances, one', 'balances, one, at leisure']);

const atLeisure = (number: number, clients: number, operations: number, lostPercent: number, wrong = 1): Crowd => ({
  ...crowdOf(number, clients, operations, lostPercent, wrong),
  pause: clients / 2,
});

const crowdOf = (number: number, clients: number, operations: number, lostPercent: number, wrong = 1): Crowd => ({
  seed: number * 7919 + clients,
  clients,
  operations,
  lostPercent,
  pause: 0.2,
  wrong: number % 2 === 0 ? 0 : wrong,
});
