import { checkInvariants, type State, stateRoot } from '@canswarm/kernel';
import {
  type Cid,
  type CommitBody,
  type Crypto,
  cidOf,
  decodeCbor,
  type Genesis,
  genesisCid,
  isList,
  type NeedBody,
  type NeedId,
  parseGenesis,
  splitEntry,
  toHex,
  type VerifiedEntry,
  verifyEntry,
} from '@canswarm/protocol';
import { type AuditEntry, auditLines, importLine } from '../audit/audit-text.ts';
import { addUp, disagreements, genesisPostings, type Posting, postingsOf } from '../audit/ledger.ts';
import { type LogStep, walkLog } from '../audit/walk-log.ts';
import { type ProofFault, proofFault } from './proof-fault.ts';
import type { JudgedLine, ProofMemo, ReadLine } from './proof-memo.ts';

/** A need that ended in a final result, and what it and its commit say. */
export interface FinalNeed {
  readonly id: NeedId;
  readonly need: NeedBody;
  readonly requester: string;
  readonly commitId: string;
  readonly commit: CommitBody;
  readonly worker: string;
  /** Micro-credits. */
  readonly price: number;
  /** Position of the FINALIZE. */
  readonly position: number;
  /** Whether the seats are paid too and nothing of the need is left in escrow. */
  readonly settled: boolean;
}

/** What the log of a proof says, every signature and every rule checked. */
export interface ProvenLog {
  readonly ok: true;
  readonly entries: number;
  readonly accepted: number;
  /** Signatures that hold: entries, the envelopes in their evidence, credentials. */
  readonly signatures: number;
  /** Accepted entries that rest on votes. */
  readonly certificates: number;
  readonly postings: number;
  readonly digest: string;
  readonly stateRoot: string;
  readonly proofGas: number;
  readonly finals: readonly FinalNeed[];
}

export type ProvenGenesis = { readonly ok: true; readonly genesis: Genesis; readonly network: Cid };

/** Reads the genesis: canonical, or a fault. */
export function verifyGenesis(bytes: Uint8Array, crypto: Crypto): ProvenGenesis | ProofFault {
  const parsed = parseGenesis(bytes);
  if (!parsed.ok) return proofFault('genesis', parsed.code, `not a genesis ${parsed.path}`.trim());
  return { ok: true, genesis: parsed.genesis, network: genesisCid(parsed.genesis, crypto.sha256) };
}

/** Reads every line, verifies every signature, replays every entry and checks what must hold at the end. */
export function verifyLog(
  bytes: Uint8Array,
  { genesis, network }: ProvenGenesis,
  crypto: Crypto,
  memo: ProofMemo,
): ProvenLog | ProofFault {
  const entries: AuditEntry[] = [];
  let ours = 0;
  for (const { line, ended } of auditLines(bytes)) {
    const position = entries.length + 1;
    const judge = (entry: Uint8Array): JudgedLine => judgeEntry(entry, position, crypto, memo);
    const read = memo.line({ position, line, ended }, () => readLine(line, ended, position), judge);
    if (!read.ok) return read;
    if (read.entry.envelope.payload.network === network) ours += 1;
    entries.push({ position, bytes: read.entry.bytes });
  }
  if (entries.length === 0) return proofFault('audit', 'empty', 'a log without entries proves nothing');
  if (ours === 0) return proofFault('genesis', 'network_other', `no entry of the log is for this network, ${network}`);
  return replayLog(genesis, entries, crypto, memo);
}

function readLine(line: Uint8Array, ended: boolean, position: number): ReadLine {
  const imported = importLine(line, ended, position);
  if (imported.ok) return { ok: true, bytes: imported.entry.bytes };
  return proofFault('audit', imported.code, imported.detail, { line: position, position });
}

function judgeEntry(bytes: Uint8Array, position: number, crypto: Crypto, memo: ProofMemo): JudgedLine {
  const verdict = verifyEntry(bytes, crypto, memo.signatures);
  if (verdict.ok) return { ok: true, entry: verdict.entry };
  const where = { line: position, position, ...idOf(bytes, crypto) };
  return proofFault('audit', verdict.code, `not an entry: ${verdict.path || 'see code'}`, where);
}

/** The id of an entry that does not verify, if its payload can be told. */
function idOf(bytes: Uint8Array, crypto: Crypto): { readonly id?: string } {
  const split = splitEntry(bytes);
  const wire = split.ok ? decodeCbor(split.envelope) : undefined;
  const payload = wire?.ok === true && isList(wire.value) ? wire.value[0] : undefined;
  return payload instanceof Uint8Array ? { id: cidOf(payload, 'dag-cbor', crypto.sha256) } : {};
}

function replayLog(
  genesis: Genesis,
  entries: readonly AuditEntry[],
  crypto: Crypto,
  memo: ProofMemo,
): ProvenLog | ProofFault {
  const tally = new Tally(genesis);
  const { state, broken } = walkLog(genesis, entries, { crypto, memo: memo.signatures }, (step) => tally.take(step));
  if (state === null) return proofFault('genesis', broken.code, broken.detail);
  if (broken !== null) {
    return proofFault('audit', broken.code, broken.detail, { line: broken.position, position: broken.position });
  }
  const violated = endFault(state, tally);
  if (violated !== null) return violated;
  return {
    ok: true,
    entries: entries.length,
    ...tally.report(state),
    digest: toHex(state.digest),
    stateRoot: stateRoot(state, crypto.sha256),
    proofGas: state.params.proofGas,
  };
}

/** What must hold after the last entry. */
function endFault(state: State, tally: Tally): ProofFault | null {
  const where = { position: state.position, line: state.position };
  const [violation] = checkInvariants(state);
  if (violation !== undefined) return proofFault('audit', violation.id, violation.detail, where);
  const balances = addUp(tally.postings);
  const sum = [...balances.values()].reduce((total, balance) => total + BigInt(balance), 0n);
  if (sum !== 0n) return proofFault('audit', 'INV-ZERO-SUM', `the postings sum to ${sum}`, where);
  const [account] = disagreements(balances, state.accounts);
  return account === undefined
    ? null
    : proofFault('audit', 'ledger_differs', `${account} holds what no posting gave`, where);
}

/** Counts while a log is replayed. */
class Tally {
  readonly postings: Posting[];
  #accepted = 0;
  #signatures = 0;
  #certificates = 0;
  readonly #needs = new Map<string, VerifiedEntry>();
  readonly #commits = new Map<string, VerifiedEntry>();
  readonly #finals: Omit<FinalNeed, 'settled'>[] = [];

  constructor(genesis: Genesis) {
    this.postings = [...genesisPostings(genesis)];
  }

  take(step: LogStep): void {
    const { entry, applied } = step;
    const { payload, id } = entry.envelope;
    this.#signatures += 1 + entry.evidence.envelopes.length;
    if (payload.verb === 'JOIN' && payload.body.credential !== null) this.#signatures += 1;
    // What a refused entry moves is its log fee.
    this.postings.push(...postingsOf(step));
    if (!applied.outcome.accepted) return;
    this.#accepted += 1;
    if (payload.verb === 'DECIDE' || payload.verb === 'CERTIFY' || payload.verb === 'RELEASE') this.#certificates += 1;
    if (payload.verb === 'NEED') this.#needs.set(id, entry);
    if (payload.verb === 'COMMIT') this.#commits.set(id, entry);
    for (const event of applied.events) {
      if (event.type === 'finalized') this.#finalize(event, applied.position);
    }
  }

  #finalize(event: { need: NeedId; commit: string; worker: string; price: number }, position: number): void {
    const need = this.#needs.get(event.need)?.envelope.payload;
    const commit = this.#commits.get(event.commit)?.envelope.payload;
    if (need?.verb !== 'NEED' || commit?.verb !== 'COMMIT')
      throw new Error(`${event.commit} is final without its entries`);
    const { worker, price } = event;
    const about = {
      id: event.need,
      need: need.body,
      requester: need.from,
      commitId: event.commit,
      commit: commit.body,
    };
    this.#finals.push({ ...about, worker, price, position });
  }

  report(state: State): Pick<ProvenLog, 'accepted' | 'signatures' | 'certificates' | 'postings' | 'finals'> {
    return {
      accepted: this.#accepted,
      signatures: this.#signatures,
      certificates: this.#certificates,
      postings: this.postings.length,
      finals: this.#finals.map((final) => ({ ...final, settled: !state.needs.has(final.id) })),
    };
  }
}
