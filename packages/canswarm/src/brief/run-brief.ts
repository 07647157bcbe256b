import { mkdir } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import {
  briefParams,
  externalEngine,
  publishAcceptance,
  publishCorpus,
  type Scan,
  SKILL,
  scanFolder,
  TIER,
} from '@canswarm/brief';
import { needEscrow } from '@canswarm/kernel';
import type { NeedDraft } from '@canswarm/node';
import { type Cid, type Did, type Micro, type NeedId, type Params, presetParams } from '@canswarm/protocol';
import { type CastMember, CREDIT, localCast } from '../network/cast.ts';
import { type EmbeddedPorts, openEmbedded } from '../network/embedded.ts';
import { createNetwork, type Network, type Person } from '../network/network.ts';
import { withoutOutput } from '../proof/without-output.ts';
import { SKILLS_URL } from '../skills/url.ts';
import { cancelWhenAlone } from '../work/cancel-when-alone.ts';
import { BriefError, type BriefEvent, type BriefPerson, type SkippedFile } from './events.ts';
import { followNeed, type Settled } from './follow.ts';
import { type Plant, plantSeats, workerEngine } from './plants.ts';
import { windowsFor } from './windows.ts';
import { writeBrief } from './write-brief.ts';

export interface BriefOptions {
  readonly folder: string;
  readonly question: string;
  /** Folder that gets brief.md, result.json and proof/. */
  readonly out: string;
  readonly plant: Plant;
  /** Command of the user's own worker, or null. It runs unsandboxed. */
  readonly worker: string | null;
  /** Whole documents go into the proof, not only what is cited. */
  readonly includeSources: boolean;
  readonly maxStatements: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: BriefEvent) => void;
}

/** What one node verified for this need: gossip envelopes, log entries, and Ed25519 signatures checked for them. */
export interface Verification {
  readonly envelopes: number;
  readonly entries: number;
  readonly signatures: number;
}

/** What a brief came to. Amounts are micro-credits. */
export interface BriefOutcome {
  readonly needId: NeedId;
  readonly statements: number;
  readonly seconds: number;
  /** Seconds of that which are bid window, challenge window and hold: waiting that the protocol asks for. */
  readonly windowsSeconds: number;
  readonly slashed: readonly Did[];
  readonly paid: Readonly<Record<Did, Micro>>;
  /** Path of the proof folder. */
  readonly proof: string;
  readonly resultPath: string;
  readonly briefPath: string;
  /** Name of the network: the genesis CID. */
  readonly network: Cid;
  readonly digest: string;
  readonly stateRoot: string;
  readonly entries: number;
  readonly people: readonly BriefPerson[];
  /** What each node verified for itself, by node. */
  readonly verification: Readonly<Record<string, Verification>>;
  readonly best: readonly { readonly quote: string; readonly path: string; readonly line: number }[];
}

const PRICE_CAP: Micro = 2 * CREDIT;
const SEAT_FEE: Micro = CREDIT / 10;
const STAKE: Micro = 100 * CREDIT;
const FREE: Micro = 100 * CREDIT;
/** Reveals a verifier can make; a brief needs a few dozen. */
const CHAIN_LENGTH = 4_096;
const THREADS = 2;
/** Files left out that an error names. */
const TOLD_MAX = 3;

/**
 * Makes a cited brief over a folder: starts a network in this process, posts the need, and returns once the result is
 * final and the seats are paid. Writes brief.md, result.json and proof/ into `out`. Throws a BriefError.
 */
export async function runBrief(options: BriefOptions): Promise<BriefOutcome> {
  const startedAt = performance.now();
  const scan = await scanDocuments(options);
  await mkdir(options.out, { recursive: true }).catch((error: unknown) => {
    throw new BriefError(
      'output',
      (error as NodeJS.ErrnoException).code === 'EEXIST'
        ? `${options.out} is a file, not a folder`
        : `cannot write to ${options.out}: ${String(error)}`,
      'Choose another folder with --out.',
      { cause: error },
    );
  });
  const embedded = await openEmbedded({ skillModule: SKILLS_URL, threads: THREADS });
  const params = presetParams('dev');
  const network = createNetwork({
    name: 'brief',
    params,
    cast: castOf(options),
    chainLength: CHAIN_LENGTH,
    gatherMs: 0,
    hosts: null,
    ports: embedded.ports,
  });
  try {
    const planted = plantSeats(network, options.plant);
    const requester = network.person('requester');
    const settled = followNeed(network, requester, embedded.crypto, options.onEvent);
    settled.catch(() => undefined);
    network.start();
    const body = await needBody(options, scan, embedded, params);
    const needId = await requester.node.postNeed(requester.did, body);
    const escrow = needEscrow(requester.node.state, body).total;
    const people = network.people.map(({ did, member }) => ({ did, name: member.name, org: member.org }));
    options.onEvent({ type: 'posted', needId, escrow, people });
    cancelWhenAlone(requester, needId, embedded.clock);
    const done = await Promise.race([settled, giveUp(options.signal, body.deadlineMs)]);
    await network.stop();
    return await writeOutcome({ options, network, embedded, settled: done, planted, startedAt });
  } finally {
    await network.stop();
    await embedded.close();
  }
}

async function scanDocuments({ folder, out, signal, onEvent }: BriefOptions): Promise<Scan> {
  const onProgress = ({ done, total }: { done: number; total: number }): void =>
    onEvent({ type: 'scanning', done, total });
  const found = await scanFolder(folder, { signal, onProgress }).catch((error: unknown) => {
    if (signal.aborted) throw aborted();
    throw new BriefError(
      'folder',
      `cannot read the folder ${folder}: ${String(error)}`,
      'Give a folder that exists and that you may read.',
      { cause: error },
    );
  });
  const documents = withoutOutput(found.documents, folder, out);
  const scan = { ...found, documents, bytes: documents.reduce((sum, { bytes }) => sum + bytes.length, 0) };
  onEvent({ type: 'scanned', documents: documents.length, bytes: scan.bytes, skipped: scan.skipped });
  if (documents.length === 0) {
    throw new BriefError(
      'no_documents',
      `${folder} holds no document that can be read`,
      ['Markdown, text and HTML files are read.', ...leftOut(scan.skipped)].join(' '),
    );
  }
  return scan;
}

/** The first files that were left out, and why. */
function leftOut(skipped: readonly SkippedFile[]): readonly string[] {
  if (skipped.length === 0) return [];
  const named = skipped.slice(0, TOLD_MAX).map(({ path, reason }) => `${path} (${reason})`);
  const more = skipped.length > TOLD_MAX ? ` and ${skipped.length - TOLD_MAX} more` : '';
  return [`Left out: ${named.join(', ')}${more}.`];
}

async function needBody(
  { question, maxStatements }: BriefOptions,
  scan: Scan,
  { content, crypto }: EmbeddedPorts,
  params: Params,
): Promise<NeedDraft> {
  const corpus = await publishCorpus(content, scan.documents, crypto.sha256);
  const acceptance = await publishAcceptance(content, briefParams({ question, maxStatements }), crypto.sha256);
  return {
    skill: SKILL,
    goal: question,
    inputs: [corpus],
    acceptance,
    tier: TIER,
    trial: null,
    priceCap: PRICE_CAP,
    seatFee: SEAT_FEE,
    scoring: { priceBps: 8_000, etaBps: 2_000, reputationBps: 0 },
    class: 'brief',
    plan: null,
    auction: 'open',
    capSeal: null,
    ...windowsFor(scan.bytes, params),
  };
}

/** The local cast; a worker of the user's own bids below the others, so that it is tried first. */
function castOf({ plant, worker }: BriefOptions): readonly CastMember[] {
  const own = worker === null ? [] : [{ engine: externalEngine({ command: worker }), priceBps: 4_500 }];
  const workers = [
    ...own,
    { engine: workerEngine(plant, 'paragraph'), priceBps: 5_000 },
    { engine: 'sentence', priceBps: 6_000 },
    { engine: 'paragraph', priceBps: 6_500 },
  ];
  return localCast({ skill: SKILL, workers, evaluate: 'check', inspect: 'check', stake: STAKE, free: FREE });
}

const aborted = (): BriefError =>
  new BriefError('aborted', 'interrupted', 'Nothing was written. Run the command again.');

/** Rejects when the user interrupts, or when the need is not settled long after its deadline. */
function giveUp(signal: AbortSignal, deadlineMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(aborted());
    signal.addEventListener('abort', () => reject(aborted()), { once: true });
    const timer = setTimeout(() => {
      reject(
        new BriefError(
          'timeout',
          `the need did not end within ${Math.round((2 * deadlineMs) / 1000)} s`,
          'This machine may be too busy. Try again with a smaller folder.',
        ),
      );
    }, 2 * deadlineMs);
    timer.unref();
  });
}

interface Ending {
  readonly options: BriefOptions;
  readonly network: Network;
  readonly embedded: EmbeddedPorts;
  readonly settled: Settled;
  readonly planted: ReadonlySet<Did>;
  readonly startedAt: number;
}

async function writeOutcome({
  options,
  network,
  embedded,
  settled,
  planted,
  startedAt,
}: Ending): Promise<BriefOutcome> {
  const { need, commit, tally, digest, entries } = settled;
  const requester = network.person('requester');
  const { genesis } = network;
  const { outputs } = commit;
  const { includeSources } = options;
  const { id, body, requester: asked } = need;
  const { worker } = commit.bid;
  const final = { genesis, entries, digest, id, need: body, requester: asked, worker, outputs, includeSources };
  const written = await writeBrief(options.out, final, embedded.content, embedded.crypto);
  return {
    needId: need.id,
    seconds: (performance.now() - startedAt) / 1000,
    windowsSeconds: waited(need.body, requester) / 1000,
    slashed: [...tally.slashed],
    paid: Object.fromEntries(tally.paid),
    ...written,
    network: requester.node.state.network,
    digest,
    stateRoot: settled.stateRoot,
    entries: settled.entries.length,
    people: network.people.map((person) => personOf(person, settled, planted, options.plant)),
    verification: verifications(network),
  };
}

/** Bid window and hold, which includes the challenge window: time that passes whatever the machine does. */
function waited({ windows }: NeedDraft, { node }: Person): number {
  return windows.bidMs + Math.max(node.state.params.holdMs, 2 * windows.challengeMs);
}

function personOf(
  { member, did }: Person,
  { accounts }: Settled,
  planted: ReadonlySet<Did>,
  plant: Plant,
): BriefPerson {
  const after = [...accounts].reduce((sum, [account, balance]) => (account.includes(did) ? sum + balance : sum), 0);
  const worker = member.engines.execute !== null;
  const roles = [
    ...(member.verifier ? ['verifier'] : []),
    ...(worker ? ['worker'] : []),
    ...(member.share === null ? [] : ['planner']),
    ...(member.engines.inspect === null ? [] : ['bystander']),
  ];
  const engine = member.engines.execute ?? '';
  return {
    did,
    name: member.name,
    org: member.org,
    roles: roles.length === 0 ? [member.name] : roles,
    before: member.free + member.stake,
    after,
    planted: planted.has(did) || (plant !== 'none' && (engine === 'liar' || engine === 'stall')),
  };
}

/** Counters of a node: gossip envelopes and log entries that it verified, and the Ed25519 checks that took. */
const COUNTERS = ['ingress.verified', 'log.verified', 'signatures.checked'] as const;

function verifications(network: Network): BriefOutcome['verification'] {
  return Object.fromEntries(
    [...network.nodes].map(([name, node]) => {
      const counts = node.meter.read();
      const [envelopes, entries, signatures] = COUNTERS.map((counter) => counts[counter] ?? 0);
      return [name, { envelopes: envelopes ?? 0, entries: entries ?? 0, signatures: signatures ?? 0 }];
    }),
  );
}
