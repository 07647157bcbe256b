import * as canswarm from 'canswarm';
import { expect, it } from 'vitest';
import { workOf } from '../src/network/log-work.ts';
import type { OpenNetwork } from '../src/network/open-network.ts';
import { fakeIo } from './fake-io.ts';

it('tells of nodes of others in what is safe on a terminal', () => {
  const io = fakeIo();
  const values = { 'log.level': 'error', 'log.format': 'json' };
  const network = { canswarm, home: { config: { values } }, folder: null } as unknown as OpenNetwork;
  workOf(io, network).onProgress('at the log: \u001b[2J\u202efar of globex');
  expect(io.err.text).toBe('at the log: \\x1b[2J\\u{202e}far of globex\n');
});
