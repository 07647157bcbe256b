import { entryFromJson, entryToJson, LINE_CHARS_MAX, type ProtocolCode } from '@canswarm/protocol';

/** Why a line of an audit export is refused. A `ProtocolCode` says what is wrong with the entry that the line shows. */
export type LineFault = 'not_utf8' | 'no_line_end' | 'no_audit_line' | 'position_other' | ProtocolCode;

export type ReadLine =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly code: LineFault; readonly detail: string };

/** Longest line that is read, in characters: the longest entry line and what stands around it. */
export const AUDIT_LINE_CHARS_MAX = LINE_CHARS_MAX + 64;

const opening = (position: number): string => `{"position":${position},"entry":`;
const CLOSING = '}';
const ANY_OPENING = /^\{"position":(0|[1-9][0-9]{0,15}),"entry":/;

/** The one line, without its line break, that shows an applied entry. Source: `spec/11-audit.md`, lines. */
export function auditLine(position: number, bytes: Uint8Array): string {
  return `${opening(position)}${entryToJson(bytes)}${CLOSING}`;
}

/** The entry's bytes of the line due at `position`; any line but the one that `auditLine` writes is refused. */
export function readAuditLine(line: string, position: number): ReadLine {
  const head = opening(position);
  if (line.length > AUDIT_LINE_CHARS_MAX) return refused('line_too_large', `${line.length} characters`);
  if (!line.startsWith(head) || !line.endsWith(CLOSING)) {
    const said = ANY_OPENING.exec(line)?.[1];
    if (said === undefined || said === String(position))
      return refused('no_audit_line', `expected ${head}...${CLOSING}`);
    return refused('position_other', `it says position ${said}, position ${position} is due`);
  }
  const read = entryFromJson(line.slice(head.length, -CLOSING.length));
  return read.ok ? read : refused(read.code, 'not the line that an export would write for any entry');
}

const refused = (code: LineFault, detail: string): ReadLine => ({ ok: false, code, detail });
