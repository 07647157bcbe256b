import { sodiumCrypto } from '@canswarm/local';
import { memoryStore } from '@canswarm/memory';
import { asNeedId, cidOf, decodeCbor, utf8 } from '@canswarm/protocol';
import { expect, test } from 'vitest';
import { Outbox, type OutboxOptions } from '../src/outbox.ts';

const { sha256 } = sodiumCrypto();
const need = asNeedId(cidOf(utf8('need'), 'dag-cbor', sha256));
const settled = asNeedId(cidOf(utf8('settled'), 'dag-cbor', sha256));

test('votes of an earlier life are said again each by itself, so that one that was heard stops no other', () => {
  const store = memoryStore();
  const votes = [Uint8Array.of(1), Uint8Array.of(2)];
  const batch = [...votes.entries()].map(([index, value]) => ({ key: `vote/${need}/${index}`, value }));
  store.batch([...batch, { key: `vote/${settled}/0`, value: Uint8Array.of(3) }], { sync: true });
  const published: Uint8Array[] = [];
  // Whatever else it is given it does not need for this.
  const options = {
    store,
    transport: { publish: (_: string, message: Uint8Array) => published.push(message) },
    hear: () => undefined,
  } as unknown as OutboxOptions;
  const kept = new Outbox(options).resend((one) => one === need);
  expect(kept.map(({ guard }) => guard)).toEqual(['0', '1']);
  expect(published.map((message) => decodeCbor(message))).toEqual(
    votes.map((vote) => expect.objectContaining({ ok: true, value: [vote] })),
  );
  expect([...store.scan('vote/')].map(([key]) => key)).toEqual(batch.map(({ key }) => key));
});
