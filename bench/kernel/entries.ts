import { apply, type State } from '@canswarm/kernel';
import { sodiumCrypto } from '@canswarm/local';
import {
  type Bodies,
  buildPayload,
  type Crypto,
  createMemo,
  type Did,
  didOfKey,
  type LogVerb,
  type NeedId,
  type Payload,
  sealEntry,
  signEnvelope,
  utf8,
  type VerifiedEntry,
  verifyEntry,
} from '@canswarm/protocol';

const sodium = sodiumCrypto();
export const { sha256 } = sodium;

/** Signatures are checked beforehand: here none is, and each is the same, in proper form. */
const unchecked: Crypto = { ...sodium, verify: () => true };
const signature = sodium.sign(new Uint8Array(32), new Uint8Array(0));

/** A did that a key could have; the same for the same number. In one piece, as those that come over the wire are. */
export const didAt = (index: number): Did =>
  Buffer.from(didOfKey(sodium.publicKey(sha256(utf8(`bench ${index}`))))).toString('latin1') as Did;

/** Something to be said by a key. */
export interface Saying<V extends LogVerb> {
  readonly from: Did;
  readonly verb: V;
  readonly body: Bodies[V];
  readonly thread?: NeedId;
}

/** Entries that all have seen the state as it is: as many as a head window holds at most. */
export function entriesFor<V extends LogVerb>(state: State, sayings: readonly Saying<V>[]): readonly VerifiedEntry[] {
  if (sayings.length >= state.params.headWindow) throw new RangeError('a head is stale after its window');
  const memo = createMemo({ envelopeBytes: 1, roots: 1 });
  const head = { incarnation: state.incarnation, position: state.position, digest: state.digest };
  return sayings.map(({ from, verb, body, thread = null }, index) => {
    const payload = buildPayload<V>({
      network: state.network,
      thread,
      verb,
      body,
      lamport: state.position + index + 1,
      time: state.time,
      epoch: state.epoch,
      from,
      head,
    } as never);
    const { bytes } = signEnvelope(payload as Payload, { did: from, sign: () => signature }, sha256);
    const verified = verifyEntry(sealEntry(bytes, null), unchecked, memo);
    if (!verified.ok) throw new Error(`${verb}: ${verified.code} at ${verified.path}`);
    return verified.entry;
  });
}

/** Seconds that the entries take to be applied; all must be accepted. */
export function applied(state: State, entries: readonly VerifiedEntry[]): number {
  const start = performance.now();
  for (const entry of entries) {
    const { outcome } = apply(state, entry, sha256);
    if (!outcome.accepted) throw new Error(`refused: ${outcome.code} ${JSON.stringify(outcome.facts)}`);
  }
  return (performance.now() - start) / 1_000;
}
