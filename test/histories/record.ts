import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { apply, createState } from '@canswarm/kernel';
import { basePolicy } from '@canswarm/policies';
import { opaPolicies } from '@canswarm/policy-opa';
import {
  type Block,
  type Bodies,
  didOfKey,
  type LogVerb,
  type MessageSigner,
  policyPieces,
  presetParams,
  signEntry,
  verifyEntry,
} from '@canswarm/protocol';
import { localCrypto, openPolicy, readLog, runBrief } from 'canswarm';
import type { NewHistory } from './histories.ts';

/** Longest time that a brief may take, ms. */
const BRIEF_MS = 120_000;

const BRIEF = 'a-brief';
const TRANSCRIPTS = join(import.meta.dirname, '../../packages/kernel/test/transcripts/main.ts');

/** Lives that are stored: together every verb is accepted in one of them, and they are small. */
const LIVES = [
  'a-branch-that-is-orphaned',
  'a-false-quote-that-is-proven',
  'a-judge-that-decides-otherwise',
  'a-jury-that-dismisses',
  'a-key-that-joins',
  'a-lease-that-is-renewed',
  'a-log-that-begins-again',
  'a-need-that-is-cancelled',
  'a-network-in-bootstrap',
  'a-plan-with-an-open-task',
  'a-plant',
  'a-record-that-its-schema-refuses',
  'a-result-that-fails',
  'a-ruling-that-is-appealed',
  'a-silent-holder',
  'a-trial-that-the-network-pays',
  'a-verifier-that-leaves',
  'an-auction-that-is-sealed',
  'an-escrow',
  'arbiters-with-the-last-word',
  'stake-behind-another',
  'stake-that-leaves',
  'transfers-and-minting',
  'votes-that-are-sealed',
];

/** The log that a life leaves, with every signature. */
function lifeHistory(name: string): NewHistory {
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-history-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, [TRANSCRIPTS, '--log', name, folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${name} cannot be played: ${stderr}`);
    const text = readFileSync(join(dirname(TRANSCRIPTS), 'lives', `${name}.txt`), 'utf8');
    return historyOf(name, text.split('\n')[0]?.replace(/^# /, '') ?? name, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The log of a folder, with name and meaning. */
function historyOf(name: string, about: string, folder: string): NewHistory {
  const log = readLog(folder, { sha256: localCrypto().sha256 });
  if (!log.ok) throw new Error(`${name} left no log: ${log.detail}`);
  return { name, about, genesis: log.genesis, entries: log.entries.map(({ bytes }) => bytes) };
}

/** The log of a brief that nodes made together. */
async function briefHistory(): Promise<NewHistory> {
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-history-'));
  try {
    const docs = join(folder, 'docs');
    mkdirSync(docs);
    writeFileSync(join(docs, 'security.md'), 'Report a vulnerability to security@example.org, in private.\n');
    const out = join(folder, 'out');
    await runBrief({
      folder: docs,
      question: 'How do I report a vulnerability?',
      out,
      plant: 'none',
      worker: null,
      includeSources: false,
      maxStatements: 4,
      signal: AbortSignal.timeout(BRIEF_MS),
      onEvent: () => undefined,
    });
    return historyOf(BRIEF, 'A brief over one document, worked on by real nodes.', join(out, 'proof'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The log of an authority that has a policy hold by which nobody sends much at once. */
function policyHistory(): NewHistory {
  const { sha256, publicKey, sign } = localCrypto();
  const [authority, other] = [1, 2].map((number): MessageSigner => {
    const seed = new Uint8Array(32).fill(number);
    return { did: didOfKey(publicKey(seed)), sign: (message) => sign(seed, message) };
  });
  if (authority === undefined || other === undefined) throw new Error('there are two keys');
  const accounts = [authority, other].map(({ did }) => ({ did, free: 10_000_000, stake: 0 }));
  const listed = { accounts, members: [], arbiters: [] };
  const base = { v: 1, kind: 'genesis', name: 'policed', incarnation: 1, rulesVersion: 1, epoch: 1 } as const;
  const params = presetParams('dev');
  const genesis = { ...base, ...listed, time: 1, authority: authority.did, supplyCap: 30_000_000, params };
  const state = createState(genesis, sha256);
  const entries: Uint8Array[] = [];
  const say = <V extends LogVerb>(
    from: MessageSigner,
    verb: V,
    body: Bodies[V],
    blocks: readonly Block[] = [],
  ): void => {
    const { network, epoch, incarnation, position, digest } = state;
    const frame = { network, thread: null, lamport: entries.length + 1, time: 1, epoch, from: from.did };
    const draft = { ...frame, head: { incarnation, position, digest }, verb, body };
    const { bytes } = signEntry<V>(
      draft as never,
      blocks.length === 0 ? null : { envelopes: [], blocks },
      from,
      sha256,
    );
    const verdict = verifyEntry(bytes, localCrypto());
    if (!verdict.ok) throw new Error(`${verb}: ${verdict.code} ${verdict.path}`);
    apply(state, verdict.entry, sha256, opaPolicies());
    entries.push(bytes);
  };
  const { capsule, wasm: engine } = openPolicy(basePolicy);
  const policy = policyPieces(
    { capsule: { ...capsule, parameters: { ...capsule.parameters, transfers: 5 } }, engine },
    sha256,
  );
  const gift = (amount: number) => ({ to: authority.did, amount, create: false });
  say(other, 'TRANSFER', gift(6));
  say(other, 'POLICY', policy.body, policy.blocks.slice(0, 1));
  say(authority, 'POLICY', policy.body, policy.blocks);
  say(other, 'TRANSFER', gift(6));
  say(other, 'TRANSFER', gift(5));
  say(other, 'MINT', gift(5));
  say(authority, 'MINT', { ...gift(6), to: other.did });
  return {
    name: 'a-policy-that-is-published',
    about: 'An authority publishes a policy, and it holds.',
    genesis,
    entries,
  };
}

/** What is stored of a release. The brief, which is another each time, only where none stands that `keeps`. */
export async function releaseHistories(keeps: (name: string) => boolean): Promise<readonly NewHistory[]> {
  const brief = keeps(BRIEF) ? [] : [await briefHistory()];
  return [...brief, policyHistory(), ...LIVES.map(lifeHistory)];
}
