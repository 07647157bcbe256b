import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeCrypto } from '@canswarm/local';
import { afterAll, expect, it } from 'vitest';
import { HomeError } from '../../src/home/home-error.ts';
import { foundNetwork } from '../../src/host/found-network.ts';
import { NetworkFolder } from '../../src/host/network-folder.ts';
import { PolicyFault } from '../../src/policy/policy-fault.ts';

const home = mkdtempSync(join(tmpdir(), 'canswarm-found-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('makes no key for a network whose policy cannot be had', async () => {
  const folder = new NetworkFolder(home, 'shut');
  const made: string[] = [];
  const create = async (name: string): Promise<never> => {
    made.push(name);
    throw new Error(`${name} is made`);
  };
  const keys = { create, open: create };
  const skill = { engines: ['none'], bundled: [] };
  const options = {
    folder,
    org: null,
    nodes: 1,
    skill,
    keys,
    crypto: nodeCrypto(),
    now: 0,
    policy: join(home, 'none'),
  };
  await expect(foundNetwork(options as never)).rejects.toBeInstanceOf(PolicyFault);
  expect([made, folder.exists()]).toEqual([[], false]);
});

it('says of the keys of an earlier network what they are, and makes nothing', async () => {
  const folder = new NetworkFolder(home, 'local');
  const taken = async (name: string): Promise<never> => {
    throw new HomeError('exists', `there is a key ${name} already`, 'A key is never overwritten.', '');
  };
  const keys = { create: taken, open: taken };
  const skill = { engines: ['none'], bundled: [] };
  const made = foundNetwork({ folder, org: null, nodes: 1, skill, keys, crypto: nodeCrypto(), now: 0 } as never);
  await expect(made).rejects.toMatchObject({
    code: 'network_exists',
    message: 'keys of an earlier network "local" are still in this home',
    hint: expect.stringContaining('canswarm config set network NAME'),
  });
  expect(folder.exists()).toBe(false);
});
