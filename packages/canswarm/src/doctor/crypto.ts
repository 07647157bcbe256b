import { nodeCrypto, sodiumCrypto } from '@canswarm/local';
import { type Crypto, fromHex, strictVerify, toHex, utf8 } from '@canswarm/protocol';
import type { Examination } from './finding.ts';

/** RFC 8032, section 7.1, test 3; FIPS 180-2, appendix B.1. */
const KNOWN = {
  seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
  publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
  message: 'af82',
  signature:
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  abc: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
} as const;

/** Throws when an implementation does not give the known answers, or takes a signature that is none. */
function answer(name: string, crypto: Crypto): void {
  const [seed, key, message] = [fromHex(KNOWN.seed), fromHex(KNOWN.publicKey), fromHex(KNOWN.message)];
  const signature = fromHex(KNOWN.signature);
  const expect = (what: string, holds: boolean): void => {
    if (!holds) throw new Error(`${name} gives a wrong ${what}`);
  };
  expect('SHA-256', toHex(crypto.sha256(utf8('abc'))) === KNOWN.abc);
  expect('public key', toHex(crypto.publicKey(seed)) === KNOWN.publicKey);
  expect('signature', toHex(crypto.sign(seed, message)) === KNOWN.signature);
  expect('answer for a good signature', strictVerify(crypto, key, message, signature));
  signature[40] = (signature[40] ?? 0) ^ 1;
  expect('answer for a bad signature', !strictVerify(crypto, key, message, signature));
}

export const cryptoExamination: Examination = {
  name: 'crypto',
  means:
    'Every message is signed with Ed25519 and named by SHA-256; the native library and Node must agree on known answers.',
  todo: 'Install again for this Node and system: npm rebuild sodium-native, npm ci, or npm install canswarm. If it stays, the build is broken: do not use it.',
  async look() {
    answer('sodium-native', sodiumCrypto());
    answer('node:crypto', nodeCrypto());
    return { found: 'sodium-native and node:crypto give the known answers' };
  },
};
