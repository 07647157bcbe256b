import { randomBytes } from 'node:crypto';
import { type AgentManifest, readManifest, type SkillOffer } from '@canswarm/agent';
import { freeAccount, type KernelEvent, stakeAccount } from '@canswarm/kernel';
import type { AppliedEntry, Identity } from '@canswarm/node';
import type { Progress, SkillLine } from '@canswarm/ports';
import type { CommitId, Did, NeedId } from '@canswarm/protocol';
import { HostError } from '../host-error.ts';
import type { AgentEntry } from '../node-file.ts';
import { AgentDirectory, type FoundAgent } from './agent-directory.ts';
import type { AgentHost, AttachedAgent, AttachRequest, JobOutcome, SessionEvent } from './agent-host.ts';
import { AgentSession } from './agent-session.ts';
import { attachedIdentity } from './attached-identity.ts';
import type { DeskGround } from './desk-ground.ts';
import { enlist } from './enlist.ts';

/** An attached agent. */
interface Seat {
  readonly did: Did;
  readonly session: AgentSession;
  readonly commits: Set<CommitId>;
}

/** Agents attached at once. */
const AGENTS_MAX = 32;
const COMMITS_MAX = 1_000;

/**
 * Where processes of the owner's agents take part through this node. The node holds an agent's key, bids, heartbeats, commits and votes
 * for it; the process does the work. Once a process is gone its agent bids no more and gives back what it held, until it is there again.
 */
export class AgentDesk implements AgentHost {
  readonly #options: DeskGround;
  readonly #directory: AgentDirectory;
  readonly #seats = new Map<string, Seat>();
  readonly #attaching = new Set<string>();
  readonly #stop: () => void;
  #closed = false;

  constructor(options: DeskGround) {
    this.#options = options;
    const { node, transport, crypto, file } = options;
    this.#directory = new AgentDirectory({ node, transport, network: file.network, crypto });
    this.#stop = node.listen({ onApplied: (applied) => this.#tell(applied) });
  }

  /** Ends every session. */
  close(): void {
    this.#closed = true;
    this.#stop();
    this.#directory.close();
    for (const { session } of [...this.#seats.values()]) session.end('the node stops');
  }

  /** The session of an agent whose process is there. */
  sessionOf(name: string): AgentSession | null {
    return this.#seats.get(name)?.session ?? null;
  }

  search(query: string): Promise<readonly FoundAgent[]> {
    return this.#directory.search(query);
  }

  find(skill: string): Promise<SkillOffer | null> {
    return this.#directory.find(skill);
  }

  async attach(request: AttachRequest): Promise<AttachedAgent> {
    const manifest = checked(request.manifest);
    const { name } = manifest;
    if (this.#closed) throw new HostError('node_failed', 'the node stops', 'Start it again: canswarm up');
    if (this.#seats.has(name) || this.#attaching.has(name)) {
      const hint = 'One process at a time has the work of an agent. Stop the other, or give this one another name.';
      throw new HostError('agent_attached', `another process is attached as "${name}"`, hint);
    }
    if (this.#seats.size + this.#attaching.size >= AGENTS_MAX)
      throw new HostError('refused', `this node has ${AGENTS_MAX} agents attached already`, 'Stop one of them.');
    this.#attaching.add(name);
    try {
      const { identity, entry } = await enlist({ ...request, manifest }, this.#options);
      return this.#seat(manifest, identity, entry);
    } finally {
      this.#attaching.delete(name);
    }
  }

  #seat(manifest: AgentManifest, identity: Identity, { did, org }: AgentEntry): AttachedAgent {
    const { node, file, logger } = this.#options;
    const { name } = manifest;
    if (this.#closed) throw new HostError('node_failed', 'the node stops', 'Start it again: canswarm up');
    const session = new AgentSession(randomBytes(16).toString('hex'), name, () => this.#unseat(name, identity));
    this.#seats.set(name, { did, session, commits: new Set() });
    this.#hold(manifest, identity, session);
    logger.info('an agent is attached', { agent: name, did, skills: manifest.skills.map(({ id }) => id).join(' ') });
    const [free, stake] = [node.balance(freeAccount(did)), node.balance(stakeAccount(did))];
    return { session: session.id, name, did, org, node: file.name, network: file.network, free, stake };
  }

  /** Has the node act for the agent as its manifest says, and tells peers of it. */
  #hold(manifest: AgentManifest, identity: Identity, session: AgentSession | null): void {
    const { node, file } = this.#options;
    const own = (did: Did): boolean => file.agents.some((agent) => agent.org === file.org && agent.did === did);
    node.dismiss(identity.signer.did);
    node.admit(attachedIdentity(identity, { manifest, session, own }));
    if (session !== null) this.#directory.list(manifest, identity.signer);
  }

  #unseat(name: string, identity: Identity): void {
    const { node, logger } = this.#options;
    this.#seats.delete(name);
    this.#directory.unlist(name);
    node.dismiss(identity.signer.did);
    if (!this.#closed) node.admit(identity);
    logger.info('the process of an agent is gone', { agent: name });
  }

  async update(session: string, given: AgentManifest): Promise<void> {
    const manifest = checked(given);
    const seat = this.#seatOf(session);
    if (manifest.name !== seat.session.name)
      throw new HostError('usage', `the agent "${seat.session.name}" cannot be renamed`, 'Start it again instead.');
    const identity = this.#options.node.identities.find(({ signer }) => signer.did === seat.did);
    if (identity === undefined) throw new Error(`the node does not hold the key of ${manifest.name}`);
    this.#hold(manifest, identity, seat.session);
  }

  events(session: string, signal: AbortSignal): AsyncIterable<SessionEvent> {
    return this.#seatOf(session).session.events(signal);
  }

  async progress(session: string, id: string, progress: Progress): Promise<void> {
    this.#seatOf(session).session.progress(id, progress);
  }

  async line(session: string, id: string, line: SkillLine): Promise<void> {
    this.#seatOf(session).session.line(id, line);
  }

  async settle(session: string, id: string, outcome: JobOutcome): Promise<void> {
    this.#seatOf(session).session.settle(id, outcome);
  }

  getBlock: AgentHost['getBlock'] = (cid, options) => this.#options.content.get(cid, options);

  putBlocks: AgentHost['putBlocks'] = (blocks) => this.#options.content.putBlocks(blocks);

  #seatOf(id: string): Seat {
    for (const seat of this.#seats.values()) if (seat.session.id === id) return seat;
    throw new HostError('not_found', 'there is no such session of an agent', 'It has ended: attach again.');
  }

  /** Passes on what an entry says about attached agents. */
  #tell({ entry, events }: AppliedEntry): void {
    const { thread } = entry.envelope.payload;
    for (const seat of this.#seats.values())
      for (const event of events)
        if (isAbout(event, seat))
          seat.session.tell({ type: 'news', need: 'need' in event ? event.need : (thread as NeedId | null), event });
  }
}

function isAbout(event: KernelEvent, { did, commits }: Seat): boolean {
  switch (event.type) {
    case 'posting':
      return event.credit === freeAccount(did) || event.debit === freeAccount(did);
    case 'lease_granted':
    case 'lease_lost':
      return event.holder === did;
    case 'committed':
      if (event.worker === did && commits.size < COMMITS_MAX) commits.add(event.commit);
      return event.worker === did;
    case 'finalized':
    case 'undecided':
      return event.worker === did;
    case 'certified':
      return commits.has(event.commit);
    case 'slashed':
    case 'seated':
    case 'member_inactive':
      return event.did === did;
    default:
      return false;
  }
}

function checked(manifest: unknown): AgentManifest {
  const read = readManifest(manifest);
  if (read.ok) return read.manifest;
  throw new HostError('usage', `the manifest ${read.path} ${read.reason}`, 'Mend the definition of the agent.');
}
