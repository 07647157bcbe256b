import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { BriefRequest, PostedBrief } from '@canswarm/api';
import { briefParams, publishAcceptance, publishCorpus, SKILL, scanFolder, TIER } from '@canswarm/brief';
import { freeAccount, needEscrow } from '@canswarm/kernel';
import type { NeedDraft } from '@canswarm/node';
import { windowsFor } from '../brief/windows.ts';
import { isMissing } from '../proof/folder/read-regular.ts';
import { capsuleOf } from './capsule-of.ts';
import { HostError } from './host-error.ts';
import type { HostParts } from './run-host.ts';
import { type KeepAs, takenByLog } from './taken-by-log.ts';

/** A wire that was cut for a few seconds carries again only some seconds after it was healed. */
const OUTAGE_MS = 7_500;

/** Why a folder is not read, from what reading it threw. */
function unreadFolder(folder: string, error: unknown): string {
  if (!isMissing(error)) return `cannot read the folder ${folder}: ${String(error)}`;
  return existsSync(folder) ? `${folder} is a file, not a folder` : `there is no folder ${folder}`;
}

/**
 * Reads a folder, publishes its documents and posts a need for a brief, with the node's requester. Resolves once the log has
 * taken it. `keepAs` makes of the answer what is durable before the need leaves.
 */
export async function postBrief(
  parts: HostParts,
  asked: BriefRequest,
  signal: AbortSignal,
  keepAs: KeepAs<PostedBrief> | null = null,
): Promise<PostedBrief> {
  const { file, node, content, crypto } = parts;
  const requester = file.agents.find((agent) => agent.requester);
  if (requester === undefined) {
    const hint = 'Post from the node of an organisation: canswarm status shows which nodes have a requester.';
    throw new HostError('refused', `the node "${file.name}" has nobody who posts needs`, hint);
  }
  const { folder, reputationBps = 0, trial = null, auction = 'open', sealedCap = null, policy } = asked;
  if (trial !== null && auction === 'sealed')
    throw new HostError('usage', 'a trial has no sealed auction', 'Leave one of the two out.');
  if (sealedCap !== null && (auction === 'open' || sealedCap > asked.priceCap)) {
    const what =
      auction === 'open' ? 'only in a sealed auction a cap can be sealed' : 'the sealed cap is above the cap';
    throw new HostError('usage', what, 'The cap is what goes into escrow; the sealed one is that or less.');
  }
  if (!isAbsolute(folder)) throw new HostError('usage', 'the folder is no absolute path', 'Name it from the root on.');
  const scan = await scanFolder(folder, { signal }).catch((error: unknown) => {
    throw new HostError('refused', unreadFolder(folder, error), 'Give a folder that exists.', { cause: error });
  });
  if (scan.documents.length === 0) {
    throw new HostError(
      'refused',
      `${folder} holds no document that can be read`,
      'Markdown, text and HTML files are read.',
    );
  }
  const { state } = node;
  const escrow = needEscrow(state, { ...asked, trial }).total;
  const free = node.balance(freeAccount(requester.did));
  if (free < escrow) {
    const hint = 'Ask for less with --cap, or have credits sent to it.';
    throw new HostError(
      'refused',
      `${requester.name} has ${free / 1e6} credits; the need takes ${escrow / 1e6} into escrow`,
      hint,
    );
  }
  const corpus = await publishCorpus(content, scan.documents, crypto.sha256);
  const params = briefParams({ question: asked.question, maxStatements: asked.maxStatements });
  const acceptance = await publishAcceptance(content, params, crypto.sha256);
  const body: NeedDraft = {
    skill: SKILL,
    goal: asked.question,
    inputs: [corpus],
    acceptance,
    tier: TIER,
    trial,
    priceCap: asked.priceCap,
    seatFee: asked.seatFee,
    scoring: { priceBps: 8_000 - reputationBps, etaBps: 2_000, reputationBps },
    class: 'brief',
    plan: null,
    auction,
    capSeal: null,
    ...(policy === undefined ? {} : { policy: capsuleOf(policy) }),
    ...windowsFor(scan.bytes, state.params, { outageMs: OUTAGE_MS, hasPolicy: policy !== undefined }),
  };
  const facts = { escrow, documents: scan.documents.length, bytes: scan.bytes, skipped: scan.skipped.length };
  const answerOf = (needId: string): PostedBrief => ({ needId, ...facts });
  return answerOf(
    await takenByLog(node, () => node.postNeed(requester.did, body, keepAs?.(answerOf) ?? null, sealedCap)),
  );
}
