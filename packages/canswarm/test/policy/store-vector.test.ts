import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiClient } from '@canswarm/api';
import { readCar } from '@canswarm/content-fs';
import { basePolicy } from '@canswarm/policies';
import { afterAll, expect, it } from 'vitest';
import { storeVector } from '../../src/policy/index.ts';
import { openPolicy } from '../../src/policy/open-policy.ts';
import { PolicyFault } from '../../src/policy/policy-fault.ts';

const place = mkdtempSync(join(tmpdir(), 'canswarm-vector-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** A node that keeps what it is given. */
function keeping() {
  const given: Uint8Array[] = [];
  const putBlocks: ApiClient['putBlocks'] = async ({ body }) => {
    if (body instanceof Uint8Array) given.push(body);
    return { roots: [], blocks: given.length } as never;
  };
  return { given, putBlocks };
}

it('gives a node the conformance vector that the capsule of a policy names, byte for byte', async () => {
  const { given, putBlocks } = keeping();
  await storeVector({ putBlocks }, basePolicy);
  const [car, ...more] = given;
  if (car === undefined) return expect.fail('the node was given it');
  const read = readCar(car);
  const cid = openPolicy(basePolicy).capsule.conformance;
  expect(more).toEqual([]);
  expect(read).toMatchObject({ roots: [cid], blocks: [{ cid }] });
  const [block] = 'blocks' in read ? read.blocks : [];
  expect(Buffer.from(block?.bytes ?? []).equals(readFileSync(join(basePolicy, 'conformance.json')))).toBe(true);
});

it('gives it nothing where the vector is not the one that the capsule names', async () => {
  const folder = join(place, 'other');
  cpSync(basePolicy, folder, { recursive: true });
  writeFileSync(join(folder, 'conformance.json'), '{"cases":[]}');
  const { given, putBlocks } = keeping();
  await expect(storeVector({ putBlocks }, folder)).rejects.toThrow(PolicyFault);
  expect(given).toEqual([]);
});
