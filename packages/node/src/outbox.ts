import { canPayLog, freeBalance, logFee, type State, type Stated } from '@canswarm/kernel';
import type { Clock, Signer, Store, StoreOperation, Transport } from '@canswarm/ports';
import {
  type Cid,
  type Crypto,
  type Did,
  type EnvelopeId,
  type Evidence,
  encodeEvidence,
  encodePayload,
  isLogVerb,
  type Micro,
  type NeedId,
  type Payload,
  ProtocolError,
  parsePayload,
  sealEntry,
  signBatch,
  signEnvelope,
} from '@canswarm/protocol';
import type { Appender } from './appender.ts';
import { Gather } from './gather.ts';
import { LamportClock } from './lamport.ts';
import { LogFeeError } from './log-fee-error.ts';
import type { LogGate } from './log-gate.ts';
import { MESSAGE_ENVELOPES_MAX, packMessage } from './message.ts';
import type { PolicyDeniedError } from './policy-denied-error.ts';
import type { PolicyGates } from './policy-gates.ts';

export const GOSSIP_TOPIC = 'can/1';

/** A verb with its body, of one verb each. */
export type Said = Payload extends infer P ? (P extends Payload ? Pick<P, 'verb' | 'body'> : never) : never;

/** What must not be forgotten of an entry once it may be in the log: it is made durable before the entry leaves. */
export type Keep = (id: EnvelopeId, entry: Uint8Array) => readonly StoreOperation[];

/** The most that a need pays, and what its seal was made with. */
export interface SealedCap {
  readonly cap: Micro;
  readonly salt: Uint8Array;
}

/** Something one of this node's keys says. */
export interface Draft {
  readonly signer: Signer;
  readonly said: Said;
  readonly thread: NeedId | null;
  readonly refs: readonly Cid[];
  /** Encoded or not. */
  readonly evidence: Evidence | Uint8Array | null;
  /** A vote: kept durably under this key before it leaves, so that no restart signs another one. */
  readonly guard: string | null;
  /** What goes with a vote, to be said later, kept as durably: what a seal hides, so that it is opened as it was sealed; the result of an alternate. */
  readonly hides?: Said;
  /** Of a COMMIT: what its result states, for the policy. */
  readonly stated?: Stated | null;
  readonly keep?: Keep | null;
  /** Of a need whose cap is sealed: what opens it, kept as durably. */
  readonly cap?: SealedCap | null;
  /** Told once the envelope is signed and on its way. */
  readonly onSigned?: (id: EnvelopeId) => void;
  /** Told instead when it will not be said: peers would refuse its form, the store failed, the node stopped. */
  readonly onFailed?: (error: unknown) => void;
}

/** What goes with something that is said of one's own accord. */
export type SaidWith = Partial<Pick<Draft, 'keep' | 'cap' | 'guard' | 'evidence'>>;

/** Where signed votes are kept until their need is settled. */
const GUARD = 'vote/';
/** Where the votes and bids that seals hide, and the results of alternates, are kept as long. */
const HIDDEN = 'hidden/';
/** Where what opens sealed caps is kept: by need, until that is settled. */
const CAP = 'cap/';
/** Where envelopes and payloads are kept that were signed, or will be. */
export const SIGNED = [GUARD, HIDDEN, CAP];

interface Outgoing {
  readonly gossip: Uint8Array[];
  readonly entries: Uint8Array[];
  /** Entries of which somebody is told that they are on their way. */
  readonly owed: Uint8Array[];
  /** What is made durable before any of it leaves. */
  readonly kept: StoreOperation[];
}

/** A draft as it would be signed. */
interface Written {
  readonly draft: Draft;
  readonly evidence: Uint8Array | null;
  readonly payload: Payload;
}

export interface OutboxOptions {
  readonly network: Cid;
  readonly state: State;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly store: Store;
  readonly transport: Transport;
  readonly appender: Appender;
  /** Where commands wait that are entries. */
  readonly gate: LogGate;
  /** How long drafts are gathered at most to be signed together, ms; 0: until the present turn ends. */
  readonly gatherMs: number;
  /** The node hears itself: its own gossip passes the same ingress. */
  readonly hear: (message: Uint8Array) => void;
  /** Told when a key cannot pay for the place of what it would say in the log; that is not sent. */
  readonly onUnpaid: (error: LogFeeError) => void;
  /** What is asked before anything is signed, and told of what that denies; it is not signed. */
  readonly gates: Pick<PolicyGates, 'preflight'>;
  readonly onDenied: (error: PolicyDeniedError) => void;
  /** Told when the store fails: what was to be said is lost, and nothing is said afterwards. */
  readonly onFailure: (error: unknown) => void;
}

/** A vote that an earlier life of this node signed. */
interface Kept {
  readonly need: NeedId;
  readonly guard: string;
}

/**
 * The way out: drafts gathered in one turn are signed, one Merkle batch per key where there are several, then gossiped
 * or appended to the log.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #lamports = new Map<Did, LamportClock>();
  readonly #drafts: Gather<Draft>;
  #closed = false;
  /** Keys of kept votes by need. */
  readonly #guards = new Map<NeedId, readonly string[]>();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#drafts = new Gather(options.clock, options.gatherMs, (drafts) => this.#flush(drafts));
  }

  say(draft: Draft): void {
    if (!this.#closed) this.#drafts.add(draft);
  }

  /** Says a verb of its own accord; resolves with the id once it is signed and on its way. Rejects with a LogAwayError where the log is lost for too long. */
  command(
    signer: Signer,
    said: Said,
    thread: NeedId | null,
    { keep = null, cap = null, guard = null, evidence = null }: SaidWith = {},
  ): Promise<EnvelopeId> {
    return new Promise((onSigned, onFailed) => {
      const draft = { signer, said, thread, refs: [], evidence, guard, keep, cap, onSigned, onFailed };
      if (isLogVerb(said.verb)) this.#options.gate.pass(() => this.say(draft), onFailed);
      else this.say(draft);
    });
  }

  /** Appends an entry that was made before. */
  repeat(entry: Uint8Array): void {
    if (!this.#closed) this.#options.appender.append([entry], true);
  }

  /** Waits for appends under way; nothing is sent afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#options.gate.close();
    for (const draft of this.#drafts.drain()) draft.onFailed?.(new Error('the node stopped'));
    await this.#options.appender.close();
  }

  #flush(drafts: readonly Draft[]): void {
    if (this.#closed) return;
    try {
      this.#send(drafts);
    } catch (error) {
      this.#closed = true;
      for (const draft of drafts) draft.onFailed?.(error);
      this.#options.onFailure(error);
    }
  }

  #send(drafts: readonly Draft[]): void {
    const byKey = new Map<Did, Draft[]>();
    for (const draft of drafts) {
      const { did } = draft.signer;
      byKey.set(did, [...(byKey.get(did) ?? []), draft]);
    }
    const gossip: Uint8Array[] = [];
    const entries: Uint8Array[] = [];
    const owed: Uint8Array[] = [];
    const kept: StoreOperation[] = [];
    for (const ofOne of byKey.values()) this.#sign(ofOne, { gossip, entries, owed, kept });
    const { store, appender } = this.#options;
    if (kept.length > 0) store.batch(kept, { sync: true });
    this.#publish(gossip);
    appender.append(owed, true);
    appender.append(entries, false);
  }

  #publish(gossip: readonly Uint8Array[]): void {
    for (let start = 0; start < gossip.length; start += MESSAGE_ENVELOPES_MAX) {
      const message = packMessage(gossip.slice(start, start + MESSAGE_ENVELOPES_MAX));
      this.#options.transport.publish(GOSSIP_TOPIC, message);
      this.#options.hear(message);
    }
  }

  /** Says again the votes that an earlier life of this node signed and may not have sent; forgets those of settled needs. */
  resend(isOpen: (need: NeedId) => boolean): readonly Kept[] {
    const votes: Uint8Array[] = [];
    const kept: Kept[] = [];
    const settled = new Set<NeedId>();
    for (const [key, bytes] of this.#options.store.scan(GUARD)) {
      const slash = key.indexOf('/', GUARD.length);
      const need = key.slice(GUARD.length, slash) as NeedId;
      this.#guard(need, key);
      if (!isOpen(need)) {
        settled.add(need);
        continue;
      }
      kept.push({ need, guard: key.slice(slash + 1) });
      votes.push(bytes);
    }
    for (const [key] of this.#options.store.scan(HIDDEN)) {
      const need = key.slice(HIDDEN.length, key.indexOf('/', HIDDEN.length)) as NeedId;
      this.#guard(need, key);
      if (!isOpen(need)) settled.add(need);
    }
    // A need that is not there may be on its way to the log: what opens its cap stays.
    for (const [key] of this.#options.store.scan(CAP)) this.#guard(key.slice(CAP.length) as NeedId, key);
    for (const need of settled) this.forget(need);
    // Each by itself: peers do not pass on a message with a vote that they heard before, whatever else is in it.
    for (const vote of votes) this.#publish([vote]);
    return kept;
  }

  /** What goes with a vote, by its guard; null where nothing was kept. */
  hidden(need: NeedId, guard: string): Said | null {
    const bytes = this.#options.store.get(`${HIDDEN}${need}/${guard}`);
    const parsed = bytes === undefined ? null : parsePayload(bytes);
    return parsed?.ok === true ? parsed.value : null;
  }

  /** What opens the sealed cap of a need that this node posted, or null. */
  cap(need: NeedId): Extract<Said, { verb: 'OPEN_CAP' }> | null {
    const bytes = this.#options.store.get(`${CAP}${need}`);
    const parsed = bytes === undefined ? null : parsePayload(bytes);
    return parsed?.ok === true && parsed.value.verb === 'OPEN_CAP' ? parsed.value : null;
  }

  /** Forgets the votes kept for a need that is settled. */
  forget(need: NeedId): void {
    const keys = this.#guards.get(need);
    if (keys === undefined) return;
    this.#guards.delete(need);
    this.#options.store.batch(
      keys.map((key) => ({ key, value: null })),
      { sync: false },
    );
  }

  #guard(need: NeedId, key: string): void {
    this.#guards.set(need, [...(this.#guards.get(need) ?? []), key]);
  }

  /** What peers would refuse harms only itself: the others are then signed one by one. */
  #sign(drafts: readonly Draft[], outgoing: Outgoing): void {
    try {
      this.#signTogether(drafts, outgoing);
    } catch (error) {
      const [only] = drafts;
      if (!(error instanceof ProtocolError) || only === undefined) throw error;
      if (drafts.length > 1) for (const draft of drafts) this.#sign([draft], outgoing);
      else only.onFailed?.(error);
    }
  }

  #signTogether(wanted: readonly Draft[], { gossip, entries, owed, kept }: Outgoing): void {
    const { crypto } = this.#options;
    const written = wanted
      .map((draft) => this.#write(draft))
      .filter(({ draft, payload }) => this.#passes(draft, payload));
    const [first] = wanted;
    if (first === undefined || written.length === 0) return;
    const drafts = written.map(({ draft }) => draft);
    const evidence = written.map(({ evidence: shown }) => shown);
    const payloads = written.map(({ payload }) => payload);
    const [only] = payloads;
    const signed =
      payloads.length === 1 && only !== undefined
        ? [signEnvelope(only, first.signer, crypto.sha256)]
        : signBatch(payloads, first.signer, crypto.sha256);
    for (const [index, envelope] of signed.entries()) {
      const draft = drafts[index];
      if (draft === undefined) continue;
      const { verb } = draft.said;
      if (!isLogVerb(verb)) {
        draft.onSigned?.(envelope.id);
        gossip.push(envelope.bytes);
        if (draft.guard === null || draft.thread === null) continue;
        const key = `${GUARD}${draft.thread}/${draft.guard}`;
        this.#guard(draft.thread, key);
        kept.push({ key, value: envelope.bytes });
        if (draft.hides === undefined) continue;
        const hidden = `${HIDDEN}${draft.thread}/${draft.guard}`;
        this.#guard(draft.thread, hidden);
        kept.push({ key: hidden, value: encodePayload(this.#payload({ ...draft, said: draft.hides }, null)) });
        continue;
      }
      const entry = sealEntry(envelope.bytes, evidence[index] ?? null);
      const { state } = this.#options;
      const { did } = draft.signer;
      if (!canPayLog(state, verb, did, entry.length)) {
        const fee = logFee(state.params, entry.length);
        const error = new LogFeeError({ did, verb, fee, free: freeBalance(state, did) });
        this.#options.onUnpaid(error);
        draft.onFailed?.(error);
        continue;
      }
      draft.onSigned?.(envelope.id);
      kept.push(...(draft.keep?.(envelope.id, entry) ?? []));
      if (draft.cap) kept.push(this.#keepCap(draft, envelope.id as string as NeedId, draft.cap));
      (draft.onSigned === undefined ? entries : owed).push(entry);
    }
  }

  #write(draft: Draft): Written {
    const { evidence: shown } = draft;
    const evidence = shown === null || shown instanceof Uint8Array ? shown : encodeEvidence(shown);
    return { draft, evidence, payload: this.#payload(draft, evidence) };
  }

  /** The only way to a signature: what the policy of the network denies is not signed. */
  #passes(draft: Draft, payload: Payload): boolean {
    const { gates, state, onDenied } = this.#options;
    const denied = gates.preflight(state, payload, draft.stated ?? null);
    if (denied === null) return true;
    onDenied(denied);
    draft.onFailed?.(denied);
    return false;
  }

  #keepCap(draft: Draft, need: NeedId, opening: SealedCap): StoreOperation {
    const said: Said = { verb: 'OPEN_CAP', body: { need, ...opening } };
    const key = `${CAP}${need}`;
    this.#guard(need, key);
    return { key, value: encodePayload(this.#payload({ ...draft, said, thread: need }, null)) };
  }

  #payload(draft: Draft, evidence: Uint8Array | null): Payload {
    const { state, clock, crypto, network } = this.#options;
    const now = clock.now();
    return {
      v: 1,
      network,
      thread: draft.thread,
      ...draft.said,
      refs: draft.refs,
      lamport: this.#lamport(draft.signer.did).next(now),
      time: now,
      epoch: state.epoch,
      policy: null,
      from: draft.signer.did,
      head: { incarnation: state.incarnation, position: state.position, digest: state.digest },
      evidence: evidence === null ? null : crypto.sha256(evidence),
    };
  }

  #lamport(did: Did): LamportClock {
    let lamport = this.#lamports.get(did);
    if (lamport === undefined) {
      lamport = new LamportClock(this.#options.store, did);
      this.#lamports.set(did, lamport);
    }
    return lamport;
  }
}
