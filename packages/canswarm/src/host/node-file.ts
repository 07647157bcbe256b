import { type Cid, type Credential, type Did, fromHex, parseCid, parseDid, toHex } from '@canswarm/protocol';
import { writeText } from '../home/files.ts';
import { type FileFormat, formatJson, newestVersion, readVersioned } from '../home/versioned-file.ts';
import { HostError } from './host-error.ts';
import { Fields } from './json-fields.ts';

/** One agent of a node: its key and what it does with it. Keys are never shared between agents. */
export interface AgentEntry {
  /** Name of its key in the keystore. */
  readonly key: string;
  readonly name: string;
  readonly did: Did;
  readonly org: string;
  readonly asn: number;
  readonly region: string;
  /** Length of its hash chain; null for an agent that is no verifier. */
  readonly chainLength: number | null;
  readonly skills: readonly string[];
  /** Engine of the skill module for each action; null: it does not act. */
  readonly execute: string | null;
  readonly evaluate: string | null;
  readonly inspect: string | null;
  /** Its price, in basis points of a need's price cap; null: it does not bid. */
  readonly priceBps: number | null;
  /** Whether it posts needs for the owner of the node. */
  readonly requester: boolean;
  /** What the authority says of it, for its JOIN; null for agents of the genesis. */
  readonly credential: Credential | null;
}

/** What a node is: `node.json` in its folder. Version 1. */
export interface NodeFile {
  readonly network: Cid;
  readonly name: string;
  readonly org: string;
  /** Name of the key that peers know it by. */
  readonly peerKey: string;
  /** Name of the key of the network's authority, if this node holds it. */
  readonly authorityKey: string | null;
  /** TCP port it listens on, kept over restarts so that peers find it again. */
  readonly port: number;
  /** Where the decision log is, see `logPlace`: a file, or `etcd:` and the prefix of its keys. */
  readonly log: string;
  /** Addresses of peers to dial first (multiaddrs). */
  readonly bootstrap: readonly string[];
  readonly agents: readonly AgentEntry[];
}

const FORMAT: FileFormat = { kind: 'node file', privacy: 'public', bytesMax: 1_048_576, migrations: [] };
const BPS = 10_000;
const CHAIN_LENGTH_MAX = 65_536;

/** Reads `node.json`, or null when there is none. Throws a HomeError, or a HostError `file_broken` that names the field. */
export function readNodeFile(path: string): NodeFile | null {
  const document = readVersioned(path, FORMAT);
  if (document === null) return null;
  const fields = new Fields(path, document);
  const network = parseCid(fields.text('network'));
  if (network === undefined)
    throw new HostError('file_broken', `${path}: network is no CID`, 'Restore it from a backup.');
  return {
    network,
    name: fields.text('name'),
    org: fields.text('org'),
    peerKey: fields.text('peerKey'),
    authorityKey: fields.textOrNull('authorityKey'),
    port: fields.integer('port', 1, 65_535),
    log: fields.text('log'),
    bootstrap: fields.texts('bootstrap'),
    agents: fields.list('agents').map((agent) => readAgent(path, agent)),
  };
}

function readAgent(path: string, fields: Fields): AgentEntry {
  const did = parseDid(fields.text('did'));
  if (did === undefined)
    throw new HostError('file_broken', `${path}: an agent has no did:key`, 'Restore it from a backup.');
  return {
    key: fields.text('key'),
    name: fields.text('name'),
    did,
    org: fields.text('org'),
    asn: fields.integer('asn', 0, 2 ** 32 - 1),
    region: fields.text('region'),
    chainLength: fields.integerOrNull('chainLength', 1, CHAIN_LENGTH_MAX),
    skills: fields.texts('skills'),
    execute: fields.textOrNull('execute'),
    evaluate: fields.textOrNull('evaluate'),
    inspect: fields.textOrNull('inspect'),
    priceBps: fields.integerOrNull('priceBps', 1, BPS),
    requester: fields.flag('requester'),
    credential: readCredential(fields.recordOrNull('credential')),
  };
}

function readCredential(fields: Fields | null): Credential | null {
  if (fields === null) return null;
  const issuer = parseDid(fields.text('issuer'));
  const signature = fields.text('signature');
  if (issuer === undefined || !/^[0-9a-f]{128}$/.test(signature)) {
    throw new HostError('file_broken', 'a credential in node.json is broken', 'Restore it from a backup.');
  }
  const [org, region] = [fields.text('org'), fields.text('region')];
  return { org, asn: fields.integer('asn', 0, 2 ** 32 - 1), region, issuer, signature: fromHex(signature) };
}

export function writeNodeFile(path: string, file: NodeFile): void {
  const agents = file.agents.map(({ credential, ...agent }) => ({
    ...agent,
    credential: credential === null ? null : { ...credential, signature: toHex(credential.signature) },
  }));
  writeText(path, formatJson({ version: newestVersion(FORMAT), ...file, agents }));
}
