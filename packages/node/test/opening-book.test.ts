import { sodiumCrypto } from '@canswarm/local';
import { memoryStore } from '@canswarm/memory';
import { asNeedId, challengeSeal, cidOf, didOfKey, encodeEvidence, toHex, utf8 } from '@canswarm/protocol';
import { expect, test } from 'vitest';
import { type Accusation, OpeningBook } from '../src/opening-book.ts';

const crypto = sodiumCrypto();
const { sha256 } = crypto;
const need = asNeedId(cidOf(utf8('need'), 'dag-cbor', sha256));
const evidence = { envelopes: [Uint8Array.of(1)], blocks: [] };
const accusation: Accusation = {
  by: didOfKey(crypto.publicKey(sha256(utf8('key')))),
  need,
  subject: cidOf(utf8('commit'), 'dag-cbor', sha256),
  class: 'wrong_output',
  claim: { output: 0, key: 's/0001', step: 0 },
  evidence,
};
const salt = (word: string): Uint8Array => sha256(utf8(word));

test('what opens a seal outlives the node that laid it, and opens that seal', () => {
  const store = memoryStore();
  const { seal, kept } = new OpeningBook(store, sha256).seal(accusation, salt('a'));
  store.batch(kept, { sync: true });
  const book = new OpeningBook(store, sha256);
  expect(book.opens(need, toHex(seal))).toBe(false);
  book.recover(() => true);
  expect(book.opens(need, toHex(seal))).toBe(true);
  const opened = book.opening(need, toHex(seal));
  if (opened?.body.opening == null) throw new Error('it opens nothing');
  const { by: challenger, subject, class: kind } = accusation;
  expect(opened.evidence).toEqual(encodeEvidence(evidence));
  const shown = {
    challenger,
    subject,
    class: kind,
    ...opened.body.opening,
    evidence: sha256(encodeEvidence(evidence)),
  };
  expect(challengeSeal(shown, sha256)).toEqual(seal);
});

test('the same is sealed by the same salt, also while the first is on its way, and something else by another', () => {
  const store = memoryStore();
  const book = new OpeningBook(store, sha256);
  const first = book.seal(accusation, salt('a'));
  expect(book.seal(accusation, salt('b'))).toEqual(first);
  store.batch(book.keep(need, first), { sync: true });
  expect(book.seal(accusation, salt('c'))).toEqual({ ...first, kept: [] });
  expect(book.seal({ ...accusation, class: 'unavailable' }, salt('a')).seal).not.toEqual(first.seal);
});

test('a seal is opened once it was kept, and not by what was only thought of', () => {
  const store = memoryStore();
  const book = new OpeningBook(store, sha256);
  const sealed = book.seal(accusation, salt('a'));
  expect(book.opens(need, toHex(sealed.seal))).toBe(false);
  store.batch(book.keep(need, sealed), { sync: true });
  expect(book.opens(need, toHex(sealed.seal))).toBe(true);
  expect(toHex(book.opening(need, toHex(sealed.seal))?.body.seal ?? new Uint8Array())).toBe(toHex(sealed.seal));
});

test('a settled need is forgotten, also at the next start', () => {
  const store = memoryStore();
  const book = new OpeningBook(store, sha256);
  const sealed = book.seal(accusation, salt('a'));
  const { seal, kept } = sealed;
  store.batch(book.keep(need, sealed), { sync: true });
  new OpeningBook(store, sha256).recover(() => true);
  book.forget(need);
  expect([...store.scan('opening/')]).toEqual([]);
  expect(book.opens(need, toHex(seal))).toBe(false);
  store.batch(kept, { sync: true });
  new OpeningBook(store, sha256).recover(() => false);
  expect([...store.scan('opening/')]).toEqual([]);
});

test('of seals that never left, only so many are remembered', () => {
  const book = new OpeningBook(memoryStore(), sha256);
  const at = (key: number) =>
    book.seal({ ...accusation, claim: { output: 0, key: `s/${key}`, step: 0 } }, salt(`of ${key}`));
  const first = at(0);
  for (let key = 1; key < 1_024; key += 1) at(key);
  expect(book.seal({ ...accusation, claim: { output: 0, key: 's/0', step: 0 } }, salt('other'))).toEqual(first);
  at(1_024);
  expect(book.seal({ ...accusation, claim: { output: 0, key: 's/0', step: 0 } }, salt('other')).seal).not.toEqual(
    first.seal,
  );
});
