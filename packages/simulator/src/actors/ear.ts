import { GOSSIP_TOPIC } from '@canswarm/node';
import type { DecisionLog, Transport } from '@canswarm/ports';
import { decodeCbor, isList, type Payload, parsePayload } from '@canswarm/protocol';

/** Envelopes and entries that are remembered. */
const KEPT_MAX = 128;

/** Hears what is said on gossip and appended to the log. Nothing of it is verified: who means harm need not. */
export class Ear {
  readonly envelopes: Uint8Array[] = [];
  readonly entries: Uint8Array[] = [];
  /** Of the envelopes those that report. */
  readonly reports: Uint8Array[] = [];

  /** Gossip, as far as it reaches this endpoint, and all of a log. `onSaid` is called for each envelope of gossip that can be read. */
  constructor(transport: Transport, log: DecisionLog, shard: string, onSaid: (payload: Payload) => void) {
    transport.subscribe(GOSSIP_TOPIC, (message) => {
      for (const envelope of itemsOf(message)) {
        keep(this.envelopes, envelope);
        const [bytes] = itemsOf(envelope);
        const payload = bytes === undefined ? undefined : parsePayload(bytes);
        if (payload?.ok !== true) continue;
        if (payload.value.verb === 'REPORT') keep(this.reports, envelope);
        onSaid(payload.value);
      }
      return 'accept';
    });
    log.follow(shard, 0, (records) => {
      for (const { bytes } of records) keep(this.entries, bytes);
    });
  }
}

function keep(kept: Uint8Array[], bytes: Uint8Array): void {
  kept.push(bytes);
  if (kept.length > KEPT_MAX) kept.shift();
}

/** The byte strings of a list; none where it is none. */
function itemsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const decoded = decodeCbor(bytes);
  return decoded.ok && isList(decoded.value) ? decoded.value.filter((item) => item instanceof Uint8Array) : [];
}
