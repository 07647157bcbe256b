import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, httpTransport } from '@canswarm/api';
import { sodiumCrypto } from '@canswarm/local';
import { createLogger, type Home, openHome } from '../../src/home/index.ts';
import { type ApiLimits, type ServedApi, serveApi } from '../../src/host/api/serve-api.ts';
import { apiToken } from '../../src/host/api/token.ts';
import { foundNetwork } from '../../src/host/found-network.ts';
import { freePort } from '../../src/host/free-port.ts';
import { homeKeyRing, type KeyRing } from '../../src/host/key-ring.ts';
import { NetworkFolder, type NodeFolder } from '../../src/host/network-folder.ts';
import { NodeClient } from '../../src/host/node-client.ts';
import { BRIEF_SKILL, type Host, startHost } from '../../src/host/run-host.ts';

/** Documents that a brief is made of. */
const DOCS = join(import.meta.dirname, '../../../../docs');
export const BRIEF = {
  folder: DOCS,
  question: 'How do I report a security vulnerability?',
  maxStatements: 3,
  priceCap: 2_000_000,
  seatFee: 100_000,
};

export interface RunOptions {
  readonly limits?: Partial<ApiLimits>;
  readonly settings?: Readonly<Record<string, string>>;
}

/** A network of one node that runs in this process, with both doors of its API open. */
export class Running {
  readonly folder: NodeFolder;
  /** What the node logged as errors. */
  readonly defects: string[] = [];
  readonly #root: string;
  readonly #home: Home;
  #keys: KeyRing | null = null;
  #host: Host | null = null;
  #api: ServedApi | null = null;
  #stopped = 0;

  private constructor(root: string, home: Home, folder: NodeFolder) {
    this.#root = root;
    this.#home = home;
    this.folder = folder;
  }

  static async found(): Promise<Running> {
    const root = mkdtempSync(join(tmpdir(), 'can-api-'));
    const home = openHome({ path: join(root, 'home'), env: {} });
    const network = new NetworkFolder(home.path, 'local');
    const keys = homeKeyRing(home, async () => 'machine');
    try {
      const made = { folder: network, org: null, nodes: 1, skill: BRIEF_SKILL, keys, crypto: sodiumCrypto() };
      const [name = ''] = await foundNetwork({ ...made, now: Date.now() });
      return new Running(root, home, network.node(name));
    } finally {
      keys.close();
    }
  }

  async start({ limits = {}, settings = {} }: RunOptions = {}): Promise<this> {
    const flags = { 'api.port': String(await freePort(new Set())), ...settings };
    const { values } = openHome({ path: this.#home.path, env: {}, flags }).config;
    const sink = { write: (line: string) => this.defects.push(line) > 0, close: () => undefined };
    const logger = createLogger({ level: 'error', format: 'text', sink });
    this.#keys = homeKeyRing(this.#home, async () => 'machine');
    const { folder } = this;
    const onFailure = (error: unknown): void => void this.defects.push(String(error));
    this.#host = await startHost({ folder, keys: this.#keys, settings: values, logger, onFailure });
    const onStop = (): void => {
      this.#stopped += 1;
    };
    this.#api = await serveApi({ parts: this.#host, settings: values, logger, onStop, limits, checksAnswers: true });
    return this;
  }

  get host(): Host {
    if (this.#host === null) throw new Error('the node does not run');
    return this.#host;
  }

  /** How often it was asked to end. */
  get stops(): number {
    return this.#stopped;
  }

  /** Where it is reached over TCP. */
  get address(): string {
    if (this.#api === null || this.#api.address === null) throw new Error('the API is not open');
    return this.#api.address;
  }

  get token(): string {
    return apiToken(this.folder.tokenPath);
  }

  /** Over the socket. */
  client(): NodeClient {
    return new NodeClient(this.folder);
  }

  /** Over TCP. */
  far(token = this.token): ApiClient {
    return new ApiClient(httpTransport({ baseUrl: this.address, token }));
  }

  async stop(): Promise<void> {
    await this.#api?.close();
    await this.#host?.stop();
    this.#keys?.close();
    this.#api = null;
    this.#host = null;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#root, { recursive: true, force: true });
  }
}
