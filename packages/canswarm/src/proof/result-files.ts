import { writeCar } from '@canswarm/content-fs';
import type { ContentStore } from '@canswarm/ports';
import {
  type ArtifactRef,
  type Cid,
  type Did,
  encodeGenesis,
  type Genesis,
  type NeedBody,
  type NeedId,
  type Sha256,
  utf8,
} from '@canswarm/protocol';
import { type AuditEntry, exportAudit } from '../audit/audit-text.ts';
import { collectProofBlocks } from './collect-blocks.ts';
import { insidePath, type ProofBytes } from './folder/layout.ts';
import { kindOf } from './kinds/kind-of.ts';
import type { ResultKind } from './kinds/result-kind.ts';

/** A final result and the log up to the pay of its last seat. */
export interface FinalResult {
  readonly genesis: Genesis;
  readonly entries: readonly AuditEntry[];
  /** Digest (hex) after the last of these entries. */
  readonly digest: string;
  readonly id: NeedId;
  readonly need: Omit<NeedBody, 'capSeal' | 'mark'>;
  readonly requester: Did;
  /** Who was paid for the result. */
  readonly worker: Did;
  readonly outputs: readonly ArtifactRef[];
  /** Whole inputs go into the proof, not only what is cited. */
  readonly includeSources: boolean;
}

/** A result that can be handed to a stranger. */
export interface ResultFiles {
  readonly ok: true;
  readonly kind: ResultKind;
  /** Every file of the proof and of the result, by path. */
  readonly files: ProofBytes;
  /** The blocks of the proof. */
  readonly blocks: ReadonlyMap<Cid, Uint8Array>;
}

/**
 * The bytes of all files of a final result with its proof, whatever kind it is; or why it cannot be shown, which for a result that seats
 * passed is a defect. Passes through what the store throws; throws RangeError for more blocks or bytes than a CAR file takes.
 */
export async function resultFiles(
  final: FinalResult,
  content: Pick<ContentStore, 'get'>,
  sha256: Sha256,
): Promise<ResultFiles | { readonly ok: false; readonly code: string; readonly detail: string }> {
  const { genesis, entries, digest, id, need, requester, worker, outputs, includeSources } = final;
  const task = { inputs: need.inputs, acceptance: need.acceptance, outputs };
  const gas = genesis.params.proofGas;
  const collected = await collectProofBlocks(content, task, { includeSources, sha256, gas });
  if (!collected.ok) return collected;
  const kind = kindOf(collected.content.acceptance);
  if (kind === undefined) throw new Error('its blocks were walked as a kind of result asks for it');
  const blocks = new Map(collected.car.blocks.map(({ cid, bytes }) => [cid, bytes]));
  const facts = { id, need, requester, worker, commit: { outputs }, digest };
  const rendered = kind.render({ blocks, content: collected.content }, facts, sha256);
  if (!rendered.ok) return rendered;
  const files = new Map([
    [insidePath('genesis'), encodeGenesis(genesis)],
    [insidePath('audit'), utf8(exportAudit(entries))],
    [insidePath('artifacts'), writeCar(collected.car.roots, collected.car.blocks)],
    ...rendered.documents,
  ]);
  return { ok: true, kind, files, blocks };
}
