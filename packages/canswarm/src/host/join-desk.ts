import type { Node } from '@canswarm/node';
import type { Signer, Store, Transport } from '@canswarm/ports';
import {
  type CredentialClaims,
  type Crypto,
  type DagValue,
  type Did,
  decodeCbor,
  encodeCbor,
  encodeGenesis,
  type Genesis,
  genesisCid,
  isList,
  isMap,
  ownField,
  parseDid,
  signCredential,
  toHex,
} from '@canswarm/protocol';
import { ENDOWMENT } from './cast-local.ts';
import { type Vouch, vouchHolds } from './vouch.ts';

/** Protocols of the node that holds the authority's key. Source: `spec/10-peers.md`, joining. */
export const GENESIS_PROTOCOL = 'can/genesis/1';
export const JOIN_PROTOCOL = 'can/join/1';

/** Keys of one request. */
const KEYS_MAX = 4;
/** Keys of one organisation that this desk gives credentials to. */
const KEYS_OF_ORG_MAX = 64;
const ORG_PREFIX = 'org:';
const SIGNATURE_BYTES = 64;
const INVITATION = 'invitation/';
const VOUCHED = 'vouched/';
/** How long an invitation is good, ms. */
const GOOD_MS = 7 * 24 * 3_600_000;
const INVITATIONS_MAX = 1_000;
const PRIVATE_ASN = 64_512;
const REGIONS = ['eu', 'us', 'ap', 'sa'] as const;

export interface JoinDeskOptions {
  readonly genesis: Genesis;
  readonly authority: Signer;
  readonly node: Node;
  readonly store: Store;
  readonly transport: Transport;
  readonly crypto: Crypto;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  readonly onJoin: (org: string, keys: readonly Did[]) => void;
}

/**
 * The desk of the network's authority: makes invitations, and gives whoever shows one a credential for its organisation and
 * credits to begin with. A token is good once and for one organisation; asked again with the same keys it answers the same.
 */
export class JoinDesk {
  readonly #options: JoinDeskOptions;

  constructor(options: JoinDeskOptions) {
    this.#options = options;
    const { transport, genesis } = options;
    const bytes = encodeGenesis(genesis);
    transport.serve(GENESIS_PROTOCOL, async () => bytes);
    transport.serve(JOIN_PROTOCOL, (request) => this.admit(request));
  }

  /** A new token. */
  invite(): Uint8Array {
    const { store, random, now } = this.#options;
    const token = random(16);
    this.#sweep();
    store.batch([{ key: this.#keyOf(token), value: encodeCbor({ until: now() + GOOD_MS, used: null }) }], {
      sync: true,
    });
    return token;
  }

  #keyOf(token: Uint8Array): string {
    return `${INVITATION}${toHex(this.#options.crypto.sha256(token))}`;
  }

  #sweep(): void {
    const { store, now } = this.#options;
    const all = [...store.scan(INVITATION)];
    const stale = all.filter(
      ([, value], index) => (read(value)?.until ?? 0) < now() || index < all.length - INVITATIONS_MAX,
    );
    if (stale.length > 0)
      store.batch(
        stale.map(([key]) => ({ key, value: null })),
        { sync: false },
      );
  }

  /** Answers a request of `can/join/1`. */
  async admit(request: Uint8Array): Promise<Uint8Array> {
    const asked = readAsked(request);
    if (asked === null) return refusal('malformed', 'the request is malformed');
    return 'token' in asked ? this.#admitGuest(asked) : this.#admitMore(asked);
  }

  /** Credentials for more keys of an organisation that is a member. They bring their own money. */
  #admitMore({ vouch, dids }: Vouched): Uint8Array {
    const { node, crypto, genesis } = this.#options;
    const network = genesisCid(genesis, crypto.sha256);
    const { members } = node.state;
    const voucher = members.get(vouch.by);
    if (voucher === undefined || !voucher.entity.startsWith(ORG_PREFIX) || !vouchHolds(vouch, network, dids, crypto))
      return refusal('unknown', 'no member of the network vouches for these keys');
    const org = voucher.entity.slice(ORG_PREFIX.length);
    const own = [...members.values()].filter(({ entity }) => entity === voucher.entity).map(({ did }) => did);
    const known = new Set<string>([...own, ...this.#vouchedOf(org)]);
    const fresh = [...new Set(dids)].filter((did) => !known.has(did));
    if (known.size + fresh.length > KEYS_OF_ORG_MAX)
      return refusal('org_full', `an organisation has at most ${KEYS_OF_ORG_MAX} keys here`);
    if (fresh.length > 0) {
      const value = encodeCbor(true);
      // Written before anything is said: a credential counts whether its key joins or not.
      this.#options.store.batch(
        fresh.map((did) => ({ key: `${VOUCHED}${org}/${did}`, value })),
        { sync: true },
      );
      this.#options.onJoin(org, fresh);
    }
    return this.#credentials({ org, asn: voucher.asn, region: voucher.region }, dids);
  }

  /** Keys that were given a credential because a member vouched for them. */
  #vouchedOf(org: string): readonly string[] {
    const prefix = `${VOUCHED}${org}/`;
    return [...this.#options.store.scan(prefix)].map(([key]) => key.slice(prefix.length));
  }

  #credentials(claims: CredentialClaims, dids: readonly Did[]): Uint8Array {
    const { authority, crypto, genesis } = this.#options;
    const network = genesisCid(genesis, crypto.sha256);
    return encodeCbor({ credentials: dids.map((did) => ({ ...signCredential(claims, did, network, authority) })) });
  }

  async #admitGuest({ token, org, dids }: Guest): Promise<Uint8Array> {
    const { store, now, node, crypto } = this.#options;
    const key = this.#keyOf(token);
    const kept = read(store.get(key));
    if (kept === null || kept.until < now()) return refusal('unknown', 'the invitation is unknown, used up or too old');
    const wanted = `${org} ${dids.join(' ')}`;
    if (kept.used !== null && kept.used !== wanted) return refusal('used', 'the invitation was used already');
    const taken = [...node.state.members.values()].some(
      ({ entity, did }) => entity === `org:${org}` && !dids.includes(did),
    );
    if (taken || this.#isPromised(org, wanted))
      return refusal('org_taken', `there is an organisation "${org}" in this network already`);
    if (kept.used === null) {
      // Written before anything is said: a crash in between lets the same keys ask again, and nobody else.
      store.batch([{ key, value: encodeCbor({ until: kept.until, used: wanted }) }], { sync: true });
      this.#options.onJoin(org, dids);
    }
    for (const did of dids) await this.#endow(did);
    return this.#credentials({ org, ...placeOf(org, crypto) }, dids);
  }

  /** Whether an invitation was used for an organisation with other keys: they have credentials, though none may have joined yet. */
  #isPromised(org: string, wanted: string): boolean {
    return [...this.#options.store.scan(INVITATION)].some(([, value]) => {
      const used = read(value)?.used ?? null;
      return used !== null && used !== wanted && used.startsWith(`${org} `);
    });
  }

  /** Once a key: an account that exists was endowed, or needs nothing. */
  async #endow(did: Did): Promise<void> {
    const { node, authority } = this.#options;
    if (node.state.accounts.has(`free/${did}`)) return;
    await node.command(authority.did, { verb: 'MINT', body: { to: did, amount: ENDOWMENT, create: true } });
  }
}

interface Kept {
  readonly until: number;
  readonly used: string | null;
}

function read(bytes: Uint8Array | undefined): Kept | null {
  const decoded = bytes === undefined ? null : decodeCbor(bytes);
  if (decoded?.ok !== true || !isMap(decoded.value)) return null;
  const until = ownField(decoded.value, 'until');
  const used = ownField(decoded.value, 'used');
  return typeof until === 'number' && (used === null || typeof used === 'string') ? { until, used } : null;
}

const ORG = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** Who shows an invitation for keys of a new organisation. */
interface Guest {
  readonly token: Uint8Array;
  readonly org: string;
  readonly dids: readonly Did[];
}

/** Who vouches for more keys of its own organisation. */
interface Vouched {
  readonly vouch: Vouch;
  readonly dids: readonly Did[];
}

function readAsked(bytes: Uint8Array): Guest | Vouched | null {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok || !isMap(decoded.value)) return null;
  const { value } = decoded;
  const [token, org, by, signature] = ['token', 'org', 'by', 'signature'].map((key) => ownField(value, key));
  const dids = readDids(ownField(value, 'dids'));
  if (dids === null) return null;
  const voucher = typeof by === 'string' ? parseDid(by) : undefined;
  if (voucher !== undefined && signature instanceof Uint8Array && signature.length === SIGNATURE_BYTES)
    return { vouch: { by: voucher, signature }, dids };
  if (!(token instanceof Uint8Array) || token.length !== 16 || typeof org !== 'string' || !ORG.test(org)) return null;
  return { token, org, dids };
}

function readDids(listed: DagValue | undefined): readonly Did[] | null {
  if (!isList(listed) || listed.length < 1 || listed.length > KEYS_MAX) return null;
  const dids: Did[] = [];
  for (const item of listed) {
    const did = typeof item === 'string' ? parseDid(item) : undefined;
    if (did === undefined) return null;
    dids.push(did);
  }
  return dids;
}

const refusal = (code: string, message: string): Uint8Array => encodeCbor({ refused: code, message });

/** Where an organisation of a local network stands; nobody can check it there, so it follows from its name. */
function placeOf(org: string, { sha256 }: Crypto): { readonly asn: number; readonly region: string } {
  const [first = 0, second = 0] = sha256(new TextEncoder().encode(org));
  return { asn: PRIVATE_ASN + 300 + (((first << 8) | second) % 700), region: REGIONS[first % REGIONS.length] ?? 'eu' };
}
