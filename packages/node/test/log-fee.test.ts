import { createState, type State } from '@canswarm/kernel';
import { sodiumCrypto, softwareSigner, systemClock } from '@canswarm/local';
import { memoryMeter, memoryStore } from '@canswarm/memory';
import { type Genesis, genesisCid, presetParams } from '@canswarm/protocol';
import { expect, test } from 'vitest';
import { Appender } from '../src/appender.ts';
import { BidMemory } from '../src/bid-memory.ts';
import { LogFeeError } from '../src/log-fee-error.ts';
import { LogGate } from '../src/log-gate.ts';
import { Outbox, type OutboxOptions } from '../src/outbox.ts';
import { PolicyGates } from '../src/policy-gates.ts';

const crypto = sodiumCrypto();
const [rich, poor] = [1, 2].map((byte) => softwareSigner(new Uint8Array(32).fill(byte)));
if (rich === undefined || poor === undefined) throw new Error('there are two keys');
const genesis: Genesis = {
  v: 1,
  kind: 'genesis',
  name: 'paid',
  time: 1_800_000_000_000,
  incarnation: 1,
  rulesVersion: 1,
  epoch: 1,
  authority: rich.did,
  supplyCap: 1_000_000_000,
  params: presetParams('dev'),
  accounts: [
    { did: rich.did, free: 1_000_000, stake: 0 },
    { did: poor.did, free: 50, stake: 0 },
  ],
  members: [],
  arbiters: [],
};

function outboxOn(state: State) {
  const appended: Uint8Array[] = [];
  const unpaid: LogFeeError[] = [];
  const clock = systemClock();
  const log = { append: async (_: string, entries: readonly Uint8Array[]) => void appended.push(...entries) };
  const options: Partial<OutboxOptions> = {
    network: genesisCid(genesis, crypto.sha256),
    state,
    clock,
    crypto,
    store: memoryStore(),
    transport: { publish: () => undefined } as never,
    appender: new Appender({ shard: 's', clock, log, onAppend: () => undefined }),
    gate: new LogGate({ clock, waitMs: 1, log: () => ({ lost: false, since: 0, why: null }) }),
    gatherMs: 0,
    hear: () => undefined,
    gates: new PolicyGates(memoryMeter(), new BidMemory()),
    onUnpaid: (error) => void unpaid.push(error),
  };
  return { outbox: new Outbox(options as OutboxOptions), appended, unpaid };
}

const stake = { verb: 'STAKE', body: { amount: 1 } } as const;

test('what its key can pay for is sent', async () => {
  const { outbox, appended, unpaid } = outboxOn(createState(genesis, crypto.sha256));
  await outbox.command(rich, stake, null);
  await outbox.close();
  expect([appended.length, unpaid]).toEqual([1, []]);
});

test('what its key cannot pay for is not, and whoever said it is told the numbers', async () => {
  const { outbox, appended, unpaid } = outboxOn(createState(genesis, crypto.sha256));
  const refused = await outbox.command(poor, stake, null).catch((error: unknown) => error);
  await outbox.close();
  expect(refused).toBeInstanceOf(LogFeeError);
  expect(refused).toMatchObject({ did: poor.did, verb: 'STAKE', free: 50, fee: expect.any(Number) });
  expect([appended.length, unpaid]).toEqual([0, [refused]]);
});

test('a need pays for its duties: those are sent without credits', async () => {
  const { outbox, appended, unpaid } = outboxOn(createState(genesis, crypto.sha256));
  const need = genesisCid(genesis, crypto.sha256) as never;
  await outbox.command(poor, { verb: 'FINALIZE', body: { commit: need } }, need);
  await outbox.close();
  expect([appended.length, unpaid]).toEqual([1, []]);
});
