import { sodiumCrypto } from '@canswarm/local';
import { memoryMeter } from '@canswarm/memory';
import { cidOf, createMemo, didOfKey, type Payload, signEnvelope, utf8 } from '@canswarm/protocol';
import { describe, expect, test } from 'vitest';
import { Ingress, packMessage } from '../src/index.ts';

const crypto = sodiumCrypto();
const { sha256 } = crypto;
const network = cidOf(utf8('ingress'), 'raw', sha256);
const NOW = 1_000_000;

const seed = sha256(utf8('a key'));
const signer = { did: didOfKey(crypto.publicKey(seed)), sign: (bytes: Uint8Array) => crypto.sign(seed, bytes) };

/** A signed report; each number gives another. */
function envelope(lamport: number): Uint8Array {
  const payload: Payload = {
    v: 1,
    network,
    thread: null,
    verb: 'REPORT',
    body: { time: NOW, preimage: new Uint8Array(32) },
    refs: [],
    lamport,
    time: NOW,
    epoch: 1,
    policy: null,
    from: signer.did,
    head: { incarnation: 1, position: 0, digest: new Uint8Array(32) },
    evidence: null,
  };
  return signEnvelope(payload, signer, sha256).bytes;
}

function forged(lamport: number): Uint8Array {
  const bytes = envelope(lamport);
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  return bytes;
}

/** An ingress that finds use in what has an even number. */
function open() {
  const taken: number[] = [];
  const ingress = new Ingress({
    crypto,
    memo: createMemo(),
    verified: null,
    network,
    aheadMs: 5_000,
    meter: memoryMeter(),
    now: () => NOW,
    onEnvelope({ payload: { lamport } }) {
      if (lamport % 2 === 1) return 'of_no_use';
      taken.push(lamport);
      return null;
    },
  });
  const receive = (...envelopes: Uint8Array[]) => ingress.receive(packMessage(envelopes));
  return { taken, receive, hear: (...envelopes: Uint8Array[]) => receive(...envelopes).verdict };
}

describe('a message', () => {
  test('with anything of use is passed on', () => {
    const { taken, hear } = open();
    expect(hear(envelope(1), envelope(2))).toBe('accept');
    expect(taken).toEqual([2]);
  });

  test('with nothing of use is not', () => {
    expect(open().hear(envelope(1))).toBe('ignore');
  });

  test('with what came before is not passed on, and gives what is new in it', () => {
    const { taken, hear } = open();
    hear(envelope(2));
    expect(hear(envelope(2), envelope(4))).toBe('known');
    expect(hear(envelope(2))).toBe('known');
    expect(taken).toEqual([2, 4]);
  });

  test('with a forgery is held against its sender, and gives what is sound in it', () => {
    const { taken, hear } = open();
    hear(envelope(2));
    expect(hear(envelope(2), forged(4), envelope(6))).toBe('reject');
    expect(hear(envelope(4))).toBe('accept');
    expect(taken).toEqual([2, 6, 4]);
  });

  test('that is not passed on leaves what is new and of use in it to be', () => {
    const { receive } = open();
    const only = (lamport: number) => packMessage([envelope(lamport)]);
    expect(receive(envelope(2), envelope(4))).toEqual({ verdict: 'accept', rest: null });
    expect(receive(envelope(2), envelope(6), envelope(1))).toEqual({ verdict: 'known', rest: only(6) });
    expect(receive(envelope(8), forged(10))).toEqual({ verdict: 'reject', rest: only(8) });
    expect(receive(envelope(2), envelope(3))).toEqual({ verdict: 'known', rest: null });
  });

  test('that is none is held against its sender', () => {
    const { hear } = open();
    expect(hear(Uint8Array.of(1, 2, 3))).toBe('reject');
    expect(hear(...Array.from({ length: 257 }, () => new Uint8Array()))).toBe('reject');
  });
});
