import type { AgentManifest } from '@canswarm/agent';
import { freeAccount, stakeOf } from '@canswarm/kernel';
import { HashChain, type Identity } from '@canswarm/node';
import { toHex } from '@canswarm/protocol';
import { chainSecret, openAgent, signerOf } from '../agents.ts';
import { HostError } from '../host-error.ts';
import { madeOrOpened } from '../join-network.ts';
import type { AgentEntry } from '../node-file.ts';
import { sayApplied } from '../say-applied.ts';
import type { AttachRequest } from './agent-host.ts';
import { agentOfEngine, attachedEngine } from './attached-runner.ts';
import { credentialFor } from './credential.ts';
import type { DeskGround } from './desk-ground.ts';

const CREDIT = 1_000_000;
/** What a new agent is given unless somebody says otherwise, micro-credits. */
const CREDITS = 20 * CREDIT;
/** Reveals of a verifier. */
const CHAIN_LENGTH = 16_384;

/** A key that takes part: it has a name in node.json, credits of its organisation, and is a member of the network. */
export interface Enlisted {
  readonly entry: AgentEntry;
  /** Held by the node; offers nothing yet. */
  readonly identity: Identity;
}

/**
 * Makes an agent take part: key, credential, credits, JOIN, and a stake where it verifies. Each step is left out where it was done, so
 * that attaching again goes on wherever it stopped. Rejects with a HostError.
 */
export async function enlist(request: AttachRequest, options: DeskGround): Promise<Enlisted> {
  const entry = await entryFor(request.manifest, options);
  const { node, keys, crypto } = options;
  const { did } = entry;
  let identity = node.identities.find(({ signer }) => signer.did === did);
  if (identity === undefined || (identity.chain === null) !== (entry.chainLength === null)) {
    identity = await openAgent(entry, new Set(), keys, crypto, options.disputes);
    node.dismiss(did);
    node.admit(identity);
  }
  await fund(entry, request, options);
  await join(entry, identity, options);
  if (entry.chainLength !== null && stakeOf(node.state, did) === 0) {
    const amount = request.stake ?? Math.floor(node.balance(freeAccount(did)) / 2);
    await sayApplied(node, did, { verb: 'STAKE', body: { amount } });
  }
  return { entry, identity };
}

/** The agent's line in node.json; written before anything is said with its key. */
async function entryFor({ name, skills }: AgentManifest, options: DeskGround): Promise<AgentEntry> {
  const { folder, file, keys, crypto, node, transport, joinDesk } = options;
  const engine = attachedEngine(name);
  const before = file.agents.find(({ execute, evaluate }) => agentOfEngine(execute ?? evaluate) === name);
  if (before === undefined && file.agents.some((agent) => agent.name === name)) {
    const hint = 'Give it another name in defineAgent.';
    throw new HostError('refused', `this node has an agent "${name}" of its own already`, hint);
  }
  const verifies = skills.some((skill) => skill.verifies);
  const chainLength = verifies ? Math.min(CHAIN_LENGTH, node.state.params.chainLength) : null;
  const does = {
    skills: skills.filter(({ executes }) => executes).map(({ id }) => id),
    execute: engine,
    // A verifier stays one: its stake answers for seats that it was drawn for.
    evaluate: before?.evaluate ?? (verifies ? engine : null),
    chainLength: before?.chainLength ?? chainLength,
  };
  let entry: AgentEntry;
  if (before === undefined) {
    const key = `${folder.network.name}.agent-${name}`;
    const { did } = signerOf(await madeOrOpened(keys, key, 'agent'), crypto);
    const ground = { node, transport, joinDesk, network: file.network };
    const credential = await credentialFor(did, file.agents, ground);
    const { org, asn, region } = credential;
    entry = { key, name, did, org, asn, region, ...does, inspect: null, priceBps: null, requester: false, credential };
    file.agents.push(entry);
  } else {
    entry = { ...before, ...does };
    file.agents[file.agents.indexOf(before)] = entry;
  }
  folder.write(file);
  return entry;
}

/** Credits of the organisation, once. */
async function fund({ did, name }: AgentEntry, { credits }: AttachRequest, { node, file }: DeskGround): Promise<void> {
  if (node.state.accounts.has(freeAccount(did))) return;
  const payer = file.agents.find(({ requester }) => requester);
  if (payer === undefined) {
    const hint = 'Attach it to the node of an organisation: canswarm status shows which nodes have a requester.';
    throw new HostError('refused', `the node "${file.name}" has nobody who could give "${name}" credits`, hint);
  }
  const amount = credits ?? CREDITS;
  const free = node.balance(freeAccount(payer.did));
  if (free < amount) {
    const hint = 'Give it less: --credits AMOUNT';
    throw new HostError('refused', `${payer.name} has ${free / CREDIT} credits, not ${amount / CREDIT}`, hint);
  }
  await sayApplied(node, payer.did, { verb: 'TRANSFER', body: { to: did, amount, create: true } });
}

/** JOIN of a key that is no member yet, or not yet as the verifier that it is now. */
async function join(entry: AgentEntry, { chain }: Identity, { node, keys, crypto }: DeskGround): Promise<void> {
  const { did, credential } = entry;
  const member = node.state.members.get(did);
  const isNew = member === undefined || (chain !== null && member.revealsLeft <= 1);
  if (!isNew) return;
  const seed = await keys.open(entry.key);
  const told = chain ?? new HashChain(chainSecret(seed, crypto), 1, crypto.sha256);
  await sayApplied(node, did, { verb: 'JOIN', body: { tip: told.tip, length: told.length, credential } });
  const { tip } = node.state.members.get(did) ?? {};
  if (tip !== toHex(told.tip)) throw new Error(`${entry.name} joined with another chain`);
}
