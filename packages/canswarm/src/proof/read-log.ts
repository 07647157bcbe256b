import { dirname, join } from 'node:path';
import { type Cid, type Genesis, genesisCid, parseGenesis, type Sha256 } from '@canswarm/protocol';
import { type AuditEntry, importAudit } from '../audit/audit-text.ts';
import { BYTES_MAX, PROOF_FILES, placeOf, RESULT } from './folder/layout.ts';
import { type FolderFault, isFolder, readRegular } from './folder/read-regular.ts';
import { namedText, RESULT_BYTES_MAX } from './named-text.ts';
import { type ProofFault, proofFault } from './proof-fault.ts';

/** A log and the genesis it starts from, as files give them: parsed strictly, not yet replayed. */
export interface ReadLog {
  readonly ok: true;
  readonly genesis: Genesis;
  readonly network: Cid;
  readonly entries: readonly AuditEntry[];
  /** What the result beside the proof says of the log, if there is one. */
  readonly claimedDigest: string | null;
}

export interface ReadLogOptions {
  readonly sha256: Sha256;
  /** Where the genesis is, when not beside the log. */
  readonly genesis?: string;
}

/** Reads the log of a proof. `path` is the proof folder or the audit.jsonl in it. */
export function readLog(path: string, options: ReadLogOptions): ReadLog | ProofFault | FolderFault {
  const folder = isFolder(path) ? path : dirname(path);
  const auditPath = isFolder(path) ? join(path, PROOF_FILES.audit) : path;
  const audit = readRegular(auditPath, BYTES_MAX.audit, auditPath);
  if (!(audit instanceof Uint8Array)) return audit;
  const genesisPath = options.genesis ?? join(folder, PROOF_FILES.genesis);
  const bytes = readRegular(genesisPath, BYTES_MAX.genesis, genesisPath);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const parsed = parseGenesis(bytes);
  if (!parsed.ok) return proofFault('genesis', parsed.code, `not a genesis ${parsed.path}`.trim());
  const log = logOf(parsed.genesis, audit, options);
  return log.ok ? { ...log, claimedDigest: claimedDigest(folder) } : log;
}

/** Reads the log that a running node tells. */
export function logOf(genesis: Genesis, audit: Uint8Array, { sha256 }: ReadLogOptions): ReadLog | ProofFault {
  const imported = importAudit(audit);
  if (!imported.ok) {
    const { code, detail, line, position } = imported;
    return proofFault('audit', code, detail, { line, position });
  }
  const { entries } = imported;
  return { ok: true, genesis, network: genesisCid(genesis, sha256), entries, claimedDigest: null };
}

/** The digest that result.json beside the proof folder claims; null when there is none to compare with. */
function claimedDigest(folder: string): string | null {
  const bytes = readRegular(placeOf(folder, RESULT), RESULT_BYTES_MAX, RESULT);
  return bytes instanceof Uint8Array ? (namedText(bytes, 'digest') ?? null) : null;
}
