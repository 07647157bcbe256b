import type { Payload, VerifiedEntry } from '@canswarm/protocol';
import type { Applied } from '../../src/apply.ts';
import type { KernelEvent } from '../../src/events.ts';
import { START_MS, type World } from '../world.ts';
import { Names } from './names.ts';

const CREDIT = 1_000_000;
/** Fields of events and facts in micro-credits. */
const MONEY = new Set(
  'amount price priceCap refund fee reserved cap share paid returned most points bond free cost left seatFees logFees minted'.split(
    ' ',
  ),
);

/**
 * What a world's kernel made of its entries, for people: each entry with its log time, position, verb and sender, whether it was
 * refused and why, what moved and what happened. Ids are named by the entries that made them, keys by the names that tests give them.
 * Entries that are TICKs in which only time passes are told as one line.
 */
export class Trace {
  readonly #world: World;
  readonly #names = new Names();
  #told = 0;

  constructor(world: World) {
    this.#world = world;
  }

  get names(): Names {
    return this.#names;
  }

  /** The lines of what was applied since they were asked for last. */
  lines(): readonly string[] {
    const lines: string[] = [];
    const { applied, entries } = this.#world;
    let quiet: readonly Quiet[] = [];
    for (; this.#told < applied.length; this.#told += 1) {
      const [one, entry] = [applied[this.#told], entries[this.#told]];
      if (one === undefined || entry === undefined) break;
      this.#names.learn(one.position, entry, one.events);
      const passed = onlyTime(one, entry);
      if (passed !== null) {
        quiet = [{ from: quiet[0]?.from ?? one.position, to: one.position, time: passed }];
        continue;
      }
      lines.push(...quiet.map(quietLine));
      quiet = [];
      lines.push(...this.#entryLines(one, entry.envelope.payload));
    }
    return [...lines, ...quiet.map(quietLine)];
  }

  #entryLines({ position, outcome, events }: Applied, payload: Payload): readonly string[] {
    const from = this.#names.of(payload.from);
    const head = `${position} ${payload.verb} ${from}`;
    const moved = events.find((event) => event.type === 'time_advanced');
    const at = moved === undefined ? '' : ` ${seconds(moved.time)}`;
    const said = outcome.accepted ? '' : `: ${outcome.code}${this.#fields(outcome.facts)}`;
    return [
      `${head}${at}${this.#feePayer(events, payload)}${said}`,
      ...this.#grouped(events, payload.verb).map((line) => `  ${line}`),
    ];
  }

  /** Who paid for the log space, if not its sender: how much follows from its bytes, and is in what is left elsewhere. */
  #feePayer(events: readonly KernelEvent[], { from, verb }: Payload): string {
    const payers = events.filter(isLogFee).map(({ debit }) => debit);
    const others = payers.filter((payer) => payer !== `free/${from}`).map((payer) => this.#names.text(payer));
    if (others.length > 0) return ` paid by ${[...new Set(others)].join(' and ')}`;
    return payers.length === 0 && verb !== 'TICK' ? ' unpaid' : '';
  }

  /** Events that differ in nothing but whose they are stand in one line, where the first of them happened. */
  #grouped(events: readonly KernelEvent[], verb: string): readonly string[] {
    const groups = new Map<string, string[]>();
    for (const event of events) {
      if (event.type === 'time_advanced' || isLogFee(event)) continue;
      const key = this.#keyOf(event);
      const text = this.#eventText(event, verb);
      const pattern = key === null ? text : text.replaceAll(key, '*');
      const group = groups.get(pattern) ?? [];
      groups.set(pattern, group);
      if (key !== null) group.push(key);
    }
    return [...groups].map(([pattern, keys]) => {
      if (keys.length === 0) return pattern;
      const [only = ''] = keys;
      return keys.length === 1 ? pattern.replaceAll('*', only) : `${pattern}, * is ${keys.join(' ')}`;
    });
  }

  /** The key that an event is about, by name; null where it is about none or several. */
  #keyOf(event: KernelEvent): string | null {
    const values = event.type === 'posting' ? [event.debit, event.credit] : Object.values(event);
    const dids = values.flatMap((value) => (typeof value === 'string' ? (value.match(/did:key:\w+/g) ?? []) : []));
    const [first] = dids;
    return first !== undefined && dids.every((did) => did === first) ? this.#names.of(first) : null;
  }

  #eventText(event: KernelEvent, verb: string): string {
    if (event.type !== 'posting') {
      const { type, ...fields } = event;
      return `${type}${this.#fields(fields)}`;
    }
    const { rule, code, debit, credit, amount } = event;
    const by = rule === verb ? '' : ` by ${rule}`;
    return `${credits(amount)} from ${this.#names.text(debit)} to ${this.#names.text(credit)}, ${code}${by}`;
  }

  #fields(fields: Readonly<Record<string, unknown>>): string {
    return Object.entries(fields)
      .map(([name, value]) => ` ${name}=${this.#value(name, value)}`)
      .join('');
  }

  #value(name: string, value: unknown): string {
    if (typeof value === 'string') return this.#names.text(value) || '""';
    if (typeof value !== 'number') return String(value);
    // No amount or position of a test is as large as log time.
    if (value >= START_MS) return seconds(value);
    return MONEY.has(name) ? credits(value) : String(value);
  }
}

type Fee = Extract<KernelEvent, { type: 'posting' }>;

const isLogFee = (event: KernelEvent): event is Fee => event.type === 'posting' && event.code === 'log_fee';

/** TICKs by which nothing but time passed. */
interface Quiet {
  readonly from: number;
  readonly to: number;
  readonly time: number;
}

function onlyTime({ outcome, events }: Applied, { envelope }: VerifiedEntry): number | null {
  const [event] = events.filter(({ type }) => type !== 'posting');
  const alone = events.length === 1 && event?.type === 'time_advanced';
  return alone && outcome.accepted && envelope.payload.verb === 'TICK' ? event.time : null;
}

const quietLine = ({ from, to, time }: Quiet): string =>
  `${from === to ? from : `${from}-${to}`} TICK ${seconds(time)}`;

/** Log time since the genesis. */
const seconds = (time: number): string => `${(time - START_MS) / 1000}s`;

/** Micro-credits as credits, exactly. */
export const credits = (micro: number): string => {
  const part = String(Math.abs(micro) % CREDIT)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${micro < 0 ? '-' : ''}${Math.trunc(Math.abs(micro) / CREDIT)}${part === '' ? '' : `.${part}`}`;
};
