import type { State } from '@canswarm/kernel';
import { sodiumCrypto } from '@canswarm/local';
import { memoryStore } from '@canswarm/memory';
import { asNeedId, cidOf, didOfKey, type EnvelopeId, presetParams, utf8 } from '@canswarm/protocol';
import { expect, test } from 'vitest';
import { Accuser, type AccuserOptions } from '../src/accuser.ts';
import type { Identity } from '../src/identity.ts';
import { OpeningBook } from '../src/opening-book.ts';
import { SealFundsError } from '../src/seal-funds-error.ts';

const crypto = sodiumCrypto();
const { sha256 } = crypto;

test('what has no form to be sealed is refused like what cannot be said: it takes no node down', async () => {
  const openings = new OpeningBook(memoryStore(), sha256);
  const accuser = new Accuser({ openings, salts: { bytes: () => new Uint8Array(32) } } as unknown as AccuserOptions);
  const subject = cidOf(utf8('need'), 'dag-cbor', sha256);
  const who = { signer: { did: didOfKey(crypto.publicKey(sha256(utf8('key')))) } } as Identity;
  const blocks = Array.from({ length: 40 }, (_, index) => {
    const bytes = new Uint8Array(16_384).fill(index);
    return { cid: cidOf(bytes, 'raw', sha256), bytes };
  });
  const claim = { output: 0, key: 'key', step: 0 };
  const about = { need: asNeedId(subject), subject, class: 'missing_citation', claim } as const;
  await expect(accuser.seal(who, { ...about, evidence: { envelopes: [], blocks } })).rejects.toThrow('too_large');
  const unformed = { ...about, claim: { ...claim, key: '\ud800' }, evidence: null };
  await expect(accuser.seal(who, unformed)).rejects.toThrow('surrogate');
});

test('nothing is sealed that its key could not pay to have judged', async () => {
  const subject = cidOf(utf8('need'), 'dag-cbor', sha256);
  const need = asNeedId(subject);
  const did = didOfKey(crypto.publicKey(sha256(utf8('key'))));
  const params = presetParams('dev');
  const fees = 2 * (params.logFeeBase + 2_048 * params.logFeePerByte);
  const bytes = new Uint8Array(1_000);
  // Five seats of the first committee, one envelope of one KiB, and the log space of the seal and the opening.
  const due = 5 * 1_000 + 2 * params.proofUnitBond + fees + bytes.length * params.logFeePerByte;
  let free = due - 1;
  const state = {
    params,
    commits: new Map(),
    challenges: new Map(),
    needs: new Map([[need, { body: { seatFee: 1_000 } }]]),
    accounts: { get: (account: string) => (account === `free/${did}` ? free : 0) },
  } as unknown as State;
  const said: string[] = [];
  const accuser = new Accuser({
    state,
    openings: new OpeningBook(memoryStore(), sha256),
    salts: { bytes: () => new Uint8Array(32) },
    outbox: {
      command: (_signer: unknown, { verb }: { verb: string }) => {
        said.push(verb);
        return Promise.resolve('id' as EnvelopeId);
      },
    },
  } as unknown as AccuserOptions);
  const claim = { output: 0, key: '', step: 0 };
  const evidence = { envelopes: [bytes], blocks: [] };
  const about = { need, subject, class: 'equivocation', claim, evidence } as const;
  const seal = () => accuser.seal({ signer: { did } } as Identity, about);
  await expect(seal()).rejects.toThrow(SealFundsError);
  expect(said).toEqual([]);
  free = due;
  await expect(seal()).resolves.toBe('id');
  expect(said).toEqual(['CHALLENGE']);
});
