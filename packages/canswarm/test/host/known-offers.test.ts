import { parseDid } from '@canswarm/protocol';
import { expect, test } from 'vitest';
import type { FoundAgent } from '../../src/host/attach/agent-directory.ts';
import { KnownOffers } from '../../src/host/known-offers.ts';

const did = parseDid('did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp');

test('who asks while peers are asked for the first time waits for what they say', async () => {
  if (did === undefined) return expect.fail();
  const agent: FoundAgent = {
    name: 'counter',
    did,
    org: 'globex',
    description: null,
    version: '1.0.0',
    skills: [],
    free: 0,
    canBond: true,
    standing: 5000,
  };
  const answer = Promise.withResolvers<readonly FoundAgent[]>();
  const offers = new KnownOffers({ search: () => answer.promise, sessionOf: () => null });
  const [first, second] = [offers.found(), offers.found()];
  answer.resolve([agent]);
  expect(await Promise.all([first, second])).toEqual([[agent], [agent]]);
  expect(offers.nameOf(did)).toBe('counter');
});
