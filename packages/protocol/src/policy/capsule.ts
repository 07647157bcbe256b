import { decodeCbor } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import type { DagValue } from '../cbor/value.ts';
import { cidOf } from '../cid.ts';
import type { TypeOf } from '../codec/codec.ts';
import { type Codec, checked, parseWith } from '../codec/codec.ts';
import { anyMap, list, nullable, record, refine } from '../codec/composites.ts';
import { bytes64, did, integer, link, literal, text } from '../codec/scalars.ts';
import { type Refusal, refuse } from '../codes.ts';
import type { Crypto, MessageSigner, Sha256 } from '../crypto.ts';
import { fromDagJson, toDagJson } from '../dag-json.ts';
import { keyOfDid } from '../did.ts';
import { inDomain } from '../domains.ts';
import { strictVerify } from '../ed25519.ts';
import type { Cid } from '../ids.ts';
import { BLOCK_BYTES_MAX } from '../limits.ts';

/** The schema of inputs and decisions that this version has. */
export const POLICY_SCHEMA = 1;
const BUILTINS_MAX = 16;
const GAS_MAX = 1_000_000_000;
const MEMORY_BYTES_MIN = 65_536;
const MEMORY_BYTES_MAX = 67_108_864;

const capsuleCodec = refine(
  record({
    v: literal(1),
    /** for people */
    name: text(64),
    /** of inputs and decisions */
    schema: literal(POLICY_SCHEMA),
    /** the compiled policy: a raw block */
    engine: link,
    /** what it was compiled from: see `encodeSource` */
    source: link,
    /** what the policy sees as `data.parameters` */
    parameters: anyMap,
    /** of one evaluation */
    gas: integer(1, GAS_MAX),
    memoryBytes: integer(MEMORY_BYTES_MIN, MEMORY_BYTES_MAX),
    /** functions of the host that it calls, ascending */
    builtins: list(text(64), 0, BUILTINS_MAX),
    /** inputs with what is decided about them: a raw block */
    conformance: link,
  }),
  ({ builtins, parameters }) => {
    if (builtins.some((name, index) => index > 0 && name <= (builtins[index - 1] ?? ''))) {
      return ['not_canonical', 'builtins'];
    }
    return toDagJson(parameters) === undefined ? ['wrong_value', 'parameters'] : undefined;
  },
);

/** A policy with all that its decisions depend on. Its CID names it. Source: `spec/13-policy.md`, capsules. */
export type Capsule = TypeOf<typeof capsuleCodec>;

const signedCodec = record({ capsule: capsuleCodec, author: nullable(did), signature: nullable(bytes64) });

/** A capsule and who answers for it; both null while nobody does. */
export type SignedCapsule = TypeOf<typeof signedCodec>;

/** The capsule's block. Throws a ProtocolError for what `parseCapsule` would refuse. */
export function encodeCapsule(capsule: Capsule): Uint8Array {
  const bytes = encodeCbor(checked(capsuleCodec, capsule, 'capsule'));
  if (bytes.length > BLOCK_BYTES_MAX) throw new RangeError(`a capsule has at most ${BLOCK_BYTES_MAX} bytes`);
  return bytes;
}

export function capsuleCid(capsule: Capsule, sha256: Sha256): Cid {
  return cidOf(encodeCapsule(capsule), 'dag-cbor', sha256);
}

type ParsedCapsule = { readonly ok: true; readonly capsule: Capsule } | Refusal;

/** Reads a capsule's block. */
export function parseCapsule(bytes: Uint8Array): ParsedCapsule {
  if (bytes.length > BLOCK_BYTES_MAX) return refuse('block_too_large');
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) return decoded;
  const parsed = parseWith(capsuleCodec, decoded.value);
  return parsed.ok ? { ok: true, capsule: parsed.value } : parsed;
}

const signedMessage = (capsule: Capsule): Uint8Array => inDomain('capsule', encodeCapsule(capsule));

export function signCapsule(capsule: Capsule, author: MessageSigner): SignedCapsule {
  return { capsule, author: author.did, signature: author.sign(signedMessage(capsule)) };
}

/** Whether its author signed it; false where nobody did. */
export function capsuleHolds({ capsule, author, signature }: SignedCapsule, crypto: Pick<Crypto, 'verify'>): boolean {
  if (author === null || signature === null) return false;
  return strictVerify(crypto, keyOfDid(author), signedMessage(capsule), signature);
}

/** A signed capsule as a file: one line of DAG-JSON. */
export function capsuleToJson(signed: SignedCapsule): string {
  const line = toDagJson(checked(signedCodec as Codec<SignedCapsule>, signed, 'signed capsule'));
  if (line === undefined) throw new Error('what has a codec of its own has a line');
  return line;
}

/** Reads such a line. */
export function capsuleFromJson(line: string): { readonly ok: true; readonly signed: SignedCapsule } | Refusal {
  if (line.length > 4 * BLOCK_BYTES_MAX) return refuse('line_too_large');
  const value: DagValue | undefined = fromDagJson(line);
  if (value === undefined) return refuse('bad_line');
  const parsed = parseWith(signedCodec, value);
  return parsed.ok ? { ok: true, signed: parsed.value } : parsed;
}

/** A file of a policy's source. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** The block that names a policy's source: a dag-cbor list of [name, text], ascending by name. */
export function encodeSource(files: readonly SourceFile[]): Uint8Array {
  const sorted = files.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return encodeCbor(sorted.map(({ name, text: content }) => [name, content]));
}
