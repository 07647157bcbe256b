import type { Store, StoreOperation } from '@canswarm/ports';
import {
  type ChallengeBody,
  type ChallengeClaim,
  type ChallengeClass,
  type Cid,
  challengeSeal,
  type Did,
  decodeCbor,
  type Evidence,
  encodeBody,
  encodeCbor,
  encodeEvidence,
  isList,
  type NeedId,
  parseBody,
  type Sha256,
  toHex,
} from '@canswarm/protocol';

/** What one key says against a result or a vote. */
export interface Accusation {
  readonly by: Did;
  readonly need: NeedId;
  readonly subject: Cid;
  readonly class: ChallengeClass;
  readonly claim: ChallengeClaim;
  readonly evidence: Evidence | null;
}

/** A challenge as it is opened. */
export interface Opening {
  readonly body: ChallengeBody;
  /** Encoded. */
  readonly evidence: Uint8Array | null;
}

/** What is sealed. */
export interface SealedOpening {
  readonly seal: Uint8Array;
  /** Where what opens it is kept. */
  readonly key: string;
  /** What must be durable before the seal leaves. */
  readonly kept: readonly StoreOperation[];
}

/** Openings of unsettled needs by what they say: the same is sealed by the same salt, however often. */
const OPENING = 'opening/';

/** Accusations whose seals have not left yet, at most: beyond them the oldest would be sealed anew. */
const LAID_MAX = 1_024;

/**
 * What the seals of this node's keys hide, kept until the need is settled. A seal is worth its bond only to who can open it, so what opens it is
 * durable before it leaves, and a restart loses none.
 */
export class OpeningBook {
  readonly #store: Store;
  readonly #sha256: Sha256;
  /** Store keys by seal, by need. */
  readonly #keys = new Map<NeedId, Map<string, string>>();
  /** Seals that are laid and not kept, by store key: who accuses twice at once lays one seal, not two of which one opens. */
  readonly #laid = new Map<string, SealedOpening>();

  constructor(store: Store, sha256: Sha256) {
    this.#store = store;
    this.#sha256 = sha256;
  }

  /** Takes up what an earlier life of this node kept; forgets needs that are settled. */
  recover(isOpen: (need: NeedId) => boolean): void {
    const settled: StoreOperation[] = [];
    for (const [key, bytes] of this.#store.scan(OPENING)) {
      const need = key.slice(OPENING.length, key.indexOf('/', OPENING.length)) as NeedId;
      const opening = openingOf(bytes);
      if (opening === null || !isOpen(need)) settled.push({ key, value: null });
      else this.#note(need, toHex(opening.body.seal), key);
    }
    if (settled.length > 0) this.#store.batch(settled, { sync: false });
  }

  /** The seal of an accusation; `salt` is used unless the same was sealed before. Nothing is opened until it is kept. */
  seal({ by, need, evidence: shown, ...about }: Accusation, salt: Uint8Array): SealedOpening {
    const evidence = shown === null ? null : encodeEvidence(shown);
    const laid = { challenger: by, ...about, evidence: evidence === null ? null : this.#sha256(evidence) };
    const name = challengeSeal({ ...laid, salt: new Uint8Array(32) }, this.#sha256);
    const key = `${OPENING}${need}/${toHex(name)}`;
    const before = this.#store.get(key);
    const known = before === undefined ? null : openingOf(before);
    if (known !== null) return { seal: known.body.seal, key, kept: [] };
    const laidBefore = this.#laid.get(key);
    if (laidBefore !== undefined) return laidBefore;
    const seal = challengeSeal({ ...laid, salt }, this.#sha256);
    const { subject, class: kind, claim } = about;
    const body: ChallengeBody = { subject, class: kind, seal, opening: { salt, claim } };
    const value = encodeCbor([encodeBody({ verb: 'CHALLENGE', body }), evidence]);
    return this.#lay({ seal, key, kept: [{ key, value }] });
  }

  /** The seal is about to leave, together with what `kept` says being made durable: from now on it is opened when its turn comes. */
  keep(need: NeedId, { seal, key, kept }: SealedOpening): readonly StoreOperation[] {
    this.#note(need, toHex(seal), key);
    this.#laid.delete(key);
    return kept;
  }

  /** Whether this node can open a seal, hex. */
  opens(need: NeedId, seal: string): boolean {
    return this.#keys.get(need)?.has(seal) === true;
  }

  /** What opens a seal, hex; null where this node did not lay it. */
  opening(need: NeedId, seal: string): Opening | null {
    const key = this.#keys.get(need)?.get(seal);
    const bytes = key === undefined ? undefined : this.#store.get(key);
    return bytes === undefined ? null : openingOf(bytes);
  }

  /** Forgets a need that is settled. */
  forget(need: NeedId): void {
    const keys = this.#keys.get(need);
    if (keys === undefined) return;
    this.#keys.delete(need);
    this.#store.batch(
      [...keys.values()].map((key) => ({ key, value: null })),
      { sync: false },
    );
  }

  #lay(sealed: SealedOpening): SealedOpening {
    const [oldest] = this.#laid.keys();
    if (oldest !== undefined && this.#laid.size >= LAID_MAX) this.#laid.delete(oldest);
    this.#laid.set(sealed.key, sealed);
    return sealed;
  }

  #note(need: NeedId, seal: string, key: string): void {
    this.#keys.set(need, (this.#keys.get(need) ?? new Map<string, string>()).set(seal, key));
  }
}

function openingOf(bytes: Uint8Array): Opening | null {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok || !isList(decoded.value)) return null;
  const [kept, evidence] = decoded.value;
  const body = kept instanceof Uint8Array ? parseBody('CHALLENGE', kept) : null;
  if (body?.ok !== true || !(evidence === null || evidence instanceof Uint8Array)) return null;
  return { body: body.value, evidence };
}
