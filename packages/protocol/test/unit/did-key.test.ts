import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { didOfKey, fromHex, keyOfDid, parseDid } from '../../src/index.ts';
import { nodeCrypto, sodiumCrypto } from '../support/crypto.ts';
import { sharedData } from '../support/shared-data.ts';

const vectors = sharedData('did-key/ed25519-x25519.json');

test.skipIf(vectors === undefined)('the public did:key vectors give the same identifiers', () => {
  const cases = JSON.parse(readFileSync(vectors ?? '', 'utf8')) as Readonly<Record<string, { readonly seed?: string }>>;
  const entries = Object.entries(cases);
  expect(entries.length).toBeGreaterThan(0);
  for (const [did, { seed = '' }] of entries) {
    const parsed = parseDid(did);
    for (const crypto of [sodiumCrypto, nodeCrypto]) {
      const key = crypto.publicKey(fromHex(seed));
      expect([didOfKey(key), parsed !== undefined && keyOfDid(parsed)]).toEqual([did, key]);
    }
  }
});
