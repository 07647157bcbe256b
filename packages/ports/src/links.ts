import type { Block, Cid, DagValue } from '@canswarm/protocol';
import { cidFromBytes, codecOf, decodeCbor, Link } from '@canswarm/protocol';
import { decode as decodePb } from '@ipld/dag-pb';

/**
 * The CIDs a block links to, in the order they stand in it: what "reachable" means to pins, gc and CAR files in every store.
 * A raw block has none. Neither has a block that is not well-formed DAG-CBOR or DAG-PB of this network: no rule can follow
 * a link in it, and a bad block must not stop the sweep of good ones. Links to foreign CIDs are left out.
 */
export function linksOf({ cid, bytes }: Block): readonly Cid[] {
  switch (codecOf(cid)) {
    case 'raw':
      return [];
    case 'dag-pb':
      return pbLinks(bytes);
    case 'dag-cbor': {
      const decoded = decodeCbor(bytes);
      return decoded.ok ? [...cborLinks(decoded.value)] : [];
    }
  }
}

function pbLinks(bytes: Uint8Array): readonly Cid[] {
  try {
    return decodePb(bytes).Links.flatMap(({ Hash }) => {
      const cid = Hash.bytes.length === 36 ? cidFromBytes(Hash.bytes) : undefined;
      return cid === undefined ? [] : [cid];
    });
  } catch {
    return [];
  }
}

/** Depth is bounded by what `decodeCbor` takes. */
function* cborLinks(value: DagValue): Generator<Cid> {
  if (value instanceof Link) {
    yield value.cid;
  } else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    for (const child of Object.values(value)) yield* cborLinks(child);
  }
}
