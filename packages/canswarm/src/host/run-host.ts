import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { SKILL } from '@canswarm/brief';
import { contentFs } from '@canswarm/content-fs';
import { peerContent } from '@canswarm/content-peers';
import { canPayLog, type State } from '@canswarm/kernel';
import { type Libp2pTransport, ListenError, libp2pTransport } from '@canswarm/libp2p';
import { sodiumCrypto, sqliteStore, systemClock, systemRandom, threadRunner } from '@canswarm/local';
import { memoryMeter } from '@canswarm/memory';
import { type AppliedEntry, type Identity, Node } from '@canswarm/node';
import type { Clock, ContentStore, DecisionLog, Meter, SkillRunner, Store } from '@canswarm/ports';
import { type Crypto, concat, type Did, type Genesis, genesisCid, utf8 } from '@canswarm/protocol';
import type { SettingValues } from '../home/config/settings.ts';
import type { Logger } from '../home/log/logger.ts';
import { requireSettled } from '../migrate/migration-file.ts';
import { SHARD } from '../network/network.ts';
import { plantedRunner } from '../plant/planted-runner.ts';
import { Planter, type PlanterGround } from '../plant/planter.ts';
import { needPolicies, networkPolicies } from '../policy/network-policies.ts';
import { BUNDLED_SKILLS, bundledOffer } from '../skills/bundled.ts';
import { SKILLS_URL } from '../skills/url.ts';
import { LocalDesk } from '../work/local-desk.ts';
import { ProgressBoard } from '../work/progress-board.ts';
import { bareIdentity, openAgent, signerOf } from './agents.ts';
import { KeptPosts } from './api/kept-posts.ts';
import { AgentDesk } from './attach/agent-desk.ts';
import { attachedRunner } from './attach/attached-runner.ts';
import type { SkillPlan } from './cast-local.ts';
import { contactSettings, noteAppend, noteContact } from './contact-problem.ts';
import { openDecisionLog } from './decision-log.ts';
import { DIVERGED, divergenceText, noteEngine } from './engine-problem.ts';
import { HomeNodes } from './home-nodes.ts';
import { HostError } from './host-error.ts';
import { JoinDesk } from './join-desk.ts';
import type { KeyRing } from './key-ring.ts';
import { NeedBook } from './need-book.ts';
import type { NodeFolder } from './network-folder.ts';
import type { AgentEntry, NodeFile } from './node-file.ts';
import { takeNode } from './node-lock.ts';
import { Looks } from './outlook.ts';
import { keepVectors } from './policy-vectors.ts';
import { Problems } from './problems.ts';
import { TimeStandsError, TimeWatch } from './time-watch.ts';

/** The skill of a local network, and which engines its agents use. */
export const BRIEF_SKILL: SkillPlan = {
  skill: SKILL,
  bundled: BUNDLED_SKILLS,
  engines: ['paragraph', 'sentence'],
  evaluate: 'check',
  inspect: 'check',
};

export interface HostOptions {
  readonly folder: NodeFolder;
  readonly keys: KeyRing;
  readonly settings: SettingValues;
  readonly logger: Logger;
  /** Told when the node stopped by itself. */
  readonly onFailure: (error: unknown) => void;
}

/** Drafts are gathered for so long to be signed and sent together, ms. */
const GATHER_MS = 5;
/** How often a JOIN that did not come through is said again, ms. */
const REJOIN_MS = 3_000;
/** No JOIN takes less of the log. */
const LEAST_BYTES = 256;

/** What of a running node other parts of the host use. */
export interface HostParts {
  readonly folder: NodeFolder;
  /** As at the start, with the agents that came since. */
  readonly file: NodeFile;
  readonly genesis: Genesis;
  readonly node: Node;
  readonly book: NeedBook;
  /** What workers say of their progress. */
  readonly board: ProgressBoard;
  readonly posts: KeptPosts;
  readonly content: ContentStore;
  readonly runner: SkillRunner;
  readonly log: DecisionLog;
  readonly transport: Libp2pTransport;
  readonly crypto: Crypto;
  readonly meter: Meter;
  readonly desk: JoinDesk | null;
  /** Where work is hired with the money of this node's requester; null when it has none. */
  readonly work: LocalDesk | null;
  /** Where results that are wrong are planted with the money of this node's requester; null when it has none. */
  readonly planter: Planter | null;
  /** Where processes of agents take part through this node. */
  readonly agents: AgentDesk;
  /** What is known of needs beyond the log. */
  readonly looks: Looks;
  readonly problems: Problems;
  readonly startedAt: number;
}

/** A node of this machine that runs in this process. */
export interface Host extends HostParts {
  /** Stops the node, then every adapter. Idempotent. */
  stop(): Promise<void>;
}

/** Opens everything a node needs, from its folder, and starts it. Rejects with a HostError, HomeError or StorageError. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { folder, keys, logger } = options;
  folder.read();
  const lock = takeNode(folder);
  const closers: (() => unknown)[] = [() => lock.release()];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const { file, genesis, crypto } = readHere(folder);
    const identities = await Promise.all(
      file.agents.map((agent) =>
        openAgent(agent, colleagues(agent, file), keys, crypto, options.settings['challenge.disputes']),
      ),
    );
    if (file.authorityKey !== null) identities.push(bareIdentity(signerOf(await keys.open(file.authorityKey), crypto)));
    const parts = await openParts({ ...options, file, genesis, crypto, identities, closers });
    parts.node.start();
    parts.planter?.start();
    closers.push(() => parts.node.stop());
    closers.push(joinAgents(parts, logger));
    logger.info('the node runs', { node: file.name, network: file.network, peer: parts.transport.id });
    return { ...parts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What its files say, once nobody else may change them. Throws a HostError. */
function readHere(folder: NodeFolder): Pick<Opening, 'file' | 'genesis' | 'crypto'> {
  const file = folder.read();
  requireSettled(folder.network);
  const genesis = folder.network.genesis();
  const crypto = sodiumCrypto();
  if (genesisCid(genesis, crypto.sha256) === file.network) return { file, genesis, crypto };
  throw new HostError(
    'file_broken',
    `${folder.network.genesisPath} is another network's genesis`,
    'Restore it from a backup.',
  );
}

const colleagues = ({ org }: AgentEntry, { agents }: NodeFile): ReadonlySet<Did> =>
  new Set(agents.filter((other) => other.org === org).map(({ did }) => did));

interface Opening extends HostOptions {
  readonly file: NodeFile;
  readonly genesis: Genesis;
  readonly crypto: Crypto;
  readonly identities: readonly Identity[];
  readonly closers: (() => unknown)[];
}

async function openParts(opening: Opening): Promise<HostParts> {
  const { folder, file, genesis, crypto, identities, closers, keys, settings, logger, onFailure } = opening;
  mkdirSync(folder.path, { recursive: true, mode: 0o700 });
  const clock = systemClock();
  const random = systemRandom();
  const meter = memoryMeter();
  const transport = await openWire(opening);
  closers.push(() => transport.close());
  const problems = new Problems(logger);
  const log = await openDecisionLog(file.log, settings, problems, { buckets: genesis.buckets ?? 1, node: file });
  closers.push(() => log.close());
  const store: Store = sqliteStore({ path: folder.storePath });
  closers.push(() => store.close());
  const { content, threads } = await openWork(opening, transport, clock);
  await keepVectors(folder.network, content);
  const attached: { desk: AgentDesk | null; planter: Planter | null } = { desk: null, planter: null };
  const runner = plantedRunner(
    attachedRunner(threads, (name) => attached.desk?.sessionOf(name) ?? null),
    (number) => attached.planter?.outputsOf(number) ?? null,
  );
  const policies = { policies: networkPolicies, needPolicies };
  const ports = { transport, log, content, store, clock, random, meter, crypto, runner, ...policies };
  const contact = contactSettings(settings);
  const node = new Node({ genesis, shard: SHARD, identities, gatherMs: GATHER_MS, contact, ports });
  // The list grows when agents are attached.
  const live = { ...file, agents: [...file.agents] };
  const book = new NeedBook(nameOf(live, node));
  const board = new ProgressBoard(node, content);
  closers.push(() => board.close());
  const posts = new KeptPosts({ store, crypto, now: Date.now });
  const time = new TimeWatch(node, Date.now);
  closers.push(time.tell((still) => problems.note('time', still === null ? null : new TimeStandsError(still))));
  listenTo(node, { book, posts, time, problems, logger, onFailure });
  const planter = await planterOf(
    live,
    { node, log, shard: SHARD, book, store, content, clock, crypto, random: random.stream('plants') },
    opening,
  );
  attached.planter = planter;
  closers.push(() => planter?.close());
  const desk =
    file.authorityKey === null ? null : await openDesk(file.authorityKey, { ...opening, node, store, transport });
  const disputes = settings['challenge.disputes'];
  const about = { folder, node, keys, crypto, transport, content, logger, disputes };
  const agents = new AgentDesk({ ...about, file: live, joinDesk: desk });
  attached.desk = agents;
  closers.push(() => agents.close());
  const work = workDesk({ genesis, file: live, node, board, book, content, crypto, runner, clock, agents });
  const home = new HomeNodes(folder);
  const looks = new Looks({ file: live, node, book, agents, transport, home, time, nameOf: nameOf(live, node) });
  const own = {
    folder,
    file: live,
    genesis,
    node,
    book,
    board,
    posts,
    desk,
    work,
    planter,
    agents,
    looks,
    problems,
    startedAt: Date.now(),
  };
  return { ...own, runner, content, log, transport, crypto, meter };
}

/** Where artifacts are, and the threads in which skills work on them. */
async function openWork(
  { folder, settings, crypto, closers }: Opening,
  transport: Libp2pTransport,
  clock: Clock,
): Promise<{ readonly content: ContentStore; readonly threads: SkillRunner }> {
  const contentOptions = { dir: folder.contentPath };
  mkdirSync(contentOptions.dir, { recursive: true, mode: 0o700 });
  const content = peerContent({ local: await contentFs(contentOptions), transport, clock, sha256: crypto.sha256 });
  closers.push(() => content.close());
  const threads = threadRunner({
    skillModule: SKILLS_URL,
    contentModule: import.meta.resolve('@canswarm/content-fs'),
    contentOptions,
    threads: settings['skill.threads'],
    fetch: async (cid, limits) => void (await content.get(cid, limits)),
  });
  closers.push(() => threads.close());
  return { content, threads };
}

async function openWire({ file, crypto, keys, settings }: Opening): Promise<Libp2pTransport> {
  const port = settings['listen.port'] === 0 ? file.port : settings['listen.port'];
  return libp2pTransport({
    network: file.network,
    seed: await keys.open(file.peerKey),
    sha256: crypto.sha256,
    listen: [`/ip4/${settings['listen.address']}/tcp/${port}`],
    bootstrap: [...new Set([...file.bootstrap, ...settings.bootstrap])],
    mdns: settings.mdns,
    connectionsMax: settings['connections.max'],
  }).catch((error: unknown) => {
    if (!(error instanceof ListenError)) throw error;
    const hint = `End what listens there, or start the node at another port: canswarm up --node ${file.name} --listen-port N`;
    throw new HostError('cannot_listen', error.message, hint, { cause: error });
  });
}

type Hiring = Pick<
  HostParts,
  'genesis' | 'file' | 'node' | 'board' | 'book' | 'content' | 'crypto' | 'runner' | 'agents'
> & { readonly clock: Clock };

/** Where work is hired with the requester's money; null when the node has none. */
function workDesk({ file, agents, ...about }: Hiring): LocalDesk | null {
  const requester = file.agents.find((agent) => agent.requester)?.did ?? null;
  if (requester === null) return null;
  return new LocalDesk({
    ...about,
    requester,
    nameOf: nameOf(file, about.node),
    find: async (skill) => (await bundledOffer(skill)) ?? agents.find(skill),
  });
}

/** Where plants are made of the requester's credits; null when the node has none. */
async function planterOf(
  { agents }: Pick<NodeFile, 'agents'>,
  ground: Omit<PlanterGround, 'secret' | 'payer' | 'percent' | 'onProblem'>,
  { keys, crypto, settings, logger }: Opening,
): Promise<Planter | null> {
  const requester = agents.find((agent) => agent.requester);
  if (requester === undefined) return null;
  const secret = crypto.sha256(concat([utf8('canswarm/plants/'), await keys.open(requester.key)]));
  const onProblem = (error: unknown): void =>
    logger.warn('a plant does not go on; it is tried again', {
      error: error instanceof Error ? error.message : String(error),
    });
  return new Planter({ ...ground, secret, payer: requester.did, percent: settings['plants.percent'], onProblem });
}

interface Listening extends Pick<HostParts, 'book' | 'posts' | 'problems'>, Pick<HostOptions, 'logger' | 'onFailure'> {
  readonly time: TimeWatch;
}

/** Keeps the story of needs, and tells the log of the owner what happens. */
function listenTo(node: Node, { book, posts, time, problems, logger, onFailure }: Listening): void {
  const take = (applied: AppliedEntry, state: State): void => {
    time.moved();
    book.take(applied, state);
    posts.take(applied);
  };
  node.listen({
    onApplied: take,
    onRecovered: take,
    onAppend: (error) => noteAppend(problems, node, error),
    onContact: (contacts, what) => noteContact(problems, contacts, what),
    onLine: (need, key, { level, message }) => logger.debug('skill', { need, key, level, message }),
    onSpeculation: (step, need, did) => logger.info('work without the log', { step, need, did }),
    onUnpaid: ({ did, message }) => logger.warn('a key cannot pay for log space', { did, error: message }),
    onDenied: ({ did, verb, message }) =>
      logger.warn('the policy denies what a key would say', { did, verb, error: message }),
    onDiverged: ({ input, ...divergence }) => logger.warn(DIVERGED, divergenceText(divergence, input)),
    onEngineChecked: (check) => noteEngine(problems, logger, check),
    onDefect: (error) => logger.error('a message met a defect and was ignored', { error: String(error) }),
    onProgress: (need, key, done, total, note) => logger.debug('skill', { need, key, done, total, note }),
    onFailure: (error) => {
      logger.error('the node stopped by itself', {
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      onFailure(error);
    },
  });
}

async function openDesk(
  authorityKey: string,
  {
    keys,
    crypto,
    genesis,
    node,
    store,
    transport,
    logger,
  }: Opening & { node: Node; store: Store; transport: Libp2pTransport },
): Promise<JoinDesk> {
  const authority = signerOf(await keys.open(authorityKey), crypto);
  return new JoinDesk({
    genesis,
    authority,
    node,
    store,
    transport,
    crypto,
    now: Date.now,
    random: (length) => new Uint8Array(randomBytes(length)),
    onJoin: (org, dids) => logger.info('an organisation joins', { org, keys: dids.join(' ') }),
  });
}

/** Names of this node's own agents, and of others by their organisation. */
function nameOf({ agents }: Pick<NodeFile, 'agents'>, node: Node): (did: Did) => string {
  return (did) => {
    const own = agents.find((agent) => agent.did === did);
    const entity = node.state.members.get(did)?.entity;
    return own?.name ?? (entity?.startsWith('org:') === true ? entity.slice('org:'.length) : `…${did.slice(-8)}`);
  };
}

/** Says JOIN with the credentials of agents that are no members yet, until they are. Gives what stops it. */
function joinAgents({ file, node, crypto }: HostParts, logger: Logger): () => void {
  const due = (): readonly AgentEntry[] =>
    file.agents.filter(({ did, credential }) => credential !== null && !node.state.members.has(did));
  const join = (): void => {
    for (const { did, credential, name } of due()) {
      // Its credits are on their way.
      if (!canPayLog(node.state, 'JOIN', did, LEAST_BYTES)) continue;
      const chain = node.identities.find(({ signer }) => signer.did === did)?.chain ?? null;
      const body = { tip: chain?.tip ?? crypto.sha256(randomBytes(32)), length: chain?.length ?? 1, credential };
      node.command(did, { verb: 'JOIN', body }).catch((error: unknown) => {
        logger.warn('an agent could not join yet', { agent: name, error: String(error) });
      });
    }
    if (due().length === 0) clearInterval(timer);
  };
  const timer = setInterval(join, REJOIN_MS);
  // A key that the authority sent credits for it joins as soon as it has them.
  const stop = node.listen({
    onApplied({ events }) {
      const funded = due().map(({ did }) => `free/${did}`);
      if (events.some((event) => event.type === 'posting' && funded.includes(event.credit))) join();
    },
  });
  join();
  return () => {
    clearInterval(timer);
    stop();
  };
}
