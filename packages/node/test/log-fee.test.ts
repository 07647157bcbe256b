import { createState, type State } from '@canswarm/kernel';
import { sodiumCrypto, softwareSigner } from '@canswarm/local';
import { type Genesis, genesisCid, presetParams } from '@canswarm/protocol';
import { expect, test } from 'vitest';
import { LogFeeError } from '../src/log-fee-error.ts';
import { sendingOn } from './support/sending.ts';

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
  const unpaid: LogFeeError[] = [];
  return { ...sendingOn(state, { onUnpaid: (error) => void unpaid.push(error) }), unpaid };
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
