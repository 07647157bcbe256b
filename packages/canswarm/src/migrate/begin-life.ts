import { type State, votingStakes } from '@canswarm/kernel';
import type { DecisionLog } from '@canswarm/ports';
import type { Crypto, Did, EnvelopeId, Genesis, Verb, VerifiedEnvelope } from '@canswarm/protocol';
import { toHex } from '@canswarm/protocol';
import { HostError } from '../host/host-error.ts';
import type { KeyRing } from '../host/key-ring.ts';
import type { NetworkFolder, NodeFolder } from '../host/network-folder.ts';
import { SHARD } from '../network/network.ts';
import { certifiedBeyond, holdTwoThirds, type NodeLog } from './certified.ts';
import { accountOf, type LogAccount, readRecords } from './log-account.ts';
import { LogExtension } from './log-extension.ts';
import { LogWalk } from './log-walk.ts';
import { readMigration, removeMigration, requireSettled, writeMigration } from './migration-file.ts';
import { recordsOf } from './recover-log.ts';
import { type Holder, holdersOf, readStatements, restartEntry, signStatements, writeStatements } from './statements.ts';
import { nodesOf, placeOf, prepare, switchNode, withStopped } from './switch-nodes.ts';

export interface BeginLifeOptions {
  readonly folder: NetworkFolder;
  readonly genesis: Genesis;
  readonly keys: KeyRing;
  readonly open: (place: string) => Promise<DecisionLog>;
  readonly crypto: Crypto;
  /** Files with statements of other homes. */
  readonly statements: readonly string[];
  /** Only signs, into this file: another home begins the life. */
  readonly signTo: string | null;
  /** Signs although it signed for another beginning of this life before. */
  readonly again: boolean;
  readonly onProgress: (what: string) => void;
}

/** What a node held beyond the state that a life begins at: it has no effect any more. */
export interface Dropped {
  readonly node: string;
  /** Entries that it held, and those of them that its own keys said. */
  readonly entries: number;
  readonly own: readonly { readonly verb: Verb; readonly id: EnvelopeId }[];
}

/** What a life began with. */
export interface NewLife {
  readonly place: string;
  readonly incarnation: number;
  /** Entries of the log before it. */
  readonly position: number;
  /** Whether it begins by this, or did before. */
  readonly begun: boolean;
  /** Who signed here and in the files, the stake of these, and all there is. */
  readonly signers: readonly Did[];
  readonly signed: number;
  readonly stake: number;
  /** Records of what nodes hold that the log was given back before. */
  readonly restored: number;
  readonly account: LogAccount;
  readonly dropped: readonly Dropped[];
  readonly nodes: readonly string[];
}

/**
 * Has the log begin another life where it ends, as verifiers with two thirds of the stake sign, and nodes of this home follow it: what they held
 * beyond is dropped. Where the log began one since they left it, they only follow. With `signTo` it signs and changes nothing. Rejects with a
 * HostError or StorageError; done again, it goes on where it ended.
 */
export async function beginLife(options: BeginLifeOptions): Promise<NewLife> {
  const nodes = nodesOf(options.folder);
  return withStopped(nodes, () => beginHeld(options, nodes));
}

async function beginHeld(options: BeginLifeOptions, nodes: readonly NodeFolder[]): Promise<NewLife> {
  const { folder, genesis, open, crypto } = options;
  requireSettled(folder);
  const place = placeOf(folder, nodes);
  const log = await open(place);
  try {
    const { walk, restored, last } = await readWhole(log, nodes, options);
    const held = nodes.map((node) => heldBy(node, walk));
    const astray = held.filter(({ shared, taken }) => taken > shared);
    const dropped = astray.map((one) => droppedBy(one, genesis, crypto));
    const { incarnation, position } = walk.state;
    const followed = astray.every(({ shared }) => walk.after(shared).incarnation < incarnation);
    const isBegun = astray.length > 0 ? followed : last === 'RESTART';
    const stakes = votingStakes(walk.state);
    const base = { place, restored, dropped, stake: sumOf(stakes.values()), nodes: nodes.map(({ name }) => name) };
    if (isBegun && options.signTo === null) {
      const account = await accountOf(log, SHARD, genesis, crypto);
      await followAll(folder, nodes, { walk, held, place, log });
      return { ...base, incarnation, position, begun: false, signers: [], signed: 0, account };
    }
    const holders = await holdersOf(nodes, walk.state, options.keys, crypto);
    const statements = gather(holders, walk.state, options);
    const signers = statements.map(({ payload }) => payload.from);
    const signed = sumOf(signers.map((did) => stakes.get(did) ?? 0));
    const result = { ...base, incarnation: incarnation + 1, position, begun: true, signers, signed };
    if (options.signTo !== null) {
      writeStatements(options.signTo, statements);
      return { ...result, begun: false, account: await accountOf(log, SHARD, genesis, crypto) };
    }
    requireStake(walk.state, signers);
    const begun = await append(log, walk, { holders, statements, options });
    const account = await accountOf(log, SHARD, genesis, crypto);
    if (account.digest !== toHex(begun.state.digest)) throw wentOn(place);
    await followAll(folder, nodes, { walk: begun, held, place, log });
    return { ...result, account };
  } finally {
    await log.close();
  }
}

/** Reads the log, with the verb that it accepted last, and, where nodes hold more than it has and not all the same, gives it what those with two thirds of the stake hold. */
async function readWhole(
  log: DecisionLog,
  nodes: readonly NodeFolder[],
  { genesis, crypto, onProgress, signTo }: BeginLifeOptions,
): Promise<{ walk: LogWalk; restored: number; last: Verb | null }> {
  const walk = new LogWalk(genesis, crypto);
  let last: Verb | null = null;
  const take = (bytes: Uint8Array): void => {
    const step = walk.take(bytes);
    if (step?.applied.outcome.accepted === true) last = step.entry.envelope.payload.verb;
  };
  await readRecords(log, SHARD, (records) => {
    for (const { bytes } of records) take(bytes);
  });
  const { length } = walk;
  const held = nodes.map((node) => heldBy(node, walk));
  const beyond = held.filter(({ shared, taken }) => shared === length && taken > length);
  if (beyond.length === 0) return { walk, restored: 0, last };
  requireDisagreement(held, length, genesis, crypto);
  const certified = signTo === null ? certifiedBeyond(length, held, genesis, crypto) : null;
  if (certified === null) return { walk, restored: 0, last };
  const extension = await LogExtension.of(log, {
    crypto,
    onProgress: (added) => onProgress(`${added} records given back, which nodes with two thirds of the stake hold`),
  });
  let count = 0;
  for (const bytes of certified.node.records()) {
    if (count >= certified.records) break;
    count += 1;
    await extension.take(bytes);
    if (count > length) take(bytes);
  }
  await extension.flush();
  return { walk, restored: extension.counts.added, last };
}

/** What a node holds, beside a log. */
function heldBy(node: NodeFolder, walk: LogWalk): NodeLog {
  let taken = 0;
  for (const _ of recordsOf(node)) taken += 1;
  const dids = node.read().agents.map(({ did }) => did);
  return { name: node.name, dids, taken, shared: walk.sharedWith(recordsOf(node)), records: () => recordsOf(node) };
}

/** Throws a HostError where all that nodes hold is one log: then it can be given back whole, and nothing need be dropped. */
function requireDisagreement(held: readonly NodeLog[], length: number, genesis: Genesis, crypto: Crypto): void {
  const longest = held.reduce((best, one) => (one.taken > best.taken ? one : best));
  const whole = new LogWalk(genesis, crypto);
  for (const bytes of longest.records()) whole.take(bytes);
  if (held.some((one) => whole.sharedWith(one.records()) < one.taken)) return;
  throw new HostError(
    'log_whole',
    `the log lacks ${longest.taken - length} records that "${longest.name}" took, and nothing stands in their place: they can be given back, and need not be lost`,
    'Nothing was changed. Give them back: canswarm recover log. Begin another life only where that is refused.',
  );
}

/** The entries that a node held beyond what it shares with the log. */
function droppedBy({ name, dids, shared, records }: NodeLog, genesis: Genesis, crypto: Crypto): Dropped {
  const walk = new LogWalk(genesis, crypto);
  const own: Dropped['own'][number][] = [];
  let entries = 0;
  for (const bytes of records()) {
    const step = walk.take(bytes);
    if (step === null || walk.length <= shared) continue;
    entries += 1;
    const { payload, id } = step.entry.envelope;
    if (dids.includes(payload.from)) own.push({ verb: payload.verb, id });
  }
  return { node: name, entries, own };
}

/** Statements of this home and of files, one of a key. */
function gather(holders: readonly Holder[], state: State, options: BeginLifeOptions): readonly VerifiedEnvelope[] {
  const { crypto, again, statements } = options;
  const stakes = votingStakes(state);
  const all = [
    ...signStatements(holders, state, crypto, again),
    ...statements.flatMap((path) => readStatements(path, state, crypto)),
  ];
  const byKey = new Map<Did, VerifiedEnvelope>();
  for (const statement of all) {
    const { from } = statement.payload;
    if (stakes.has(from) && !byKey.has(from)) byKey.set(from, statement);
  }
  return [...byKey.values()];
}

function requireStake(state: State, signers: readonly Did[]): void {
  const stakes = votingStakes(state);
  if (holdTwoThirds(stakes, signers)) return;
  const percent = (amount: number): string => `${Math.floor((1000 * amount) / sumOf(stakes.values())) / 10} %`;
  const lacking = [...stakes].filter(([did]) => !signers.includes(did)).sort(([, a], [, b]) => b - a);
  const who = lacking.map(
    ([did, stake]) => `${did} of ${state.members.get(did)?.entity ?? 'nobody'}, ${percent(stake)}`,
  );
  const signed = sumOf(signers.map((did) => stakes.get(did) ?? 0));
  throw new HostError(
    'stake_lacking',
    `a life of the log begins with the signatures of two thirds of the stake, and those here have ${percent(signed)}; there lack: ${who.join('; ')}`,
    'Nothing was changed. In the homes that have these keys: canswarm recover log --new-life --sign FILE; then here: canswarm recover log --new-life --with FILE',
  );
}

/** Appends the RESTART of the first key of this home of which the law takes it, tried before; returns the log with it. */
async function append(
  log: DecisionLog,
  walk: LogWalk,
  about: {
    readonly holders: readonly Holder[];
    readonly statements: readonly VerifiedEnvelope[];
    readonly options: BeginLifeOptions;
  },
): Promise<LogWalk> {
  const { holders, statements, options } = about;
  const head = await log.head(SHARD);
  const refusals: string[] = [];
  for (const holder of holders) {
    const tried = refusals.length === 0 ? walk : await walkAlong(log, options);
    const entry = restartEntry(holder, tried.state, statements, options.crypto);
    const refusal = refusalOf(tried, entry);
    if (refusal !== null) {
      refusals.push(`${holder.signer.did} by ${refusal}`);
      continue;
    }
    if ((await log.head(SHARD)) !== head) throw wentOn('its place');
    await log.append(SHARD, [entry]);
    return tried;
  }
  if (refusals.length === 0)
    throw new HostError('not_found', 'no key of this home is a verifier', 'Begin the life in a home that has one.');
  throw new HostError(
    'refused',
    `the law refuses the RESTART of every key of this home: ${refusals.join(', ')}`,
    'Nothing was changed. By policy_denied a policy of the network denies it, or their rates are used up: begin the life in another home, whose keys it grants RESTART.',
  );
}

/** Takes an entry; the code by which it is refused, or null. */
function refusalOf(walk: LogWalk, entry: Uint8Array): string | null {
  const step = walk.take(entry);
  if (step === null) return 'being no entry';
  const { outcome } = step.applied;
  return outcome.accepted ? null : outcome.code;
}

async function walkAlong(log: DecisionLog, { genesis, crypto }: BeginLifeOptions): Promise<LogWalk> {
  const walk = new LogWalk(genesis, crypto);
  await readRecords(log, SHARD, (records) => {
    for (const { bytes } of records) walk.take(bytes);
  });
  return walk;
}

/** Nodes keep what they share with the log, and follow it from there. */
async function followAll(
  folder: NetworkFolder,
  nodes: readonly NodeFolder[],
  { walk, held, place, log }: { walk: LogWalk; held: readonly NodeLog[]; place: string; log: DecisionLog },
): Promise<void> {
  for (const [index, node] of nodes.entries()) {
    const { shared, taken } = held[index] ?? { shared: 0, taken: 0 };
    const { position, digest } = walk.after(shared);
    const cut = { records: shared, position, digest, end: walk.state.position };
    await prepare(node, log, taken > shared ? cut : null);
  }
  const before = readMigration(folder);
  writeMigration(folder, { from: place, to: place, phase: 'switching' });
  for (const node of nodes) switchNode(node, place);
  if (before === null) removeMigration(folder);
  else writeMigration(folder, before);
}

const sumOf = (amounts: Iterable<number>): number => [...amounts].reduce((sum, amount) => sum + amount, 0);

const wentOn = (place: string): HostError =>
  new HostError(
    'log_moved',
    `the log at ${place} went on while the life was to begin`,
    'What was signed is of no use any more. Stop every node, also in other homes, then try again.',
  );
