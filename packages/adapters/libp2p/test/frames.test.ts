import { once } from 'node:events';
import { Socket } from 'node:net';
import { defaultCrypto } from '@chainsafe/libp2p-noise/crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { noiseCrypto } from '../src/noise-crypto.ts';
import { connect } from './network.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(closing.splice(0).map((close) => close()));
});

describe('what is said on the wire', () => {
  test('is one write for each message, and goes on beyond every window', async () => {
    const [a, b] = await connect(2);
    if (a === undefined || b === undefined) return expect.fail();
    for (const one of [a, b]) closing.push(() => one.close());
    const [messages, length] = [400, 2_000];
    let heard = (_number: number): void => undefined;
    a.subscribe('t', () => 'accept');
    b.subscribe('t', (message) => {
      heard(new DataView(message.buffer, message.byteOffset).getUint32(0));
      return 'accept';
    });
    const said = (number: number): Promise<void> =>
      new Promise((resolve) => {
        heard = (one) => one === number && resolve();
        const message = new Uint8Array(length).fill(number);
        new DataView(message.buffer).setUint32(0, number);
        a.publish('t', message);
      });
    // Until the peer is known to want the topic, what is said goes nowhere.
    for (let number = messages; ; number += 1) {
      const late = AbortSignal.timeout(100);
      const isHeard = await Promise.race([said(number).then(() => true), once(late, 'abort').then(() => false)]);
      if (isHeard) break;
    }
    const writes = vi.spyOn(Socket.prototype, 'write');
    for (let number = 0; number < messages; number += 1) await said(number);
    expect(writes.mock.calls.length).toBeGreaterThanOrEqual(messages);
    // A window is widened now and then, and a heartbeat may fall into it.
    expect(writes.mock.calls.length).toBeLessThan(1.2 * messages);
  });
});

describe('the cipher of noise', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const sealing = fc.record({
    plaintext: fc.uint8Array({ maxLength: 3_000 }),
    nonce: bytes(12),
    ad: fc.uint8Array({ maxLength: 64 }),
    key: bytes(32),
  });

  test('is the one that peers have', () => {
    fc.assert(
      fc.property(sealing, ({ plaintext, nonce, ad, key }) => {
        const ours = noiseCrypto.chaCha20Poly1305Encrypt(plaintext, nonce, ad, key).slice();
        expect(Buffer.from(ours)).toEqual(
          Buffer.from(defaultCrypto.chaCha20Poly1305Encrypt(plaintext, nonce, ad, key).subarray()),
        );
        expect(Buffer.from(noiseCrypto.chaCha20Poly1305Decrypt(ours, nonce, ad, key).subarray())).toEqual(
          Buffer.from(plaintext),
        );
      }),
    );
  });

  test('opens nothing that was changed or cut', () => {
    fc.assert(
      fc.property(sealing, fc.nat(), ({ plaintext, nonce, ad, key }, at) => {
        const sealed = Uint8Array.from(noiseCrypto.chaCha20Poly1305Encrypt(plaintext, nonce, ad, key).subarray());
        const changed = sealed.slice();
        changed[at % sealed.length] = (changed[at % sealed.length] ?? 0) ^ 1;
        for (const wrong of [changed, sealed.slice(1), sealed.slice(0, at % sealed.length)])
          expect(() => noiseCrypto.chaCha20Poly1305Decrypt(wrong, nonce, ad, key)).toThrow();
      }),
    );
  });
});
