import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ApiError } from '@canswarm/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT, main } from '../src/index.ts';
import { outcomeOf } from '../src/money/own-key.ts';
import { fakeIo, lastJson } from './fake-io.ts';

const BIN = fileURLToPath(new URL('../bin/canswarm.ts', import.meta.url));
/** Longest start of two nodes on a busy machine, ms. */
const START_MS = 120_000;
const STRANGER = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK';

let home = '';

async function run(...argv: readonly string[]) {
  const io = fakeIo();
  const exit = await main([...argv, '--home', home], io);
  return { exit, out: io.out.text, err: io.err.text, io };
}

interface Node {
  readonly node: string;
  readonly pid: number;
  readonly agents: readonly { readonly name: string; readonly did: string; readonly roles: readonly string[] }[];
}

async function nodes(): Promise<readonly Node[]> {
  const { io } = await run('status', '--json');
  return (lastJson(io) as { readonly nodes: readonly Node[] }).nodes;
}

let payer = '';
/** A verifier that the other node holds. */
let other = '';
let payersNode: Node;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'canswarm-money-'));
  // The nodes are processes of the command itself.
  await promisify(execFile)(process.execPath, [BIN, 'up', '--nodes', '2', '--detach', '--home', home]);
  const all = await nodes();
  const one = all.find(({ agents }) => agents.some(({ roles }) => roles.includes('requester')));
  const two = all.find((node) => node !== one);
  if (one === undefined || two === undefined) throw new Error('there are two nodes, one with the requester');
  payersNode = one;
  payer = one.agents.find(({ roles }) => roles.includes('requester'))?.name ?? '';
  other = two.agents[0]?.name ?? '';
}, START_MS);
afterAll(async () => {
  await run('down');
  rmSync(home, { recursive: true, force: true });
}, START_MS);

describe('money of a running network', () => {
  it('is set aside for a key of another node by its name, and settled by the end of the id that was told', async () => {
    const held = await run('pay', 'hold', payer, other, '5', '--for', '1h');
    const [, id = ''] = /^entry \d+, ESCROW: (\S+)$/m.exec(held.out) ?? [];
    expect(held).toMatchObject({ exit: EXIT.ok, out: expect.stringMatching(/escrow +5 credits for /) });
    expect(await run('pay', 'settle', payer, id.slice(-8), '3')).toMatchObject({ exit: EXIT.ok });
    const again = await run('pay', 'settle', payer, id.slice(-8), '3');
    expect(again).toMatchObject({ exit: EXIT.untrue, err: expect.stringContaining('has no escrow') });
  });

  it.each([
    ['a receiver that nobody knows', [STRANGER, '1'], EXIT.untrue, '--new'],
    ['a did that is none', ['did:key:z6Mkfoo', '1'], EXIT.usage, 'is no did of a key'],
    ['a name that no node has', ['nobody', '1'], EXIT.usage, 'no node of this home has a key nobody'],
    ['more than there is', [STRANGER, '999999', '--new'], EXIT.untrue, 'amount 999999 credits'],
  ] as const)('is not paid: %s', async (_, words, exit, why) => {
    expect(await run('pay', 'send', payer, ...words)).toMatchObject({ exit, err: expect.stringContaining(why) });
  });

  it('is set aside for a year at most', async () => {
    const held = await run('pay', 'hold', payer, other, '1', '--for', '999d');
    expect(held).toMatchObject({ exit: EXIT.usage, err: expect.stringContaining('366d') });
  });

  it('has no log where there is no such node', async () => {
    const { exit, err } = await run('logs', 'nope');
    expect([exit, err]).toEqual([EXIT.untrue, expect.stringContaining('there is no node "nope"')]);
  });

  it('of verifiers that other nodes hold is listed by their own keys', async () => {
    const { out } = await run('pool', '--node', payersNode.node);
    const verifiers = out.split('\n').flatMap((line) => /(\S+) +\d+ +\d+ +\d+$/.exec(line)?.[1] ?? []);
    expect(new Set(verifiers).size).toBe(16);
  });
});

describe('stake of others', () => {
  it('stands behind a verifier of another node that takes it, and is taken out again', async () => {
    const early = await run('stake', 'add', payer, '30');
    expect(early).toMatchObject({ exit: EXIT.untrue, err: expect.stringContaining('canswarm stake admit') });
    expect(await run('pay', 'send', payer, other, '1')).toMatchObject({ exit: EXIT.ok });
    expect(await run('stake', 'admit', other, payer, '50')).toMatchObject({ exit: EXIT.ok });
    expect(await run('stake', 'add', payer, '30')).toMatchObject({ exit: EXIT.ok });
    const much = await run('stake', 'delegate', payer, other, '51');
    expect(much).toMatchObject({
      exit: EXIT.untrue,
      err: expect.stringContaining('amount 51 credits, most 50 credits'),
    });
    const put = await run('stake', 'delegate', payer, other, '20');
    expect(put).toMatchObject({ exit: EXIT.ok, out: expect.stringMatching(/^delegated +20 credits free of seats/m) });
    const taken = await run('stake', 'show', other);
    expect(taken.out).toMatch(/^of others +20 credits free of seats, 0 credits behind seats, .*at most 50 credits$/m);
    const { out: pool } = await run('pool', '--node', payersNode.node);
    expect(pool).toMatch(/ 10020 +10020 +0$/m);
    const out = await run('stake', 'unbond', payer, '20', '--from', other);
    expect(out).toMatchObject({
      exit: EXIT.ok,
      out: expect.stringMatching(/^unbonding +20 credits, .*, was behind …/m),
    });
    expect(await run('stake', 'admit', other, payer, '0')).toMatchObject({ exit: EXIT.ok });
  });
});

it('the doctor counts one peer as one', async () => {
  expect((await run('doctor')).out).toMatch(/runs, at position \d+, with 1 peer\b/);
});

describe('a node that hangs', () => {
  it('is told from one that does not run, and the others are not blamed', { timeout: START_MS }, async () => {
    process.kill(payersNode.pid, 'SIGSTOP');
    try {
      const [status, pay, doctor, clean] = await Promise.all([
        run('status'),
        run('pay', 'send', payer, STRANGER, '1', '--new'),
        run('doctor'),
        run('clean', '--yes'),
      ]);
      expect(status.out).toContain(`${payersNode.node}: is there and does not answer`);
      expect(pay.err).toContain(`the node "${payersNode.node}" has the key of ${payer}, and does not answer`);
      expect(doctor.out).toContain(`node ${payersNode.node}: it does not answer`);
      expect(doctor.out).not.toContain('its clock is');
      expect(clean).toMatchObject({ exit: EXIT.environment, err: expect.stringContaining('Nothing was removed') });
      const io = fakeIo();
      const pool = main(['pool', '--node', payersNode.node, '--home', home], io);
      io.interrupt();
      expect(await pool).toBe(EXIT.interrupted);
    } finally {
      process.kill(payersNode.pid, 'SIGCONT');
    }
  });
});

describe('a post without an answer', () => {
  const posted = { verb: 'TRANSFER', key: 'acme-requester', interrupted: false };

  it('is not said to have failed', () => {
    const late = new ApiError(0, 'late', 'the node did not answer in time', '');
    expect(outcomeOf(late, posted)).toMatchObject({ exit: EXIT.environment, code: 'outcome_unknown' });
    const interrupted = { ...posted, interrupted: true };
    expect(outcomeOf(new Error('interrupted'), interrupted)).toMatchObject({
      exit: EXIT.interrupted,
      code: 'outcome_unknown',
      todo: 'Look first what the key has: canswarm stake show acme-requester',
    });
  });

  it('is another thing than one that was refused', () => {
    const refused = new ApiError(409, 'refused', 'TRANSFER is refused', '');
    expect(outcomeOf(refused, posted)).toBe(refused);
  });
});
