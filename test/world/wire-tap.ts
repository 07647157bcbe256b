import { GOSSIP_TOPIC } from '@canswarm/node';
import {
  createMemo,
  decodeCbor,
  isList,
  openEnvelope,
  type Payload,
  splitEntry,
  toHex,
  type VerifiedEnvelope,
} from '@canswarm/protocol';
import type { World } from '@canswarm/simulator';
import { SHARD } from 'canswarm';

/** Hears all that is said, on gossip and on the log, and finds what no honest key ever says. */
export interface WireTap {
  /** Envelopes heard, each once, in the order of arrival. */
  readonly heard: readonly VerifiedEnvelope[];
  /** Two votes of one key on one matter, a preimage or a lamport value signed twice, a lamport value that went back. */
  faults(): readonly string[];
}

/** Puts a tap on the wires of a world; to be called before it starts. */
export function wireTap(world: World): WireTap {
  const { crypto, hub, log } = world;
  const memo = createMemo();
  const heard: VerifiedEnvelope[] = [];
  const ids = new Set<string>();
  const hear = (bytes: Uint8Array): void => {
    const opened = openEnvelope(bytes, crypto, memo);
    if (!opened.ok || ids.has(opened.envelope.id)) return;
    ids.add(opened.envelope.id);
    heard.push(opened.envelope);
  };
  hub.endpoint('tap').subscribe(GOSSIP_TOPIC, (message) => {
    for (const bytes of unpackMessage(message)) hear(bytes);
    return 'accept';
  });
  log.follow(SHARD, 0, (records) => {
    for (const { bytes } of records) {
      const parts = splitEntry(bytes);
      if (parts.ok) hear(parts.envelope);
    }
  });
  return { heard, faults: () => [...saidTwice(heard), ...wentBack(heard)] };
}

/** The envelopes of a gossip message; none when it is no message. */
export function unpackMessage(message: Uint8Array): readonly Uint8Array[] {
  const decoded = decodeCbor(message);
  if (!decoded.ok || !isList(decoded.value)) return [];
  return decoded.value.filter((item) => item instanceof Uint8Array);
}

/** What a key may say once only, as text; null for what it may say again. */
function matterOf(payload: Payload): string | null {
  switch (payload.verb) {
    case 'ATTEST_PLAN': {
      const { need, round, ballot, draw } = payload.body;
      return `plan ${need} ${round} ${ballot} ${draw}`;
    }
    case 'SEAL': {
      const { commit, ballot, draw } = payload.body;
      return `seal ${commit} ${ballot} ${draw}`;
    }
    case 'ATTEST':
    case 'REJECT': {
      const { commit, ballot, draw } = payload.body;
      return `result ${commit} ${ballot} ${draw}`;
    }
    case 'REPORT':
      return payload.body.preimage === null ? null : `preimage ${toHex(payload.body.preimage)}`;
    default:
      return null;
  }
}

function* saidTwice(heard: readonly VerifiedEnvelope[]): Iterable<string> {
  const said = new Map<string, string>();
  for (const { id, payload } of heard) {
    for (const matter of [matterOf(payload), `lamport ${payload.lamport}`]) {
      if (matter === null) continue;
      const key = `${payload.from} ${matter}`;
      const before = said.get(key);
      if (before !== undefined && before !== id) yield `${payload.from} said twice: ${matter}`;
      said.set(key, id);
    }
  }
}

function* wentBack(heard: readonly VerifiedEnvelope[]): Iterable<string> {
  const last = new Map<string, Payload>();
  for (const { payload } of [...heard].sort((a, b) => a.payload.lamport - b.payload.lamport)) {
    const before = last.get(payload.from);
    if (before !== undefined && before.time > payload.time)
      yield `${payload.from} signed ${payload.lamport} at ${payload.time}, after ${before.lamport} at ${before.time}`;
    last.set(payload.from, payload);
  }
}
