export { type Acceptance, encodeAcceptance, parseAcceptance, schemaFor } from './artifacts/acceptance.ts';
export {
  type Citation,
  type CitationFault,
  type CitationVerdict,
  checkCitation,
  parseCitation,
} from './artifacts/citation.ts';
export { type BuiltFile, buildFile, type FileRef, leavesOf, readRange } from './artifacts/file.ts';
export type { Absent, BlockSource, Malformed, Missing, Unfound } from './artifacts/found.ts';
export { checkSchema, parseSchema, type Schema, type SchemaVerdict } from './artifacts/schema.ts';
export { type BuiltRecord, buildRecord, buildTree } from './artifacts/tree-build.ts';
export type { TreeEntry } from './artifacts/tree-node.ts';
export { type FoundLeaf, leafAt, listTree, lookup } from './artifacts/tree-read.ts';
export { FETCHES_MAX, type WithBlocks, withBlocks } from './artifacts/with-blocks.ts';
export { BoundedCache } from './bounded-cache.ts';
export {
  compareBytes,
  compareText,
  concat,
  equalBytes,
  fromHex,
  fromUtf8,
  toHex,
  u32be,
  utf8,
  utf8Length,
} from './bytes.ts';
export { decodeCbor } from './cbor/decode.ts';
export { encodeCbor } from './cbor/encode.ts';
export { type DagMap, type DagValue, isList, isMap, Link, linkOf, ownField } from './cbor/value.ts';
export {
  type Block,
  type CidCodec,
  cidFromBytes,
  cidOf,
  cidOfDigest,
  cidToBytes,
  codecOf,
  digestOf,
  parseCid,
} from './cid.ts';
export { type ProtocolCode, ProtocolError, type Refusal } from './codes.ts';
export type { Crypto, MessageSigner, Sha256 } from './crypto.ts';
export { didOfKey, keyOfDid, parseDid } from './did.ts';
export { isCanonicalPoint, strictVerify } from './ed25519.ts';
export {
  type ArtifactRef,
  asCommitId,
  asEnvelopeId,
  asNeedId,
  type Cid,
  type CommitId,
  type Did,
  type EnvelopeId,
  type Fence,
  type Head,
  type Micro,
  type NeedId,
  type Position,
  sameFence,
} from './ids.ts';
export * from './limits.ts';
