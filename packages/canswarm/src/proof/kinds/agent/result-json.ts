import { canonicalJson } from '@canswarm/agent';
import { concat, type Sha256, toHex, utf8 } from '@canswarm/protocol';
import type { ResultFacts } from '../result-kind.ts';
import type { AgentResult, ResultFile } from './agent-result.ts';

/**
 * `result.json` of an agent: its result for programs, as one line of canonical JSON (RFC 8785) and a line feed. Made piece by piece, so
 * that it costs its bytes and not several times as much. The same result, need and digest give the same bytes.
 */
export function agentResultJson(
  { value, files, citations }: Pick<AgentResult, 'value' | 'files' | 'citations'>,
  paths: ReadonlyMap<string, string>,
  { id, digest, need }: ResultFacts,
  sha256: Sha256,
): Uint8Array {
  const cited = citations.map(({ key, citation }) => {
    const { path, document, byteStart, byteEnd, quote } = citation;
    return utf8(canonicalJson({ key, path, document, byteStart, byteEnd, quote }));
  });
  const listed = files.map((file) => utf8(canonicalJson(listedFile(file, paths, sha256))));
  // Keys in their canonical order.
  return concat([
    utf8('{"citations":['),
    ...withCommas(cited),
    utf8(`],"digest":${canonicalJson(digest)},"files":[`),
    ...withCommas(listed),
    utf8(`],"needId":${canonicalJson(id)},"output":`),
    utf8(canonicalJson(value)),
    utf8(`,"skill":${canonicalJson(need.skill)}}\n`),
  ]);
}

/** A file: its name, where it lies beside the proof, and its content by CID (as artifacts name it) and SHA-256. */
const listedFile = ({ name, cid, bytes }: ResultFile, paths: ReadonlyMap<string, string>, sha256: Sha256) => ({
  name,
  path: paths.get(name) ?? '',
  cid,
  size: bytes.length,
  sha256: toHex(sha256(bytes)),
});

const COMMA = utf8(',');

const withCommas = (parts: readonly Uint8Array[]): readonly Uint8Array[] =>
  parts.flatMap((part, index) => (index === 0 ? [part] : [COMMA, part]));
