import { expect, it } from 'vitest';
import { peersFault } from '../../src/doctor/peers.ts';

const seen = (node: string, upSeconds: number, peers: readonly string[] = []) => ({
  node,
  upSeconds,
  transport: { id: `id-${node}`, peers: peers.map((peer) => ({ id: `id-${peer}` })) },
});
const all = new Set(['id-acme', 'id-globex']);

it('finds nothing wrong with nodes that are connected and answer', () => {
  expect(peersFault(seen('acme', 60, ['globex']), all, [seen('acme', 60), seen('globex', 60)])).toBeNull();
  expect(peersFault(seen('acme', 0), null, [seen('acme', 0)])).toBeNull();
});

it.each([
  [seen('acme', 60), null, /^it has no connection with globex$/],
  [seen('acme', 60, ['globex']), new Set<string>(), /^it gets no answer from globex$/],
])('fails what runs long enough to have dialled', (node, reached, found) => {
  const fault = peersFault(node, reached, [node, seen('globex', 10)]);
  expect(fault).toMatchObject({ status: 'failed', found: expect.stringMatching(found) });
});

it('warns of a node that runs for a few seconds, and of an old one that lacks such a one', () => {
  const [acme, globex] = [seen('acme', 60), seen('globex', 2)];
  expect(peersFault(globex, null, [acme, globex])).toMatchObject({
    status: 'warning',
    found: 'started 2 s ago, still dialling acme',
  });
  expect(peersFault(acme, null, [acme, globex])).toMatchObject({
    status: 'warning',
    found: 'still dialling globex, which started 2 s ago',
  });
});

it('fails who is connected and does not answer, however young', () => {
  const globex = seen('globex', 1, ['acme']);
  expect(peersFault(globex, new Set(), [globex, seen('acme', 60)])).toMatchObject({ status: 'failed' });
});

it('fails an old pair whatever else still dials', () => {
  const acme = seen('acme', 60);
  const found = { status: 'failed', found: 'it has no connection with globex, initech' };
  expect(peersFault(acme, null, [acme, seen('globex', 2), seen('initech', 60)])).toMatchObject(found);
});
