import { decodeCbor } from './cbor/decode.ts';
import { encodeCbor } from './cbor/encode.ts';
import type { DagValue } from './cbor/value.ts';
import { type Codec, Fault, type Parsed, type TypeOf } from './codec/codec.ts';
import { anyValue, list, nullable, record } from './codec/composites.ts';
import { bytes32, did, integer, link, linkAs, literal, nothing, text } from './codec/scalars.ts';
import { ProtocolError, type Refusal } from './codes.ts';
import type { NeedId } from './ids.ts';
import { REFS_MAX } from './limits.ts';
import { proposalKind } from './verbs/bidding.ts';
import { type Bodies, isVerb, type Verb, verbSpec } from './verbs/verbs.ts';

const head = record({ incarnation: integer(), position: integer(), digest: bytes32 });

/** Every field of a payload, the body still unread. */
const frame = record({
  v: literal(1),
  network: link,
  thread: nullable(linkAs<NeedId>()),
  verb: text(32),
  body: anyValue,
  refs: list(link, 0, REFS_MAX),
  lamport: integer(),
  /** sender's clock, ms */
  time: integer(),
  epoch: integer(),
  policy: nothing,
  from: did,
  head,
  /** sha256 of the evidence bytes */
  evidence: nullable(bytes32),
});

type Frame = TypeOf<typeof frame>;

/** A payload of one verb. */
export type PayloadOf<V extends Verb> = Omit<Frame, 'verb' | 'body'> & { readonly verb: V; readonly body: Bodies[V] };

/** What is signed: a union told apart by `verb`. Source: `spec/02-envelopes.md`, payload. */
export type Payload = { [V in Verb]: PayloadOf<V> }[Verb];

function judgeFrame(read: Frame, verb: Verb, body: unknown, fault: Fault): true | undefined {
  const spec = verbSpec(verb);
  if (spec.threaded !== (read.thread !== null)) return fault.fail('thread_mismatch', 'thread');
  if (read.evidence === null && spec.evidence === 'required') return fault.fail('evidence_required', 'evidence');
  if (read.evidence !== null && spec.evidence === 'none') return fault.fail('evidence_not_allowed', 'evidence');
  if (verb === 'PROPOSE' && proposalKind(read.from, body as Bodies['PROPOSE']) === undefined) {
    return fault.fail('proposal_shape', 'body');
  }
  return true;
}

const payloadCodec: Codec<Payload> = {
  parse(value, fault) {
    const read = frame.parse(value, fault);
    if (read === undefined) return undefined;
    const { verb } = read;
    if (!isVerb(verb)) return fault.fail('unknown_verb', 'verb');
    const body = verbSpec(verb).body.parse(read.body, fault);
    if (body === undefined) return fault.within('body');
    // The table pairs each verb with the codec of its body: the pair is a Payload.
    return judgeFrame(read, verb, body, fault) && ({ ...read, verb, body } as Payload);
  },
  encode: (payload) => frame.encode({ ...payload, body: verbSpec(payload.verb).body.encode(payload.body) }),
};

/** Reads payload bytes: canonical, of a known verb, every field as the schema says. */
export function parsePayload(bytes: Uint8Array): Parsed<Payload> {
  const decoded = decodeCbor(bytes);
  return decoded.ok ? parsePayloadValue(decoded.value) : decoded;
}

function parsePayloadValue(value: DagValue): { readonly ok: true; readonly value: Payload } | Refusal {
  const fault = new Fault();
  const payload = payloadCodec.parse(value, fault);
  return payload === undefined ? fault.refusal() : { ok: true, value: payload };
}

/** The bytes that are signed. Throws a ProtocolError for a payload that a peer would refuse: it must never be signed. */
export function encodePayload(payload: Payload): Uint8Array {
  const value = payloadCodec.encode(payload);
  const fault = new Fault();
  if (payloadCodec.parse(value, fault) === undefined) throw new ProtocolError(fault, `payload of ${payload.verb}`);
  return encodeCbor(value);
}

/** Canonical bytes of a payload's body alone, for comparing what two payloads say. */
export function encodeBody({ verb, body }: Pick<Payload, 'verb' | 'body'>): Uint8Array {
  return encodeCbor(verbSpec(verb).body.encode(body));
}

/** A body as a value of the data model. */
export const bodyValue = ({ verb, body }: Pick<Payload, 'verb' | 'body'>): DagValue => verbSpec(verb).body.encode(body);

/** Reads what `encodeBody` made of a payload of this verb. */
export function parseBody<V extends Verb>(verb: V, bytes: Uint8Array): Parsed<Bodies[V]> {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) return decoded;
  const fault = new Fault();
  // The table pairs each verb with the codec of its body.
  const body = verbSpec(verb).body.parse(decoded.value, fault) as Bodies[V] | undefined;
  return body === undefined ? fault.refusal() : { ok: true, value: body };
}

/** What a sender decides of a payload. */
export type Draft<V extends Verb> = Omit<PayloadOf<V>, 'v' | 'policy' | 'refs' | 'evidence'> &
  Partial<Pick<PayloadOf<V>, 'refs' | 'evidence'>>;

/** A payload from what the sender decides; refs default to none, evidence to null. */
export function buildPayload<V extends Verb>(draft: Draft<V>): PayloadOf<V> {
  return { v: 1, policy: null, refs: [], evidence: null, ...draft } as PayloadOf<V>;
}
