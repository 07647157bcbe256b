import { decodeCbor, encodeCbor, entryToJson, fromUtf8, isList, sealEntry, splitEntry, utf8 } from '@canswarm/protocol';
import { readAuditLine } from '../../../src/audit/audit-line.ts';
import { proofFault } from '../../../src/proof/proof-fault.ts';
import { type JudgedLine, type Line, ProofMemo, type ReadLine } from '../../../src/proof/proof-memo.ts';

const HEAD = '{"envelope":';
const TAIL = ',"evidence":null}';

/** Where an envelope stands in a line, as bytes [start, end). Part 0 is the entry's own, the others are its evidence. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly index: number;
}

interface Known {
  readonly line: Uint8Array;
  readonly entry: Uint8Array;
  parts: readonly Part[] | null;
}

/**
 * A memo for many variants of one proof. A line shows envelopes one after another, each spelled whatever stands around it.
 * So a line that differs from a known one within a single envelope is read by reading that envelope alone: it is canonical
 * if and only if the envelope is. When the changed piece is no JSON value by itself the line is read whole.
 */
export class LineMemo extends ProofMemo {
  readonly #known = new Map<number, Known>();

  override line(place: Line, read: () => ReadLine, judge: (bytes: Uint8Array) => JudgedLine): JudgedLine {
    const known = this.#known.get(place.position);
    const judged = super.line(place, () => (known === undefined ? undefined : readNear(known, place)) ?? read(), judge);
    if (known === undefined && judged.ok && place.ended) {
      this.#known.set(place.position, { line: place.line.slice(), entry: judged.entry.bytes, parts: null });
    }
    return judged;
  }
}

/** Reads a line that differs from a known one within one envelope; undefined when it has to be read whole. */
function readNear(known: Known, { position, line, ended }: Line): ReadLine | undefined {
  if (!ended || line.length !== known.line.length) return undefined;
  known.parts ??= partsOf(known);
  const first = firstDifference(known.line, line);
  const last = lastDifference(known.line, line);
  const part = known.parts.find(({ start, end }) => start <= first && last < end);
  const text = part === undefined ? undefined : fromUtf8(line.subarray(part.start, part.end));
  if (part === undefined || text === undefined || !isJson(text)) return undefined;
  const read = readAuditLine(`{"position":1,"entry":${HEAD}${text}${TAIL}}`, 1);
  // Not canonical as an envelope: then the line is not canonical either, for the same reason.
  if (!read.ok) return proofFault('audit', read.code, read.detail, { line: position, position });
  const alone = splitEntry(read.bytes);
  return alone.ok ? { ok: true, bytes: withPart(known.entry, part.index, alone.envelope) } : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Finds each envelope in the line: evidence ends it, the envelopes are the last field of evidence. */
function partsOf({ line, entry }: Known): readonly Part[] {
  const split = splitEntry(entry);
  const text = fromUtf8(line) ?? '';
  if (!split.ok) return [];
  const own = textOf(split.envelope);
  const start = utf8(text.slice(0, text.indexOf(HEAD) + HEAD.length)).length;
  const parts: Part[] = [{ start, end: start + own.length, index: 0 }];
  const texts = evidenceEnvelopes(split.evidence).map(textOf);
  let end = line.length - ']}}}'.length;
  for (const [at, shown] of [...texts.entries()].reverse()) {
    parts.push({ start: end - shown.length, end, index: at + 1 });
    end -= shown.length + 1;
  }
  const spelled = [own, ...texts];
  const sound = parts.every(
    (part) => Buffer.compare(line.subarray(part.start, part.end), spelled[part.index] ?? utf8('')) === 0,
  );
  if (!sound) throw new Error('envelopes stand where they do not');
  return parts;
}

/** How a line shows an envelope. */
const textOf = (envelope: Uint8Array): Uint8Array =>
  utf8(entryToJson(sealEntry(envelope, null)).slice(HEAD.length, -TAIL.length));

function evidenceEnvelopes(evidence: Uint8Array | null): readonly Uint8Array[] {
  const decoded = evidence === null ? undefined : decodeCbor(evidence);
  const envelopes = decoded?.ok === true && isList(decoded.value) ? decoded.value[0] : undefined;
  return isList(envelopes) ? envelopes.filter((one) => one instanceof Uint8Array) : [];
}

/** The entry with one of its envelopes replaced. */
function withPart(entry: Uint8Array, index: number, envelope: Uint8Array): Uint8Array {
  const split = splitEntry(entry);
  if (!split.ok) throw new Error('a known entry can be split');
  if (index === 0) return sealEntry(envelope, split.evidence);
  const decoded = split.evidence === null ? undefined : decodeCbor(split.evidence);
  const parts = decoded?.ok === true && isList(decoded.value) ? decoded.value : [];
  const envelopes = evidenceEnvelopes(split.evidence).with(index - 1, envelope);
  return sealEntry(split.envelope, encodeCbor([envelopes, parts[1] ?? []]));
}

function firstDifference(left: Uint8Array, right: Uint8Array): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  return at;
}

function lastDifference(left: Uint8Array, right: Uint8Array): number {
  let at = left.length - 1;
  while (at >= 0 && left[at] === right[at]) at -= 1;
  return at;
}
