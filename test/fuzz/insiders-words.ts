import { packMessage } from '@canswarm/node';
import { type DagMap, type DagValue, encodeCbor, isMap } from '@canswarm/protocol';
import type { Corpus } from './corpus.ts';
import { entryPartsOf, type Forge, fieldsOf, partsOf } from './forge.ts';

const EDGES = [0, 1, 2, 3, 999, 2 ** 31, 2 ** 45, Number.MAX_SAFE_INTEGER] as const;

/** One number, text or flag somewhere in a value is another. */
function edged(forge: Forge, value: DagValue): DagValue {
  if (typeof value === 'number') return forge.pick(EDGES);
  if (typeof value === 'string') return forge.pick(['', 'main', 'x'.repeat(200), value]);
  if (typeof value === 'boolean') return !value;
  if (value instanceof Uint8Array) return forge.bytes(value.length);
  if (isMap(value)) return edgedMap(forge, value);
  if (Array.isArray(value)) {
    const items: DagValue[] = [...value];
    const at = forge.below(Math.max(1, items.length));
    const item = items[at];
    if (item !== undefined) items[at] = edged(forge, item);
    return items;
  }
  return value;
}

function edgedMap(forge: Forge, map: DagMap): DagMap {
  const keys = Object.keys(map);
  if (keys.length === 0) return map;
  const key = forge.pick(keys);
  return { ...map, [key]: edged(forge, map[key] ?? null) };
}

/** A payload of a member with one value of its body at an edge, properly signed by the member. */
function raving(forge: Forge, fields: DagMap): DagMap {
  const body = fields['body'] ?? null;
  return { body: isMap(body) ? edgedMap(forge, body) : body, lamport: forge.below(2 ** 47) };
}

/** A gossip message of a member that has lost its mind. */
export function insidersWord(forge: Forge, { envelopes, signerOf }: Corpus): Uint8Array {
  const fields = fieldsOf(partsOf(forge.pick(envelopes)).payload);
  return packMessage([forge.resign(fields, raving(forge, fields), signerOf(fields['from'] ?? null))]);
}

/** A log entry of such a member, with the evidence it once had or with other evidence. */
export function insidersEntry(forge: Forge, { entries, envelopes, signerOf }: Corpus): Uint8Array {
  const { payload, evidence } = entryPartsOf(forge.pick(entries));
  const fields = fieldsOf(payload);
  const picked = encodeCbor([[forge.pick(envelopes)], []]);
  const shown = evidence === null || forge.below(3) > 0 ? evidence : picked;
  return forge.resignEntry(fields, raving(forge, fields), shown, signerOf(fields['from'] ?? null));
}
