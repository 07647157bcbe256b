import { sodiumCrypto } from '@canswarm/local';
import { memoryStore } from '@canswarm/memory';
import { asNeedId, cidOf, didOfKey, utf8 } from '@canswarm/protocol';
import { expect, test } from 'vitest';
import { Accuser, type AccuserOptions } from '../src/accuser.ts';
import type { Identity } from '../src/identity.ts';
import { OpeningBook } from '../src/opening-book.ts';

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
