import type { Cid } from '@canswarm/protocol';
import { faultSentence, type ProofFault } from './proof-fault.ts';
import type { ProvenArtifacts } from './verify-artifacts.ts';
import type { FinalNeed, ProvenLog } from './verify-log.ts';

/** What a verification came to. */
export interface VerifyReport {
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
  readonly reexecuted: string | null;
}

const NOT_PROVEN = {
  pinned: 'That this is the network you mean: pin its genesis with --network.',
  independence:
    'That different people stand behind the keys: whoever made the genesis may hold every key in it. Only a genesis that you trust from elsewhere says whose they are.',
  completeness: 'That the log is complete: entries after the last one may be withheld.',
  authenticity:
    'That the documents are authentic, true or up to date: only that the quoted words stand in the bytes that the need names.',
  bound: 'That no better quote was left out: what was reached is the bound of the acceptance, which is not the best.',
  lines: 'That the line numbers are right: a committee counted them. Count again with --reexecute <folder>.',
  time: 'That log time is the time of day: it is what a majority of the verifiers reported.',
  ranking: 'That no better quote was left out: a committee judged so. Redo the ranking with --reexecute <folder>.',
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

function provenSentences({ network, pinned, log, final, artifacts, reexecuted }: Proven): readonly string[] {
  const { records } = artifacts.content;
  const quotes = records.filter(({ citation }) => citation !== undefined).length;
  const sentences = [
    `The genesis is canonical and names network ${network}${pinned ? ', the one asked for' : ''}.`,
    `All ${log.signatures} signatures hold: those of ${log.entries} entries and of the envelopes in their evidence.`,
    `Judged again by the rules, ${log.accepted} entries are accepted and ${log.entries - log.accepted} rejected; digest ${log.digest}, state root ${log.stateRoot}.`,
    `All ${log.certificates} certificates carry the votes of enough distinct, drawn seats.`,
    `All invariants hold at the end, and the ${log.postings} postings of the ledger sum to zero.`,
    `Need ${final.id} of ${final.requester} became final at position ${final.position}: commit ${final.commitId} by ${final.worker}, who was paid.`,
    `All ${quotes} quotes stand byte for byte in the documents that the need names; all ${artifacts.blocks.size} blocks are what their CIDs name.`,
    'The result has the shape that the need’s acceptance demands.',
    'result.json and brief.md say exactly what was committed.',
  ];
  if (final.settled) sentences.push('The seats are paid and nothing of the need is left in escrow.');
  if (artifacts.sources) sentences.push('The documents are in the proof whole.');
  if (reexecuted !== null) sentences.push(reexecuted);
  return sentences;
}

function notProvenSentences({
  pinned,
  final,
  reexecuted,
}: Pick<Proven, 'pinned' | 'final' | 'reexecuted'>): readonly string[] {
  const { independence, completeness, authenticity, time, ranking, lines, bound } = NOT_PROVEN;
  return [
    ...(pinned ? [] : [NOT_PROVEN.pinned]),
    independence,
    completeness,
    authenticity,
    ...(reexecuted === null ? [ranking, lines] : [bound]),
    time,
    ...(final.settled ? [] : ['That the seats were paid: the log ends before.']),
  ];
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
