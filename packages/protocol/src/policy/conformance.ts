import { concat, utf8 } from '../bytes.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { Link } from '../cbor/value.ts';
import { type Block, cidOf } from '../cid.ts';
import type { Sha256 } from '../crypto.ts';
import { inDomain } from '../domains.ts';
import type { Cid, Did } from '../ids.ts';
import { LEAF_BYTES, POLICY_ENGINE_BYTES_MAX } from '../limits.ts';
import type { ConformBody } from '../verbs/diverge.ts';
import { type PolicyDecision, policyDigest, readVerdict } from './decision.ts';

/** Most cases of a vector that a member answers for. */
const CASES_MAX = 1024;
/** How deep its JSON may be nested: as no stack decides, nor who reads it. */
const NESTING_MAX = 64;

/** An input of a conformance vector, as engines get it, and what the policy's author was answered. */
export interface VectorCase {
  readonly name: string;
  readonly input: Uint8Array;
  readonly decision: PolicyDecision;
}

/** Reads a conformance vector; null for what is none. Source: `spec/13-policy.md`, capsules. */
export function parseVector(bytes: Uint8Array): readonly VectorCase[] | null {
  if (!isShallow(bytes)) return null;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
  const list = fieldOf(json, 'cases');
  if (!Array.isArray(list) || list.length > CASES_MAX) return null;
  const cases = list.map(readCase);
  return cases.every((one) => one !== null) ? cases : null;
}

/** Whether brackets outside of text are nested no deeper than that; of what is no JSON whatever it says. */
function isShallow(bytes: Uint8Array): boolean {
  const [quote, backslash] = ['"', '\\'].map((text) => text.charCodeAt(0));
  const [opening, closing] = ['[{', ']}'].map((text) => new Set([...text].map((one) => one.charCodeAt(0))));
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (inText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (opening?.has(byte)) depth += 1;
    else if (closing?.has(byte)) depth -= 1;
    if (depth > NESTING_MAX) return false;
  }
  return true;
}

function readCase(json: unknown): VectorCase | null {
  const name = fieldOf(json, 'name');
  const input = fieldOf(json, 'input');
  const { gasUsed, ...said } = (fieldOf(json, 'decision') ?? {}) as { readonly gasUsed?: unknown };
  const verdict = readVerdict(said);
  if (typeof name !== 'string' || input === undefined || verdict === undefined) return null;
  if (typeof gasUsed !== 'number' || !Number.isSafeInteger(gasUsed) || gasUsed < 0) return null;
  return { name, input: utf8(JSON.stringify(input)), decision: { ...verdict, gasUsed } };
}

const fieldOf = (json: unknown, name: string): unknown =>
  typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined;

/** Who decided what about the inputs of a vector, in its order. */
export interface Conformed {
  readonly did: Did;
  /** Null: of a network without a policy, whose vector is empty. */
  readonly capsule: Cid | null;
  readonly decisions: readonly Pick<VectorCase, 'input' | 'decision'>[];
}

/** What a CONFORM says: the hash (32 bytes) over whose it is, the capsule, and the digest of each evaluation. */
export function conformDigest({ did, capsule, decisions }: Conformed, sha256: Sha256): Uint8Array {
  const digests =
    capsule === null ? [] : decisions.map(({ input, decision }) => policyDigest(sha256, capsule, input, decision));
  return sha256(inDomain('conform', encodeCbor([did, capsule === null ? null : new Link(capsule), digests])));
}

/** Takes a vector apart for an entry; null for one that is larger than an entry's evidence holds, so that nobody can answer for it. */
export function vectorPieces(
  vector: Uint8Array,
  sha256: Sha256,
): { readonly pieces: readonly Cid[]; readonly blocks: readonly Block[] } | null {
  if (vector.length > POLICY_ENGINE_BYTES_MAX) return null;
  const blocks = new Map<Cid, Uint8Array>();
  const pieces: Cid[] = [];
  for (let start = 0; start < vector.length; start += LEAF_BYTES) {
    const bytes = vector.slice(start, start + LEAF_BYTES);
    const piece = cidOf(bytes, 'raw', sha256);
    blocks.set(piece, bytes);
    pieces.push(piece);
  }
  return { pieces, blocks: [...blocks].map(([cid, bytes]) => ({ cid, bytes })) };
}

/** Puts the vector of this name together from the blocks that an entry brought; null where one lacks, or they are not it. */
export function vectorOfPieces(
  { pieces }: Pick<ConformBody, 'pieces'>,
  blocks: ReadonlyMap<Cid, Uint8Array>,
  name: Cid,
  sha256: Sha256,
): readonly VectorCase[] | null {
  const parts = pieces.map((piece) => blocks.get(piece));
  if (!parts.every((part) => part !== undefined)) return null;
  const vector = concat(parts);
  return cidOf(vector, 'raw', sha256) === name ? parseVector(vector) : null;
}
