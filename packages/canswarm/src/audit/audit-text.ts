import { fromUtf8, utf8 } from '@canswarm/protocol';
import { AUDIT_LINE_CHARS_MAX, auditLine, type LineFault, readAuditLine } from './audit-line.ts';

/** An entry at its place in the log: position 1 is the first that was applied. */
export interface AuditEntry {
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** What is wrong with an export, and where. `line` counts from 1 and equals the position that was due there. */
export interface AuditFault {
  readonly ok: false;
  readonly code: LineFault;
  readonly line: number;
  readonly position: number;
  readonly detail: string;
}

export type ImportedAudit = { readonly ok: true; readonly entries: readonly AuditEntry[] } | AuditFault;

const LINE_END = 0x0a;
/** A character of our lines takes three bytes of UTF-8 at most (a pair of units takes four). */
const LINE_BYTES_MAX = 3 * AUDIT_LINE_CHARS_MAX;

/**
 * JSON Lines: one line for each applied entry in log order, rejected ones too, each ended by a line break. Throws when
 * positions do not count up from 1: such a list is no log.
 */
export function exportAudit(entries: Iterable<AuditEntry>): string {
  const lines: string[] = [];
  for (const { position, bytes } of entries) {
    if (position !== lines.length + 1) throw new RangeError(`position ${position} where ${lines.length + 1} is due`);
    lines.push(`${auditLine(position, bytes)}\n`);
  }
  return lines.join('');
}

/** The lines of an export as bytes, without their line breaks; `ended` is false for a last line that has none. */
export function* auditLines(bytes: Uint8Array): Generator<{ readonly line: Uint8Array; readonly ended: boolean }> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let start = 0; start < bytes.length; ) {
    const end = view.indexOf(LINE_END, start);
    yield { line: bytes.subarray(start, end === -1 ? bytes.length : end), ended: end !== -1 };
    if (end === -1) return;
    start = end + 1;
  }
}

/** Reads the line that is due at `position`. */
export function importLine(
  line: Uint8Array,
  ended: boolean,
  position: number,
): { ok: true; entry: AuditEntry } | AuditFault {
  const fault = (code: LineFault, detail: string): AuditFault => ({
    ok: false,
    code,
    line: position,
    position,
    detail,
  });
  if (!ended) return fault('no_line_end', 'the file ends within this line');
  if (line.length > LINE_BYTES_MAX) return fault('line_too_large', `${line.length} bytes`);
  const text = fromUtf8(line);
  if (text === undefined) return fault('not_utf8', 'not UTF-8');
  const read = readAuditLine(text, position);
  return read.ok ? { ok: true, entry: { position, bytes: read.bytes } } : fault(read.code, read.detail);
}

/**
 * Reads an export back. Refuses any text that `exportAudit` would not have written for the same entries, byte for byte,
 * and names the first line that differs. Judges no signature and no rule: `replay` does.
 */
export function importAudit(text: string | Uint8Array): ImportedAudit {
  if (typeof text === 'string' && !text.isWellFormed()) {
    return { ok: false, code: 'not_utf8', line: 1, position: 1, detail: 'the text has a lone surrogate' };
  }
  const entries: AuditEntry[] = [];
  for (const { line, ended } of auditLines(typeof text === 'string' ? utf8(text) : text)) {
    const read = importLine(line, ended, entries.length + 1);
    if (!read.ok) return read;
    entries.push(read.entry);
  }
  return { ok: true, entries };
}
