import { toHex } from '@canswarm/protocol';
import type { Brief } from '../brief/read-brief.ts';

/** Where a brief comes from, so that a rendering can name it. */
export interface Origin {
  /** CID of the NEED. */
  readonly needId: string;
  /** Running digest of the decision log when the result was taken, hexadecimal. */
  readonly digest: string;
}

/** `result.json`: the brief for programs. The same brief and origin give the same bytes. */
export function resultJson(brief: Brief, { needId, digest }: Origin): string {
  const statements = brief.statements.map(({ quote, path, document, byteStart, byteEnd, sha256 }) => ({
    quote,
    path,
    documentCid: document,
    byteStart,
    byteEnd,
    sha256: toHex(sha256),
  }));
  return `${JSON.stringify({ question: brief.report.question, statements, needId, digest }, null, 2)}\n`;
}
