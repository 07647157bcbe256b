import {
  type Block,
  type Bodies,
  buildPayload,
  type Crypto,
  createMemo,
  type Did,
  type Genesis,
  type GossipVerb,
  type Head,
  type LogVerb,
  type MessageSigner,
  type NeedId,
  openEnvelope,
  type Payload,
  PRESETS,
  presetParams,
  type RawParams,
  signEntry,
  signEnvelope,
  type VerifiedEntry,
  type VerifiedEnvelope,
  verifyEntry,
} from '@canswarm/protocol';
import { type AccountId, balanceOf } from '../src/accounts.ts';
import { type Applied, apply } from '../src/apply.ts';
import type { RejectionCode } from '../src/context.ts';
import type { KernelEvent } from '../src/events.ts';
import { createState } from '../src/genesis-state.ts';
import { checkInvariants } from '../src/invariants.ts';
import type { LoadPolicy } from '../src/policy/network-policy.ts';
import { mayReport } from '../src/reports.ts';
import type { State } from '../src/state.ts';
import { snapshot, stateRoot } from '../src/state-root.ts';
import { type Agent, agent, type Chain, crypto, makeChain, sha256 } from './support/keys.ts';
import { stuck } from './support/progress.ts';

export const CREDIT = 1_000_000;
export const START_MS = 1_800_000_000_000;
const { logFeeBase, logFeePerByte } = PRESETS.dev;
/** Params of a world in which log space costs what it does in the dev preset. */
export const LOG_FEES: Partial<RawParams> = { logFeeBase, logFeePerByte };
export const AUTHORITY = agent('authority');
export const REQUESTER = agent('requester');
export const ADA = agent('ada');
export const BOB = agent('bob');
export const CYD = agent('cyd');
export const DAN = agent('dan');
const WORKERS: readonly Agent[] = [ADA, BOB, CYD, DAN];
export const BYSTANDER = agent('bystander');

/** A signature in proper form, of nothing. */
const ANY_SIGNATURE = AUTHORITY.sign(new Uint8Array(0));
const CHAIN_LENGTH = 400;
const chains = new Map<string, Chain>();

/** The hash chain of a key, made once. */
export function chainOf(who: Agent, secret = 'first', length = CHAIN_LENGTH): Chain {
  const name = `${who.name}/${secret}/${length}`;
  const chain = chains.get(name) ?? makeChain(name, length);
  chains.set(name, chain);
  return chain;
}

/** One verifier of a test world. */
export interface VerifierSpec {
  readonly who: Agent;
  readonly org: string | null;
  readonly asn: number;
  readonly region: string;
  readonly stake: number;
}

const REGIONS = ['north', 'east', 'south', 'west'];

/** Verifiers of `orgs` organisations with an own ASN each, over four regions; organisations take keys in turn. */
export const verifiersOf = (keys: number, orgs: number, stake = 1000 * CREDIT): readonly VerifierSpec[] =>
  Array.from({ length: keys }, (_, index) => {
    const org = index % orgs;
    return { who: agent(`v${index}`), org: `o${org}`, asn: 100 + org, region: REGIONS[org % 4] ?? '', stake };
  });

/** A key of a world besides its verifiers and those that every world has. */
export interface OtherSpec {
  readonly who: Agent;
  /** Who vouches for it; null: nobody. */
  readonly org: string | null;
  readonly free: number;
}

export interface WorldOptions {
  /** Log space costs nothing unless they say so: most tests are about other money. */
  readonly params?: Partial<RawParams>;
  readonly verifiers?: readonly VerifierSpec[];
  /** Free credits of every key besides. */
  readonly free?: number;
  readonly supplyCap?: number;
  readonly others?: readonly OtherSpec[];
  /** Keys with the last word on disputes; none by default. */
  readonly arbiters?: readonly Agent[];
  /** What every entry has to pass from the first on, and what loads it. */
  readonly policy?: Genesis['policy'] | undefined;
  readonly load?: LoadPolicy | null;
  /** Make and verify every signature. Else none is: the kernel is told only what others verified. */
  readonly signed?: boolean;
  /** The law of this world, where a test plants another. */
  readonly law?: Law;
}

/** What makes a state and changes it. */
export interface Law {
  readonly createState: typeof createState;
  readonly apply: typeof apply;
}

export interface Evidence {
  readonly envelopes?: readonly VerifiedEnvelope[];
  readonly blocks?: readonly Block[];
}

/** What of an entry's frame a test sets otherwise than an honest sender would. */
export type Frame = Partial<Pick<Payload, 'network' | 'thread' | 'epoch' | 'head'>>;

export interface TickOptions {
  readonly by?: Agent;
  readonly reporters?: readonly Agent[];
  /** Whether reporters reveal; by default while a draw waits. */
  readonly reveal?: boolean;
}

/** A log, the state that the kernel makes of it, and the keys that write to it. Log time moves only by `tick`. */
export class World {
  readonly genesis: Genesis;
  readonly state: State;
  readonly verifiers: readonly VerifierSpec[];
  readonly entries: VerifiedEntry[] = [];
  readonly applied: Applied[] = [];
  /** True time of the keys, ms. */
  now = START_MS;
  readonly #memo = createMemo({ envelopeBytes: 32 * 1024 * 1024, roots: 64 });
  readonly #signed: boolean;
  readonly #law: Law;
  readonly #load: LoadPolicy | null;
  readonly #chains = new Map<Did, Chain>();
  #lamport = 0;

  constructor(options: WorldOptions = {}) {
    this.verifiers = options.verifiers ?? verifiersOf(16, 12);
    this.#signed = options.signed ?? false;
    this.#law = options.law ?? { createState, apply };
    this.#load = options.load ?? null;
    const { free = 1000 * CREDIT, others = [] } = options;
    const plain = [REQUESTER, ...WORKERS, BYSTANDER, AUTHORITY];
    this.genesis = {
      v: 1,
      kind: 'genesis',
      name: 'test',
      time: START_MS,
      incarnation: 1,
      rulesVersion: 1,
      epoch: 1,
      authority: AUTHORITY.did,
      supplyCap: options.supplyCap ?? 1_000_000 * CREDIT,
      params: presetParams('dev', {
        logFeeBase: 0,
        logFeePerByte: 0,
        proofUnitBond: 0,
        minStake: 1,
        ...options.params,
      }),
      accounts: [
        ...plain.map(({ did }) => ({ did, free, stake: 0 })),
        ...this.verifiers.map(({ who, stake }) => ({ did: who.did, free, stake })),
        ...others.filter((one) => one.free > 0).map((one) => ({ did: one.who.did, free: one.free, stake: 0 })),
      ],
      members: [
        ...this.verifiers.map(({ who, org, asn, region }) => {
          this.#chains.set(who.did, chainOf(who));
          return { did: who.did, org, asn, region, tip: chainOf(who).tip, chainLength: CHAIN_LENGTH };
        }),
        ...WORKERS.map(({ did, name }, index) => {
          return { did, org: `work-${name}`, asn: 900 + index, region: 'mid', tip: null, chainLength: 0 };
        }),
        ...others.flatMap(({ who: { did }, org }, index) =>
          org === null ? [] : [{ did, org, asn: 2000 + index, region: 'mid', tip: null, chainLength: 0 }],
        ),
      ],
      arbiters: (options.arbiters ?? []).map(({ did }) => did),
      ...(options.policy === undefined ? {} : { policy: options.policy }),
    };
    this.state = this.#law.createState(this.genesis, sha256, this.#load);
  }

  /** The present head, or an older one that is still kept. */
  head(position = this.state.position): Head {
    const { digests, incarnation } = this.state;
    const digest = digests.values[position - digests.first];
    if (digest === undefined) throw new Error(`no digest of ${position}`);
    return { incarnation, position, digest };
  }

  get #crypto(): Crypto {
    return this.#signed ? crypto : { ...crypto, verify: () => true };
  }

  #signer(who: Agent): MessageSigner {
    return this.#signed ? who : { did: who.did, sign: () => ANY_SIGNATURE };
  }

  #payload(who: Agent, verb: string, body: unknown, thread: NeedId | null, frame: Frame) {
    this.#lamport += 1;
    return {
      network: this.state.network,
      thread,
      verb,
      body,
      lamport: this.#lamport,
      time: this.now,
      epoch: this.state.epoch,
      from: who.did,
      head: this.head(),
      ...frame,
    };
  }

  /** Signs a gossip envelope and verifies it, as every node does. */
  gossip<V extends GossipVerb>(who: Agent, verb: V, body: Bodies[V], frame: Frame = {}): VerifiedEnvelope {
    const thread = 'need' in body ? (body.need as NeedId) : 'commit' in body ? this.#threadOf(body.commit) : null;
    const draft = this.#payload(who, verb, body, thread, frame);
    const signed = signEnvelope(buildPayload(draft as never) as Payload, this.#signer(who), sha256);
    const opened = openEnvelope(signed.bytes, this.#crypto, this.#memo);
    if (!opened.ok) throw new Error(`${verb}: ${opened.code} at ${opened.path}`);
    return opened.envelope;
  }

  #threadOf(target: string): NeedId {
    return this.state.commits.get(target as never)?.need ?? (target as NeedId);
  }

  /** Signs a log entry and verifies it. */
  entry<V extends LogVerb>(who: Agent, verb: V, body: Bodies[V], evidence?: Evidence, frame: Frame = {}) {
    let thread: NeedId | null = 'need' in body ? (body.need as NeedId) : null;
    if ('commit' in body) thread = this.#threadOf(body.commit);
    if ('subject' in body) thread = this.#threadOf(body.subject);
    const draft = this.#payload(who, verb, body, thread, frame);
    const shown =
      evidence === undefined
        ? null
        : { envelopes: (evidence.envelopes ?? []).map(({ bytes }) => bytes), blocks: evidence.blocks ?? [] };
    const signed = signEntry<V>(draft as never, shown, this.#signer(who), sha256);
    const verified = verifyEntry(signed.bytes, this.#crypto, this.#memo);
    if (!verified.ok) throw new Error(`${verb}: ${verified.code} at ${verified.path}`);
    return verified.entry;
  }

  /** Applies an entry and checks every invariant of the state after it, and that all that is open moves on. */
  apply(entry: VerifiedEntry): Applied {
    const applied = this.#law.apply(this.state, entry, sha256, this.#load);
    this.entries.push(entry);
    this.applied.push(applied);
    this.check();
    return applied;
  }

  check(): void {
    const violations = checkInvariants(this.state).map(({ id, detail }) => `${id}: ${detail}`);
    const broken = [...violations, ...stuck(this.state)];
    if (broken.length > 0) throw new Error(broken.join('\n'));
  }

  /** Signs, verifies and applies; the outcome is the caller's to look at. */
  submit<V extends LogVerb>(who: Agent, verb: V, body: Bodies[V], evidence?: Evidence, frame: Frame = {}): Applied {
    return this.apply(this.entry(who, verb, body, evidence, frame));
  }

  /** As `submit`, and the entry must be accepted. Returns its events. */
  accept<V extends LogVerb>(who: Agent, verb: V, body: Bodies[V], evidence?: Evidence, frame: Frame = {}) {
    const { outcome, events } = this.submit(who, verb, body, evidence, frame);
    if (!outcome.accepted) throw new Error(`${verb} refused: ${outcome.code} ${JSON.stringify(outcome.facts)}`);
    return events;
  }

  /** As `submit`, and the entry must be refused with `code` and change nothing but position, digest and what its sender pays for log space. */
  refuse<V extends LogVerb>(
    code: RejectionCode,
    who: Agent,
    verb: V,
    body: Bodies[V],
    evidence?: Evidence,
    frame: Frame = {},
  ): void {
    this.refuseEntry(code, this.entry(who, verb, body, evidence, frame));
  }

  /** An entry whose payload no `verifyEntry` would let through: for preconditions that stand behind it. */
  planted(entry: VerifiedEntry, change: Readonly<Record<string, unknown>>): VerifiedEntry {
    const { envelope } = entry;
    return { ...entry, envelope: { ...envelope, payload: { ...envelope.payload, ...change } as Payload } };
  }

  refuseEntry(code: RejectionCode, entry: VerifiedEntry): void {
    const paid = (): number => this.state.charged.get(entry.envelope.id)?.paid ?? 0;
    const before = { law: this.lawState(), paid: paid(), burned: this.balance('burn') };
    const { position, accepted } = this.state;
    const { id } = entry.envelope;
    const known = accepted.get(id);
    const { outcome, events } = this.apply(entry);
    if (outcome.accepted) throw new Error(`${entry.envelope.payload.verb} accepted, ${code} expected`);
    if (outcome.code !== code) {
      throw new Error(`refused with ${outcome.code} ${JSON.stringify(outcome.facts)}, ${code} expected`);
    }
    const fee = paid() - before.paid;
    const told = events.map((event) =>
      event.type === 'posting' && event.code === 'log_fee' ? event.amount : event.type,
    );
    if (told.some((one) => typeof one === 'string') || (fee === 0) !== (told.length === 0))
      throw new Error(`a refused entry tells ${told.join()}`);
    if (this.balance('burn') !== before.burned + fee)
      throw new Error(`a refused entry burned something else than its fee of ${fee}`);
    if (this.state.position !== position + 1) throw new Error('a refused entry takes a position');
    if ((fee === 0 && this.lawState() !== before.law) || (accepted.has(id) && accepted.get(id) !== known)) {
      throw new Error(`${code}: a refused entry changed state`);
    }
  }

  /** All state but what follows from the position: itself, the digest, and what is remembered of the head window. */
  lawState(): string {
    const forgotten = new Set(['position', 'digest', 'digests', 'accepted', 'charged', 'lateTicks']);
    const rest = Object.entries(snapshot(this.state)).filter(([name]) => !forgotten.has(name));
    // What was said counts for the policy, be it accepted.
    return JSON.stringify(rest, (key, value: unknown) => {
      if (key === 'said' || key === 'heard') return null;
      if (value instanceof Map) return [...(value as Map<string, unknown>)];
      return value instanceof Set ? [...(value as Set<unknown>)] : value;
    });
  }

  root(): string {
    return stateRoot(this.state, sha256);
  }

  /** A REPORT of a verifier: its time, and the next value of its chain if it reveals. */
  report(
    who: Agent,
    options: { time?: number; reveal?: boolean; preimage?: Uint8Array | null } = {},
    frame: Frame = {},
  ) {
    const tip = this.state.members.get(who.did)?.tip;
    const next = options.reveal === true && tip != null ? this.#chains.get(who.did)?.before(tip) : undefined;
    const preimage = options.preimage === undefined ? (next ?? null) : options.preimage;
    return this.gossip(who, 'REPORT', { time: options.time ?? this.now, preimage }, frame);
  }

  /** The chain that a key reveals from now on. */
  useChain(who: Agent, chain: Chain): void {
    this.#chains.set(who.did, chain);
  }

  /** Verifiers that report by default: just enough of them to move log time and to fill a seed. */
  get reporters(): readonly Agent[] {
    const able = this.verifiers.map(({ who }) => who).filter((who) => mayReport(this.state, who.did));
    if (able.length === 0) return [AUTHORITY];
    if (able.length === 16) return able.slice(4, 12);
    return able.length < 16 ? able : able.slice(0, Math.ceil((able.length * 11) / 20));
  }

  /** Lets `ms` of true time pass and proposes a TICK with fresh reports. */
  tick(ms = 50, options: TickOptions = {}): readonly KernelEvent[] {
    this.now += ms;
    const reporters = options.reporters ?? this.reporters;
    const reveal = options.reveal ?? this.state.pendingDraws.size > 0;
    const envelopes = reporters.map((who) => this.report(who, { reveal }));
    return this.accept(options.by ?? reporters[0] ?? AUTHORITY, 'TICK', {}, { envelopes });
  }

  /** Ticks until `done`, each `ms` apart. Throws when it takes more than `most` ticks. */
  tickUntil(done: () => boolean, ms = 50, most = 400): void {
    for (let count = 0; !done(); count += 1) {
      if (count >= most) throw new Error(`still not so after ${most} ticks`);
      this.tick(ms);
    }
  }

  balance(account: AccountId): number {
    return balanceOf(this.state.accounts, account);
  }

  free(who: { readonly did: Did }): number {
    return this.balance(`free/${who.did}`);
  }

  /** All events so far of one type. */
  events<T extends KernelEvent['type']>(type: T): readonly Extract<KernelEvent, { type: T }>[] {
    return this.applied
      .flatMap(({ events }) => events)
      .filter((event): event is Extract<KernelEvent, { type: T }> => event.type === type);
  }
}
