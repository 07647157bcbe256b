import { dirname, resolve } from 'node:path';
import { sodiumCrypto } from '@canswarm/local';
import type { Cid, Crypto } from '@canswarm/protocol';
import { isFolder, type ProofBytes, readProofFolder } from './layout.ts';
import { type ProofFault, proofFault } from './proof-fault.ts';
import { ProofMemo } from './proof-memo.ts';
import { reexecute } from './reexecute.ts';
import { renderContent } from './render-content.ts';
import { type ProvenArtifacts, verifyArtifacts } from './verify-artifacts.ts';
import { type Documents, namedNeed, verifyDocuments } from './verify-documents.ts';
import { type FinalNeed, type ProvenLog, verifyGenesis, verifyLog } from './verify-log.ts';
import { brokenReport, type Proven, provenReport, type VerifyReport } from './verify-report.ts';

export interface VerifyOptions {
  readonly crypto: Crypto;
  /** The genesis must be this one. */
  readonly network?: Cid;
  /** What an earlier verification of nearly the same bytes found. */
  readonly memo?: ProofMemo;
}

type Verified = { readonly ok: true; readonly proven: Proven } | { readonly ok: false; readonly report: VerifyReport };

/**
 * Verifies the bytes of a proof from the genesis alone, in this order: genesis, every line and signature of the log, every
 * rule, the blocks, every citation, the documents. The first thing that is broken is named.
 */
export function verifyBytes(files: ProofBytes, options: VerifyOptions): Verified {
  const { crypto, memo = new ProofMemo({ keeps: false }) } = options;
  const isOk = ({ ok }: { readonly ok: boolean }): boolean => ok;
  const broken = (fault: ProofFault, network: Cid | null = null): Verified => ({
    ok: false,
    report: brokenReport(fault, network),
  });
  const genesis = memo.once('genesis', files.genesis, () => verifyGenesis(files.genesis, crypto), isOk);
  if (!genesis.ok) return broken(genesis);
  const { network } = genesis;
  if (options.network !== undefined && options.network !== network) {
    return broken(
      proofFault('genesis', 'network_other', `it names network ${network}, not ${options.network}`),
      network,
    );
  }
  const log = memo.once(`log ${network}`, files.audit, () => verifyLog(files.audit, genesis, crypto, memo), isOk);
  if (!log.ok) return broken(log, network);
  const final = chooseNeed(log, files.result);
  if ('code' in final) return broken(final, network);
  const content = memo.once(
    `content ${final.commitId} ${log.digest}`,
    files.artifacts,
    () => verifyContent(files, log, final, crypto),
    isOk,
  );
  if (!content.ok) return broken(content, network);
  const fault = verifyDocuments(files, content.documents);
  if (fault !== null) return broken(fault, network);
  const pinned = options.network !== undefined;
  return { ok: true, proven: { network, pinned, log, final, artifacts: content.artifacts, reexecuted: null } };
}

/** The need that the proof is about: the only one that became final, or the one of several that result.json names. */
function chooseNeed({ finals }: ProvenLog, result: Uint8Array): FinalNeed | ProofFault {
  const [first, second] = finals;
  if (first === undefined) return proofFault('audit', 'nothing_final', 'no result became final in this log');
  if (second === undefined) return first;
  const named = namedNeed(result);
  return (
    finals.find(({ id }) => id === named) ?? proofFault('result', 'need_unknown', 'it names no need that became final')
  );
}

interface ProvenContent {
  readonly ok: true;
  readonly artifacts: ProvenArtifacts;
  readonly documents: Documents;
}

function verifyContent(
  files: ProofBytes,
  log: ProvenLog,
  final: FinalNeed,
  crypto: Crypto,
): ProvenContent | ProofFault {
  const { inputs, acceptance } = final.need;
  const task = { inputs, acceptance, outputs: final.commit.outputs };
  const artifacts = verifyArtifacts(files.artifacts, task, { sha256: crypto.sha256, gas: log.proofGas });
  if (!artifacts.ok) return artifacts;
  const documents = renderContent(artifacts, final, log.digest);
  return 'code' in documents ? documents : { ok: true, artifacts, documents };
}

export interface VerifyProofOptions extends Omit<VerifyOptions, 'crypto'> {
  /** The native one by default. */
  readonly crypto?: Crypto;
  /** Read these documents again and redo the ranking. */
  readonly reexecute?: string;
  readonly signal?: AbortSignal;
}

/** Verifies a proof folder and the two files beside it, offline. Rejects only when aborted. */
export async function verifyProof(proof: string, options: VerifyProofOptions = {}): Promise<VerifyReport> {
  const { crypto = sodiumCrypto() } = options;
  const read = readProofFolder(proof);
  if (!read.ok) return brokenReport(read);
  const verified = verifyBytes(read.files, { ...options, crypto });
  if (!verified.ok) return verified.report;
  const { proven } = verified;
  if (options.reexecute === undefined) return provenReport(proven);
  const folder = options.reexecute;
  if (!isFolder(folder)) {
    return brokenReport({ ok: false, code: 'no_reexecute_folder', file: folder, detail: 'there is no such folder' });
  }
  const { sha256 } = crypto;
  const signal = options.signal ?? new AbortController().signal;
  const out = dirname(resolve(proof));
  const again = await reexecute(proven.final, proven.artifacts, { folder, out, sha256, signal });
  return again.ok ? provenReport({ ...proven, reexecuted: again.sentence }) : brokenReport(again, proven.network);
}
