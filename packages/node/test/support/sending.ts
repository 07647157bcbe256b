import type { State } from '@canswarm/kernel';
import { sodiumCrypto, systemClock } from '@canswarm/local';
import { memoryMeter, memoryStore } from '@canswarm/memory';
import { Appender } from '../../src/appender.ts';
import { BidMemory } from '../../src/bid-memory.ts';
import { LogGate } from '../../src/log-gate.ts';
import { Outbox, type OutboxOptions } from '../../src/outbox.ts';
import { PolicyGates } from '../../src/policy-gates.ts';

/** An outbox over a state, with a log that takes all, and what the log was given. */
export function sendingOn(
  state: State,
  told: Partial<Pick<OutboxOptions, 'hear' | 'onUnpaid' | 'onDenied' | 'store'>>,
): { readonly outbox: Outbox; readonly appended: readonly Uint8Array[] } {
  const appended: Uint8Array[] = [];
  const clock = systemClock();
  const log = { append: async (_: string, entries: readonly Uint8Array[]) => void appended.push(...entries) };
  const options: Partial<OutboxOptions> = {
    network: state.network,
    state,
    clock,
    crypto: sodiumCrypto(),
    store: memoryStore(),
    transport: { publish: () => undefined } as never,
    appender: new Appender({ shard: 's', clock, log, onAppend: () => undefined }),
    gate: new LogGate({ clock, waitMs: 1, log: () => ({ lost: false, since: 0, why: null }) }),
    gatherMs: 0,
    hear: () => undefined,
    gates: new PolicyGates(memoryMeter(), new BidMemory()),
    ...told,
  };
  return { outbox: new Outbox(options as OutboxOptions), appended };
}
