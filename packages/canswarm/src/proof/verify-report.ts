import type { Cid } from '@canswarm/protocol';
import { allOf } from './all-of.ts';
import type { RenderedResult, ResultKind } from './kinds/result-kind.ts';
import { faultSentence, type ProofFault } from './proof-fault.ts';
import type { ProvenArtifacts } from './verify-artifacts.ts';
import type { FinalNeed, ProvenLog } from './verify-log.ts';

/** What a verification came to. */
export interface VerifyReport {
  /** The proof holds, and what was asked besides: judged again, the result passes. */
  readonly ok: boolean;
  /** What this proof shows, in sentences; empty when it does not hold. */
  readonly proven: readonly string[];
  /** What it does not show. */
  readonly notProven: readonly string[];
  readonly network: string | null;
  readonly needId: string | null;
  readonly digest: string | null;
  readonly stateRoot: string | null;
  /** Entries replayed. */
  readonly entries: number;
  readonly signatures: number;
  /** Accepted entries that rest on votes. */
  readonly certificates: number;
  /** Blocks re-hashed. */
  readonly artifacts: number;
  readonly error?: Omit<ProofFault, 'ok'> & { readonly sentence: string };
}

/** All that was checked. */
export interface Proven {
  readonly network: Cid;
  readonly pinned: boolean;
  readonly log: ProvenLog;
  readonly final: FinalNeed;
  readonly artifacts: ProvenArtifacts;
  readonly kind: ResultKind;
  readonly result: RenderedResult;
  /** What was judged again, in a sentence. */
  readonly again: string | null;
}

const NOT_PROVEN = {
  pinned: 'That this is the network you mean: pin its genesis with --network.',
  independence:
    'That different people stand behind the keys: whoever made the genesis may hold every key in it. Only a genesis that you trust from elsewhere says whose they are.',
  completeness: 'That the log is complete: entries after the last one may be withheld.',
  authenticity:
    'That the documents are authentic, true or up to date: only that the quoted words stand in the bytes that the need names.',
  time: 'That log time is the time of day: it is what a majority of the verifiers reported.',
} as const;

/** The report on a proof that holds. */
export function provenReport(proven: Proven): VerifyReport {
  const { network, log, final, artifacts } = proven;
  return {
    ok: true,
    proven: provenSentences(proven),
    notProven: notProvenSentences(proven),
    network,
    needId: final.id,
    digest: log.digest,
    stateRoot: log.stateRoot,
    entries: log.entries,
    signatures: log.signatures,
    certificates: log.certificates,
    artifacts: artifacts.blocks.size,
  };
}

function provenSentences({ network, pinned, log, final, artifacts, result, again }: Proven): readonly string[] {
  const { proven, whole } = result.sentences;
  return [
    `The genesis is canonical and names network ${network}${pinned ? ', the one asked for' : ''}.`,
    `All ${log.signatures} signatures hold: those of ${log.entries} entries and of the envelopes in their evidence.`,
    `Judged again by the rules, ${log.accepted} entries are accepted and ${log.entries - log.accepted} rejected, which so had no effect; digest ${log.digest}, state root ${log.stateRoot}.`,
    `${allOf(log.certificates, 'certificate', { one: 'carries', many: 'carry' })} the votes of enough distinct, drawn seats.`,
    `All invariants hold at the end, and the ${log.postings} postings of the ledger sum to zero.`,
    `Need ${final.id} of ${final.requester} became final at position ${final.position}: commit ${final.commitId} by ${final.worker}, who was paid.`,
    ...proven,
    ...(final.settled ? ['The seats are paid and nothing of the need is left in escrow.'] : []),
    ...(artifacts.sources ? [whole] : []),
    ...(again === null ? [] : [again]),
  ];
}

function notProvenSentences({ pinned, final, result, again }: Proven): readonly string[] {
  const { independence, completeness, time } = NOT_PROVEN;
  return [
    ...(pinned ? [] : [NOT_PROVEN.pinned]),
    independence,
    completeness,
    ...result.sentences.notProven(again !== null),
    time,
    ...(final.settled ? [] : ['That the seats were paid: the log ends before.']),
  ];
}

/** Why judging again said nothing of a proof that holds all the same: over other documents, or with checks that are not here. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['documents_other', 'undecidable_again']);

/** The report on a proof that holds, whose result was to be judged again and is not found good that way. */
export function notAgainReport(proven: Proven, fault: ProofFault): VerifyReport {
  const broken = brokenReport(fault, proven.network);
  if (!SAYS_NOTHING.has(fault.code)) return broken;
  return { ...broken, ...provenReport({ ...proven, again: null }), ok: false };
}

/** The report on a proof that does not hold. */
export function brokenReport(fault: ProofFault, network: Cid | null = null): VerifyReport {
  const { ok: _ok, ...error } = fault;
  const { independence, completeness, authenticity, time } = NOT_PROVEN;
  return {
    ok: false,
    proven: [],
    notProven: ['Anything that the broken part was to show.', independence, completeness, authenticity, time],
    network,
    needId: null,
    digest: null,
    stateRoot: null,
    entries: 0,
    signatures: 0,
    certificates: 0,
    artifacts: 0,
    error: { ...error, sentence: faultSentence(error) },
  };
}
