import {
  type AgentManifest,
  type ManifestSkill,
  manifestHolds,
  manifestText,
  parseJson,
  readManifest,
  type SignedManifest,
  type SkillOffer,
  signManifest,
} from '@canswarm/agent';
import { freeBalance, identityOf, pointsOf, standingBps, workDomain, workLogSpace } from '@canswarm/kernel';
import type { Node } from '@canswarm/node';
import type { Signer, Transport } from '@canswarm/ports';
import {
  type Cid,
  type Crypto,
  type DagValue,
  type Did,
  decodeCbor,
  encodeCbor,
  fromUtf8,
  isList,
  isMap,
  type Micro,
  ownField,
  parseDid,
  utf8,
} from '@canswarm/protocol';
import { bestOffer } from '../../work/best-offer.ts';
import { WORK_CLASS } from '../../work/prepare-work.ts';
import { PeerRate } from './peer-rate.ts';

/** Protocol by which nodes tell each other which agents are attached to them. Wire format: `spec/10-peers.md`, agents. */
const AGENTS_PROTOCOL = 'can/agents/1';
const AGENTS_MAX = 64;
const ANSWER_BYTES_MAX = 2_097_152;
const PEERS_MAX = 32;
const ASK_MS = 3_000;
/** A peer is served so often. */
const SERVED = { burst: 32, perSecond: 8 };
/** What a peer said is not asked again for so long, ms: whoever looks for agents often stays within what peers serve. */
const FRESH_MS = 250;
const SIGNATURE_BYTES = 64;
const ORG = 'org:';
const BPS = 10_000;

/** An agent that somebody can hire now. */
export interface FoundAgent {
  readonly name: string;
  readonly did: Did;
  /** Its organisation as the log knows it; null: no authority vouches for it. */
  readonly org: string | null;
  readonly description: string | null;
  readonly version: string | null;
  readonly skills: readonly ManifestSkill[];
  /** Micro-credits it has free: a worker locks a bond of them. */
  readonly free: Micro;
  /** Whether that is enough for work at its price. */
  readonly canBond: boolean;
  /** Standing in the class that hired work is of, basis points. */
  readonly standing: number;
}

export interface DirectoryOptions {
  readonly node: Pick<Node, 'state'>;
  readonly transport: Pick<Transport, 'peers' | 'request' | 'serve'>;
  readonly network: Cid;
  readonly crypto: Crypto;
  /** Milliseconds that only go on; default: of this process. */
  readonly nowMs?: () => number;
}

/** What a peer offers, and when it was asked. */
interface Heard {
  readonly atMs: number;
  readonly offers: Promise<readonly SignedManifest[]>;
}

/** The agents attached to this node, told to peers who ask; and those of peers, asked when somebody looks for one. */
export class AgentDirectory {
  readonly #options: DirectoryOptions;
  readonly #nowMs: () => number;
  readonly #own = new Map<string, SignedManifest>();
  /** By peer; of peers that are connected. */
  #heard = new Map<string, Heard>();
  #answer: Uint8Array | null = null;
  readonly #stop: () => void;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    const rate = new PeerRate(SERVED, this.#nowMs);
    this.#stop = options.transport.serve(AGENTS_PROTOCOL, async (_, from) => (rate.take(from) ? this.#told() : null));
  }

  close(): void {
    this.#stop();
  }

  list(manifest: AgentManifest, signer: Signer): void {
    const { network, crypto } = this.#options;
    this.#own.set(manifest.name, signManifest(manifest, signer, network, crypto));
    this.#answer = null;
  }

  unlist(name: string): void {
    this.#own.delete(name);
    this.#answer = null;
  }

  /** Agents here and at connected peers whose name or skills have all words of the query; those who ask least first. */
  async search(query: string): Promise<readonly FoundAgent[]> {
    const words = query.toLowerCase().split(/\s+/u).filter(Boolean);
    const { network, crypto } = this.#options;
    const lists = await this.#offers();
    const found = new Map<Did, FoundAgent>();
    for (const signed of [...this.#own.values(), ...lists.flat()]) {
      if (found.has(signed.did) || !wordsOf(signed.manifest, words)) continue;
      if (manifestHolds(signed, network, crypto)) found.set(signed.did, this.#found(signed));
    }
    return [...found.values()].sort((a, b) => leastPrice(a.skills) - leastPrice(b.skills) || (a.did < b.did ? -1 : 1));
  }

  /** How somebody offers a skill: who can pay its bond before who cannot, then the cheapest. */
  async find(skill: string): Promise<SkillOffer | null> {
    return bestOffer(await this.search(''), skill);
  }

  #found({ manifest, did }: SignedManifest): FoundAgent {
    const { state } = this.#options.node;
    const { name, description, version, skills } = manifest;
    const entity = state.members.get(did)?.entity ?? '';
    const free = freeBalance(state, did);
    const dearest = skills.reduce((most, { price }) => Math.max(most, price ?? 0), 0);
    const funds = Math.ceil((dearest * state.params.bondBps) / BPS) + workLogSpace(state);
    const org = entity.startsWith(ORG) ? entity.slice(ORG.length) : null;
    const points = pointsOf(state, workDomain({ class: WORK_CLASS }), identityOf(state, did));
    const standing = standingBps(state.params, points);
    return { name, did, org, description, version, skills, free, canBond: free >= funds && org !== null, standing };
  }

  /** What peers offer, asked now or a moment ago. */
  #offers(): Promise<readonly (readonly SignedManifest[])[]> {
    const nowMs = this.#nowMs();
    const heard = this.#options.transport
      .peers()
      .slice(0, PEERS_MAX)
      .map((peer): readonly [string, Heard] => {
        const known = this.#heard.get(peer);
        const isFresh = known !== undefined && nowMs - known.atMs < FRESH_MS;
        return [peer, isFresh ? known : { atMs: nowMs, offers: this.#ask(peer) }];
      });
    this.#heard = new Map(heard);
    return Promise.all(heard.map(([, { offers }]) => offers));
  }

  async #ask(peer: string): Promise<readonly SignedManifest[]> {
    const limits = { deadlineMs: ASK_MS, maxBytes: ANSWER_BYTES_MAX };
    const { transport } = this.#options;
    // Who does not answer offers nothing.
    const answer = await transport.request(peer, AGENTS_PROTOCOL, new Uint8Array(), limits).catch(() => null);
    return answer === null ? [] : unpack(answer);
  }

  #told(): Uint8Array {
    this.#answer ??= pack([...this.#own.values()]);
    return this.#answer;
  }
}

/** As many as fit. */
function pack(all: readonly SignedManifest[]): Uint8Array {
  const items: DagValue[] = [];
  let size = 0;
  for (const { manifest, did, signature } of all.slice(0, AGENTS_MAX)) {
    const text = utf8(manifestText(manifest));
    size += text.length + 256;
    if (size > ANSWER_BYTES_MAX) break;
    items.push({ did, manifest: text, signature });
  }
  return encodeCbor(items);
}

function unpack(bytes: Uint8Array): readonly SignedManifest[] {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok || !isList(decoded.value)) return [];
  return decoded.value.slice(0, AGENTS_MAX).flatMap((item) => {
    const read = isMap(item) ? signedOf(item) : null;
    return read === null ? [] : [read];
  });
}

function signedOf(item: Parameters<typeof ownField>[0]): SignedManifest | null {
  const [by, text, signature] = ['did', 'manifest', 'signature'].map((key) => ownField(item, key));
  const did = typeof by === 'string' ? parseDid(by) : undefined;
  const json = text instanceof Uint8Array ? fromUtf8(text) : undefined;
  if (did === undefined || json === undefined) return null;
  if (!(signature instanceof Uint8Array) || signature.length !== SIGNATURE_BYTES) return null;
  const read = readManifest(parseJson(json));
  return read.ok ? { manifest: read.manifest, did, signature } : null;
}

function wordsOf({ name, description, skills }: AgentManifest, words: readonly string[]): boolean {
  const said = [
    name,
    description ?? '',
    ...skills.flatMap((skill) => [skill.id, skill.name ?? '', skill.description, ...skill.tags]),
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => said.includes(word));
}

const leastPrice = (skills: readonly ManifestSkill[]): number =>
  skills.reduce((least, { price }) => Math.min(least, price ?? Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
