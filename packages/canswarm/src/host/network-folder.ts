import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Genesis, parseGenesis } from '@canswarm/protocol';
import { writeText } from '../home/files.ts';
import { HostError } from './host-error.ts';
import { type NodeFile, readNodeFile, writeNodeFile } from './node-file.ts';

/** Names of networks, nodes and organisations: they become folder and key names. */
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** Throws a HostError `usage` for a name that cannot be a folder's. */
export function requireName(what: string, name: string): void {
  if (NAME.test(name)) return;
  const hint = 'Use 1 to 32 of a-z, 0-9 and "-", beginning and ending with a letter or digit, such as: acme';
  throw new HostError('usage', `${what} "${name}" is not a name`, hint);
}

/** Where one network's files are on this machine: `networks/NAME` in the home. */
export class NetworkFolder {
  readonly path: string;
  readonly name: string;

  constructor(home: string, name: string) {
    requireName('the network', name);
    this.name = name;
    this.path = join(home, 'networks', name);
  }

  get genesisPath(): string {
    return join(this.path, 'genesis.cbor');
  }

  get logPath(): string {
    return join(this.path, 'log.sqlite');
  }

  exists(): boolean {
    return existsSync(this.genesisPath);
  }

  /** Throws a HostError `network_missing` or `file_broken`. */
  genesis(): Genesis {
    if (!this.exists()) {
      const hint = `Make one with: canswarm up${this.name === 'local' ? '' : ` --network ${this.name}`}`;
      throw new HostError('network_missing', `there is no network "${this.name}" in this home`, hint);
    }
    const parsed = parseGenesis(readFileSync(this.genesisPath));
    if (parsed.ok) return parsed.genesis;
    const hint = 'Restore it from a backup: without the right genesis nothing of this network can be verified.';
    throw new HostError('file_broken', `${this.genesisPath} is no genesis (${parsed.code})`, hint);
  }

  /** Written last: a network whose making was interrupted does not exist. */
  writeGenesis(bytes: Uint8Array): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    writeText(this.genesisPath, bytes);
  }

  /** The conformance vector of the policy that the network was made with; null where it was made elsewhere, or without a policy. */
  vector(): Uint8Array | null {
    return existsSync(this.#vectorPath) ? readFileSync(this.#vectorPath) : null;
  }

  writeVector(bytes: Uint8Array): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    writeText(this.#vectorPath, bytes);
  }

  get #vectorPath(): string {
    return join(this.path, 'policy-vector.json');
  }

  /** Names of the nodes here, sorted. */
  nodes(): readonly string[] {
    const folder = join(this.path, 'nodes');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => NAME.test(name) && existsSync(new NodeFolder(this, name).filePath))
      .sort();
  }

  node(name: string): NodeFolder {
    requireName('the node', name);
    return new NodeFolder(this, name);
  }

  /**
   * Names of the keys that were made with a network of this home, and are of no use without it; none of a network that others made: there
   * keys go on owning what they own.
   */
  ownKeys(): readonly string[] {
    const files = this.nodes().map((name) => this.node(name).read());
    if (files.every(({ authorityKey }) => authorityKey === null)) return [];
    const named = files.flatMap(({ peerKey, authorityKey, agents }) => [
      peerKey,
      ...(authorityKey === null ? [] : [authorityKey]),
      ...agents.map(({ key }) => key),
    ]);
    return named.filter((name) => name.startsWith(`${this.name}.`));
  }

  /** Removes every file of the network. Keys stay in the keystore. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Files of one node: `nodes/NAME` in its network's folder. */
export class NodeFolder {
  readonly network: NetworkFolder;
  readonly name: string;
  readonly path: string;

  constructor(network: NetworkFolder, name: string) {
    this.network = network;
    this.name = name;
    this.path = join(network.path, 'nodes', name);
  }

  get filePath(): string {
    return join(this.path, 'node.json');
  }

  get storePath(): string {
    return join(this.path, 'store.sqlite');
  }

  /** Locked by whoever runs the node, or works on its store. */
  get lockPath(): string {
    return join(this.path, 'node.lock');
  }

  get contentPath(): string {
    return join(this.path, 'content');
  }

  /** The socket of the API, for the owner of the home. */
  get controlPath(): string {
    return join(this.path, 'control.sock');
  }

  /** The token that opens the API over TCP. */
  get tokenPath(): string {
    return join(this.path, 'api-token');
  }

  get logsPath(): string {
    return join(this.path, 'logs');
  }

  read(): NodeFile {
    const file = readNodeFile(this.filePath);
    if (file !== null) return file;
    const known = this.network.nodes();
    const hint = known.length === 0 ? 'Make one with: canswarm up' : `Nodes here: ${known.join(', ')}`;
    throw new HostError('node_missing', `there is no node "${this.name}" in network "${this.network.name}"`, hint);
  }

  write(file: NodeFile): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    writeNodeFile(this.filePath, file);
  }
}
