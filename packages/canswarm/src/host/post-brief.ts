import { resolve } from 'node:path';
import { briefParams, publishAcceptance, publishCorpus, SKILL, scanFolder } from '@canswarm/brief';
import { freeAccount, seatsEscrowed } from '@canswarm/kernel';
import type { AppliedEntry, Node } from '@canswarm/node';
import type { Did, NeedBody, NeedId } from '@canswarm/protocol';
import { windowsFor } from '../brief/windows.ts';
import type { PostedNeed, PostNeed } from './control/api.ts';
import { HostError } from './host-error.ts';
import type { HostParts } from './run-host.ts';

/** A wire that was cut for a few seconds carries again only some seconds after it was healed. */
const OUTAGE_MS = 7_500;

/** Reads a folder, publishes its documents and posts a need for a brief, with the node's requester. */
export async function postBrief(parts: HostParts, asked: PostNeed, signal: AbortSignal): Promise<PostedNeed> {
  const { file, node, content, crypto } = parts;
  const requester = file.agents.find((agent) => agent.requester);
  if (requester === undefined) {
    const hint = 'Post from the node of an organisation: canswarm status shows which nodes have a requester.';
    throw new HostError('refused', `the node "${file.name}" has nobody who posts needs`, hint);
  }
  const folder = resolve(asked.folder);
  const scan = await scanFolder(folder, { signal }).catch((error: unknown) => {
    throw new HostError('refused', `cannot read the folder ${folder}: ${String(error)}`, 'Give a folder that exists.', {
      cause: error,
    });
  });
  if (scan.documents.length === 0) {
    throw new HostError(
      'refused',
      `${folder} holds no document that can be read`,
      'Markdown, text and HTML files are read.',
    );
  }
  const { state } = node;
  const escrow = asked.priceCap + asked.seatFee * seatsEscrowed(state);
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
  const body: NeedBody = {
    skill: SKILL,
    goal: asked.question,
    inputs: [corpus],
    acceptance,
    priceCap: asked.priceCap,
    seatFee: asked.seatFee,
    scoring: { priceBps: 8_000, etaBps: 2_000 },
    class: 'brief',
    ...windowsFor(scan.bytes, state.params, OUTAGE_MS),
  };
  const needId = await accepted(node, requester.did, body);
  return { needId, escrow, documents: scan.documents.length, bytes: scan.bytes, skipped: scan.skipped.length };
}

/** How long the log may take to hold the need, ms. */
const LOG_MS = 15_000;

/** Posts a need and waits until this node has applied it. Rejects with the law's code when it is not accepted. */
async function accepted(node: Node, did: Did, body: NeedBody): Promise<NeedId> {
  const outcomes = new Map<string, AppliedEntry['outcome']>();
  const came = { check: (): void => undefined };
  const stop = node.listen({
    onApplied({ entry, outcome }) {
      if (entry.envelope.payload.verb !== 'NEED') return;
      outcomes.set(entry.envelope.id, outcome);
      came.check();
    },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const id = await node.postNeed(did, body);
    const outcome = await new Promise<AppliedEntry['outcome']>((resolve, reject) => {
      timer = setTimeout(() => {
        const hint = 'It may still come. See: canswarm need list, canswarm doctor';
        reject(new HostError('refused', `the log has not taken the need ${id} within ${LOG_MS} ms`, hint));
      }, LOG_MS);
      came.check = () => {
        const known = outcomes.get(id);
        if (known !== undefined) resolve(known);
      };
      came.check();
    });
    if (outcome.accepted) return id;
    throw new HostError('refused', `the need is not accepted: ${outcome.code}`, 'Nothing was taken into escrow.');
  } finally {
    clearTimeout(timer);
    stop();
  }
}
