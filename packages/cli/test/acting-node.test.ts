import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as canswarm from 'canswarm';
import { foundNetwork, NetworkFolder } from 'canswarm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../src/index.ts';
import { actingNode, canInvite, canPay, type NodeFile, ownNodes, payerOf } from '../src/network/acting-node.ts';
import type { OpenNetwork } from '../src/network/open-network.ts';

let root = '';
let network: OpenNetwork;

/** Names of the nodes by which a command acts, or what it is refused with. */
function own(can: (file: NodeFile) => boolean = canPay): unknown {
  try {
    return ownNodes(network, can).map(({ name }) => name);
  } catch (error) {
    return error;
  }
}

/** Puts a node of another organisation into the home, as one that joined. */
function joined(org: string, from = 'node-1'): void {
  const { folder } = network;
  const file = folder.node(from).read();
  const agents = file.agents
    .filter(({ requester }) => requester)
    .map((agent) => ({ ...agent, name: `${org}-requester`, org }));
  folder.node(org).write({ ...file, name: org, org, authorityKey: null, agents });
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'canswarm-acting-'));
  const home = canswarm.openHome({ path: root, env: {} });
  const folder = new NetworkFolder(home.path, 'local');
  network = { canswarm, home, folder };
  const keys = canswarm.homeKeyRing(home, async () => 'machine');
  const crypto = canswarm.localCrypto();
  try {
    await foundNetwork({ folder, org: 'zeta', nodes: 2, skill: canswarm.BRIEF_SKILL, keys, crypto, now: Date.now() });
  } finally {
    keys.close();
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('who acts when no node is named', () => {
  it('is the only organisation there is, by the nodes that can', () => {
    expect(own()).toEqual(['node-1']);
    expect(own(() => true)).toEqual(['node-1', 'node-2']);
    expect(payerOf(network, 'node-1')).toBe('zeta-requester of zeta');
  });

  it('is the one that made the network, whatever the names of others', () => {
    joined('alpha');
    expect(own()).toEqual(['node-1']);
    expect(own(() => true)).toEqual(['node-1', 'node-2']);
    expect(own(canInvite)).toEqual(['node-1']);
    expect(own(({ name }) => name === 'alpha')).toEqual(['alpha']);
  });

  it('is nobody else when its nodes do not run', async () => {
    await expect(actingNode(network, {}, canPay)).rejects.toMatchObject({
      exit: EXIT.environment,
      code: 'node_not_running',
      message: 'the node "node-1" does not run',
      means: 'This command acts for zeta unless another node is named. There are: "alpha" of alpha.',
      todo: 'Start it with: canswarm up --node node-1\nTo act for alpha instead, add: --node alpha',
    });
    await expect(actingNode(network, {}, () => true)).rejects.toMatchObject({
      message: 'none of the nodes node-1, node-2 runs',
    });
    await expect(actingNode(network, { node: 'nobody' }, canPay)).rejects.toMatchObject({ code: 'node_missing' });
    expect((await actingNode(network, { node: 'alpha' }, canPay)).name).toBe('alpha');
  });

  it('has to be named where all joined a network of others', () => {
    const { folder } = network;
    const founder = folder.node('node-1').read();
    folder.node('node-1').write({ ...founder, authorityKey: null });
    expect(own()).toMatchObject({
      exit: EXIT.usage,
      message: 'there are several nodes: "alpha" of alpha, "node-1" of zeta',
      todo: 'Name one of them, such as: --node alpha',
    });
    folder.node('node-1').write(founder);
  });
});
