import { sodiumCrypto } from '@canswarm/local';
import { cidOf, decodeCbor, isList, isMap, Link, ownField, utf8 } from '@canswarm/protocol';

const { sha256 } = sodiumCrypto();

/**
 * The need that an entry belongs to, as text: its hash says in which bucket of a log the entry lies. A NEED belongs to itself, what follows to the
 * need that its `thread` names; null for entries of no need, and for what is no entry. It follows from the bytes alone, whether they verify or not.
 */
export function entryKey(entry: Uint8Array): Uint8Array | null {
  const parts = decodeCbor(new Uint8Array(entry.buffer, entry.byteOffset, entry.length));
  if (!parts.ok || !isList(parts.value)) return null;
  const [payload] = parts.value;
  if (!(payload instanceof Uint8Array)) return null;
  const read = decodeCbor(payload);
  if (!read.ok || !isMap(read.value)) return null;
  const thread = ownField(read.value, 'thread');
  if (thread instanceof Link) return utf8(thread.cid);
  return ownField(read.value, 'verb') === 'NEED' ? utf8(cidOf(payload, 'dag-cbor', sha256)) : null;
}
