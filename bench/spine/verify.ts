import { sodiumCrypto, softwareSigner } from '@canswarm/local';
import {
  buildPayload,
  type Crypto,
  cidOf,
  concat,
  createMemo,
  keyOfDid,
  openBatch,
  openEnvelope,
  type Payload,
  signBatch,
  signEnvelope,
  strictVerify,
  utf8,
} from '@canswarm/protocol';
import { figure, rounds, seconds } from '../measure.ts';
import type { Metrics } from '../metrics.ts';

const BATCH = 64;
const BATCHES = 20;
const ROUNDS = 7;

/** Payloads of a usual size, all different. */
function payloads(from: Payload['from'], crypto: Crypto, count: number): Payload[] {
  const network = cidOf(utf8('bench'), 'dag-cbor', crypto.sha256);
  const head = { incarnation: 1, position: 1, digest: crypto.sha256(utf8('head')) };
  return Array.from({ length: count }, (_, index) =>
    buildPayload<'REPORT'>({
      network,
      thread: null,
      verb: 'REPORT',
      body: { time: 1_800_000_000_000 + index, preimage: crypto.sha256(utf8(`${index}`)) },
      refs: [network, network, network],
      lamport: 1_000 + index,
      time: 1_800_000_000_000,
      epoch: 1,
      from,
      head,
    }),
  );
}

/** One signature check beside the library's own, and a batch of 64 beside 64 single ones, decoding not counted. */
export function verifyBench(): Metrics {
  const crypto = sodiumCrypto();
  const signer = softwareSigner(crypto.sha256(utf8('bench')));
  const key = keyOfDid(signer.did);
  const all = payloads(signer.did, crypto, BATCH * BATCHES);
  const message = concat([utf8('can/1/env'), crypto.sha256(utf8('digest'))]);
  const signature = signer.sign(message);
  const single = all.map((payload) => signEnvelope(payload, signer, crypto.sha256).bytes);
  const batches = Array.from({ length: BATCHES }, (_, index) =>
    signBatch(all.slice(index * BATCH, (index + 1) * BATCH), signer, crypto.sha256).map((envelope) => envelope.bytes),
  );
  const count = all.length;
  // Decoding alone: the same envelopes, signatures taken as good, trees still built where there are batches.
  const unsigned: Crypto = { ...crypto, verify: () => true };
  const openSingles = (by: Crypto): number =>
    seconds(() => {
      for (const bytes of single) openEnvelope(bytes, by);
    });
  const openBatches = (by: Crypto): number =>
    seconds(() => {
      for (const batch of batches) openBatch(batch, by, createMemo());
    });
  const taken = rounds(ROUNDS, {
    library: () => seconds(() => repeat(count, () => crypto.verify(key, message, signature))),
    strict: () => seconds(() => repeat(count, () => strictVerify(crypto, key, message, signature))),
    singles: () => openSingles(crypto),
    decoding: () => openSingles(unsigned),
    batches: () => openBatches(crypto),
  });
  const perSecond = (time: number): number => figure(count / time);
  const signed = taken.singles - taken.decoding;
  const batched = Math.max(taken.batches - taken.decoding, taken.library / BATCH);
  return {
    'verify.library.perSecond': perSecond(taken.library),
    'verify.single.perSecond': perSecond(taken.strict),
    'verify.single.ratioToLibrary': figure(taken.library / taken.strict),
    'verify.open.perSecond': perSecond(taken.singles),
    'verify.decode.perSecond': perSecond(taken.decoding),
    'verify.batch64.perSecond': perSecond(taken.batches),
    'verify.batch64.speedup': figure(signed / batched),
    // The limit of a batch: one signature check for all of it, and nothing else.
    'verify.batch64.limit': BATCH,
    'verify.batch64.ratioToLimit': figure(signed / batched / BATCH),
  };
}

function repeat(count: number, task: () => unknown): void {
  for (let index = 0; index < count; index += 1) task();
}
