import { dirname, resolve } from 'node:path';
import type { JudgingTools } from '@canswarm/agent';
import { sodiumCrypto } from '@canswarm/local';
import type { Cid, Crypto } from '@canswarm/protocol';
import { BYTES_MAX, insidePath, PROOF_FILE_KEYS, type ProofBytes, type ProofFile, RESULT } from './folder/layout.ts';
import { folderSource, heldSource, type ProofSource } from './folder/proof-source.ts';
import type { FolderFault } from './folder/read-regular.ts';
import { kindOf } from './kinds/kind-of.ts';
import type { RenderedResult, ResultKind } from './kinds/result-kind.ts';
import { namedText, RESULT_BYTES_MAX } from './named-text.ts';
import { type ProofFault, proofFault } from './proof-fault.ts';
import { ProofMemo } from './proof-memo.ts';
import { type ProvenArtifacts, verifyArtifacts } from './verify-artifacts.ts';
import { verifyDocuments } from './verify-documents.ts';
import { type FinalNeed, type ProvenLog, verifyGenesis, verifyLog } from './verify-log.ts';
import { brokenReport, notAgainReport, type Proven, provenReport, type VerifyReport } from './verify-report.ts';

export interface VerifyOptions {
  readonly crypto: Crypto;
  /** The genesis must be this one. */
  readonly network?: Cid;
  /** What an earlier verification of nearly the same bytes found. */
  readonly memo?: ProofMemo;
}

type Verified = { readonly ok: true; readonly proven: Proven } | { readonly ok: false; readonly report: VerifyReport };

/** Verifies a proof whose files are in memory. */
export const verifyBytes = (files: ProofBytes, options: VerifyOptions): Verified =>
  verifySource(heldSource(files), options);

/**
 * Verifies a proof from the genesis alone, in this order: genesis, every line and signature of the log, every rule, the blocks, every
 * citation, the documents. The first thing that is broken is named.
 */
export function verifySource(source: ProofSource, options: VerifyOptions): Verified {
  const { crypto, memo = new ProofMemo({ keeps: false }) } = options;
  const isOk = ({ ok }: { readonly ok: boolean }): boolean => ok;
  const broken = (fault: ProofFault | FolderFault, network: Cid | null = null): Verified => ({
    ok: false,
    report: brokenReport(fault, network),
  });
  const inside = readInside(source);
  if ('code' in inside) return broken(inside);
  const genesis = memo.once('genesis', inside.genesis, () => verifyGenesis(inside.genesis, crypto), isOk);
  if (!genesis.ok) return broken(genesis);
  const { network } = genesis;
  if (options.network !== undefined && options.network !== network) {
    return broken(
      proofFault('genesis', 'network_other', `it names network ${network}, not ${options.network}`),
      network,
    );
  }
  const log = memo.once(`log ${network}`, inside.audit, () => verifyLog(inside.audit, genesis, crypto, memo), isOk);
  if (!log.ok) return broken(log, network);
  const final = chooseNeed(log, source);
  if ('code' in final) return broken(final, network);
  const content = memo.once(
    `content ${final.commitId} ${log.digest}`,
    inside.artifacts,
    () => verifyContent(inside.artifacts, log, final, crypto),
    isOk,
  );
  if (!content.ok) return broken(content, network);
  const { kind, result, artifacts } = content;
  const fault = verifyDocuments(source, kind, result.documents);
  if (fault !== null) return broken(fault, network);
  const pinned = options.network !== undefined;
  return { ok: true, proven: { network, pinned, log, final, artifacts, kind, result, again: null } };
}

type Inside = Readonly<Record<ProofFile, Uint8Array>>;

/** The three files of the proof folder. */
function readInside(source: ProofSource): Inside | FolderFault {
  const inside: Partial<Record<ProofFile, Uint8Array>> = {};
  for (const file of PROOF_FILE_KEYS) {
    const bytes = source.read(insidePath(file), BYTES_MAX[file]);
    if (!(bytes instanceof Uint8Array)) return bytes;
    inside[file] = bytes;
  }
  return inside as Inside;
}

/** The need that the proof is about: the only one that became final, or the one of several that result.json names. */
function chooseNeed({ finals }: ProvenLog, source: ProofSource): FinalNeed | ProofFault | FolderFault {
  const [first, second] = finals;
  if (first === undefined) return proofFault('audit', 'nothing_final', 'no result became final in this log');
  if (second === undefined) return first;
  const result = source.read(RESULT, RESULT_BYTES_MAX);
  if (!(result instanceof Uint8Array)) return result;
  const named = namedText(result, 'needId');
  return (
    finals.find(({ id }) => id === named) ?? proofFault('result', 'need_unknown', 'it names no need that became final')
  );
}

interface ProvenContent {
  readonly ok: true;
  readonly artifacts: ProvenArtifacts;
  readonly kind: ResultKind;
  readonly result: RenderedResult;
}

function verifyContent(
  car: Uint8Array,
  { proofGas, digest }: ProvenLog,
  final: FinalNeed,
  { sha256 }: Crypto,
): ProvenContent | ProofFault {
  const { inputs, acceptance } = final.need;
  const task = { inputs, acceptance, outputs: final.commit.outputs };
  const artifacts = verifyArtifacts(car, task, { sha256, gas: proofGas });
  if (!artifacts.ok) return artifacts;
  const kind = kindOf(artifacts.content.acceptance);
  if (kind === undefined) throw new Error('its blocks were walked as a kind of result asks for it');
  const result = kind.render(artifacts, { ...final, digest }, sha256);
  return result.ok ? { ok: true, artifacts, kind, result } : result;
}

export interface VerifyProofOptions extends Omit<VerifyOptions, 'crypto'> {
  /** The native one by default. */
  readonly crypto?: Crypto;
  /**
   * Also judge the work again: a brief over the documents of this folder, an agent's work (`true`) from the proof's own blocks, if
   * these hold the input.
   */
  readonly reexecute?: string | true;
  /** What agents' work is judged again with. */
  readonly tools?: JudgingTools;
  readonly signal?: AbortSignal;
}

/** Verifies a proof folder and the files beside it, offline. Rejects only when aborted. */
export async function verifyProof(proof: string, options: VerifyProofOptions = {}): Promise<VerifyReport> {
  const { crypto = sodiumCrypto(), reexecute, tools = null } = options;
  const opened = folderSource(proof);
  if (!opened.ok) return brokenReport(opened);
  const verified = verifySource(opened.source, { ...options, crypto });
  if (!verified.ok) return verified.report;
  const { proven } = verified;
  if (reexecute === undefined) return provenReport(proven);
  const again = await proven.kind.judgeAgain(proven.final, proven.artifacts, {
    folder: reexecute === true ? null : reexecute,
    out: dirname(resolve(proof)),
    tools,
    sha256: crypto.sha256,
    signal: options.signal ?? new AbortController().signal,
  });
  return again.ok ? provenReport({ ...proven, again: again.sentence }) : notAgainReport(proven, again);
}
