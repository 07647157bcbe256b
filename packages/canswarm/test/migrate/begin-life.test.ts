import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteStore } from '@canswarm/local';
import { sqliteLog } from '@canswarm/log-sqlite';
import { HashChain, type Identity } from '@canswarm/node';
import { encodeCapsule, type Genesis, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { HostError, type NetworkFolder } from '../../src/index.ts';
import { type BeginLifeOptions, beginLife, type NewLife } from '../../src/migrate/begin-life.ts';
import { SHARD } from '../../src/network/network.ts';
import { openPolicy } from '../../src/policy/open-policy.ts';
import { crypto, example, task } from '../audit/example-log.ts';
import { SmallLog, seedOf } from '../proof/small-log.ts';
import { follow, networkHere } from './here.ts';

const { genesis } = example.log;
const ENTRIES: readonly Uint8Array[] = example.log.entries.map(({ bytes }) => bytes);
/** Entries that both logs begin with: of the task that is hired for, four. */
const SHARED = 4;

/** A log that begins as the example's, and goes on with something else. */
function otherEntries(): readonly Uint8Array[] {
  const log = new SmallLog();
  const need = log.post(task);
  log.hire(need);
  const { did } = log.worker.signer;
  log.log(log.requester, null, 'TRANSFER', { to: did, amount: 7, create: false });
  return log.entries.map(({ bytes }) => bytes);
}

/** Verifiers by number, as agents of a node. */
function agentOf(index: number) {
  const signer = new SmallLog().verifiers[index]?.signer;
  if (signer === undefined) throw new Error('seven verify');
  return {
    ...{ key: `verifier ${index}`, name: `v${index}`, did: signer.did, org: `org-${index}`, asn: 64_500 + index },
    ...{ region: 'region', chainLength: 32, skills: [], execute: null, evaluate: null, inspect: null },
    ...{ priceBps: null, requester: false, credential: null },
  };
}

/** A home whose nodes have these verifiers: node-1 the first list, node-2 the second. */
function homeWith(...verifiers: readonly (readonly number[])[]): NetworkFolder {
  const folder = networkHere();
  const file = folder.node('node-1').read();
  for (const [index, some] of verifiers.entries())
    folder.node(`node-${index + 1}`).write({ ...file, name: `node-${index + 1}`, agents: some.map(agentOf) });
  return folder;
}

async function refill(folder: NetworkFolder, records: readonly Uint8Array[]): Promise<void> {
  for (const part of ['', '-wal', '-shm']) rmSync(`${folder.logPath}${part}`, { force: true });
  const log = sqliteLog({ path: folder.logPath });
  await log.append(SHARD, records);
  await log.close();
}

/** Has a node take these records, whatever the log has later. */
async function take(folder: NetworkFolder, records: readonly Uint8Array[], name = 'node-1') {
  await refill(folder, records);
  return followed(folder, records.length, name);
}

async function followed(folder: NetworkFolder, entries: number, name = 'node-1', keys: readonly Identity[] = []) {
  const log = sqliteLog({ path: folder.logPath });
  try {
    return await follow(folder, log, entries, name, keys);
  } finally {
    await log.close();
  }
}

const about = (folder: NetworkFolder, own: Partial<BeginLifeOptions> = {}): BeginLifeOptions => ({
  ...{ folder, genesis, crypto, statements: [], signTo: null, again: false, onProgress: () => undefined },
  keys: { open: async (name) => seedOf(name), create: () => Promise.reject(new Error('none')), close: () => undefined },
  open: async (path) => sqliteLog({ path }),
  ...own,
});

async function failure(work: Promise<unknown>): Promise<HostError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HostError)) throw new Error(`a HostError is due, not ${error}`);
  return error;
}

describe('another life of a log that went on without what its nodes took', () => {
  it('begins where the log ends, with two thirds of the stake; nodes drop what they held beyond, and are told', async () => {
    const folder = homeWith([0, 1, 2], [3, 4]);
    await take(folder, ENTRIES);
    await take(folder, ENTRIES.slice(0, 6), 'node-2');
    const other = otherEntries();
    await refill(folder, other);
    // A node that starts all the same does not go on from a history that is nobody's.
    const longer = [...other, ...ENTRIES.slice(SHARED)];
    await refill(folder, longer);
    await expect(followed(folder, longer.length + ENTRIES.length)).rejects.toMatchObject({
      code: 'forked',
      message: expect.stringContaining('canswarm recover log'),
    });
    await refill(folder, other);
    const life = await beginLife(about(folder));
    expect(life).toMatchObject({ incarnation: 2, position: other.length, begun: true, restored: 0 });
    expect(life.signers).toHaveLength(5);
    expect([life.signed, life.stake]).toEqual([50_000_000, 70_000_000]);
    expect(life.dropped.map(({ node, entries }) => [node, entries])).toEqual([
      ['node-1', ENTRIES.length - SHARED],
      ['node-2', 2],
    ]);
    expect(life.account.records).toBe(other.length + 1);
    for (const name of ['node-1', 'node-2'])
      expect(await followed(folder, other.length + 1, name)).toMatchObject({
        ...{ incarnation: 2, position: other.length + 1 },
      });
    // What was said in the life before, and was lost, comes back without effect.
    const log = sqliteLog({ path: folder.logPath });
    await log.append(SHARD, [ENTRIES[SHARED] as Uint8Array]);
    await log.close();
    expect((await followed(folder, other.length + 2)).position).toBe(other.length + 2);
    expect(existsSync(join(folder.path, 'migration.json'))).toBe(false);
    // Done again it only follows.
    const again = await beginLife(about(folder));
    expect(again).toMatchObject({ begun: false, dropped: [], incarnation: 2 });
  });

  it('is refused without that: whose signatures lack is said, and nothing changes', async () => {
    const folder = homeWith([0, 1, 2, 3]);
    await take(folder, ENTRIES);
    const other = otherEntries();
    await refill(folder, other);
    const { code, message } = await failure(beginLife(about(folder)));
    expect(code).toBe('stake_lacking');
    expect(message).toContain('57.1 %');
    for (const index of [4, 5, 6]) expect(message).toContain(`${agentOf(index).did} of org:org-${index}, 14.2 %`);
    const log = sqliteLog({ path: folder.logPath });
    expect(await log.head(SHARD)).toBe(other.length);
    await log.close();
  });

  it('begins with what other homes signed, which follow it afterwards', async () => {
    const [here, there] = [homeWith([0, 1, 2]), homeWith([3, 4])];
    const other = otherEntries();
    await take(here, other.slice(0, SHARED));
    await take(there, ENTRIES);
    await refill(here, other);
    const place = here.node('node-1').read().log;
    there.node('node-1').write({ ...there.node('node-1').read(), log: place });
    const file = join(there.path, 'statements');
    const signed = await beginLife(about(there, { signTo: file }));
    expect(signed).toMatchObject({ begun: false, incarnation: 2, signed: 20_000_000 });
    expect(signed.dropped).toMatchObject([{ node: 'node-1', entries: ENTRIES.length - SHARED }]);
    expect((await failure(beginLife(about(here)))).code).toBe('stake_lacking');
    const life = await beginLife(about(here, { statements: [file] }));
    expect(life).toMatchObject({ begun: true, signed: 50_000_000, dropped: [] });
    const follows = await beginLife(about(there));
    expect(follows).toMatchObject({ begun: false, incarnation: 2 });
    expect(follows.dropped).toMatchObject([{ node: 'node-1', entries: ENTRIES.length - SHARED }]);
    there.node('node-1').write({ ...there.node('node-1').read(), log: place });
    const log = sqliteLog({ path: place });
    expect(await follow(there, log, other.length + 1)).toMatchObject({ incarnation: 2 });
    await log.close();
  });

  it('is signed for in one place: for another only where its owner says so; and statements of another are refused', async () => {
    const folder = homeWith([0, 1, 2, 3, 4]);
    const other = otherEntries();
    await take(folder, other.slice(0, SHARED));
    const file = join(folder.path, 'statements');
    await beginLife(about(folder, { signTo: file }));
    await refill(folder, other);
    expect((await failure(beginLife(about(folder)))).code).toBe('life_signed');
    expect((await failure(beginLife(about(folder, { again: true, statements: [file] })))).code).toBe('statement_other');
    expect((await failure(beginLife(about(folder, { again: true, statements: ['/nowhere'] })))).code).toBe('not_found');
    expect(await beginLife(about(folder, { again: true }))).toMatchObject({ begun: true, position: other.length });
  });

  it('is not begun where all that is lost can be given back', async () => {
    const folder = homeWith([0, 1, 2, 3, 4]);
    await take(folder, ENTRIES);
    await refill(folder, ENTRIES.slice(0, SHARED));
    const { code, hint } = await failure(beginLife(about(folder)));
    expect([code, hint]).toEqual(['log_whole', expect.stringContaining('canswarm recover log')]);
  });

  it('is given back first what nodes with two thirds of the stake hold, where not all hold the same', async () => {
    const folder = homeWith([0, 1, 2, 3, 4], [5, 6]);
    await take(folder, ENTRIES);
    const other = otherEntries();
    await take(folder, other, 'node-2');
    await refill(folder, ENTRIES.slice(0, 2));
    const life = await beginLife(about(folder));
    expect(life).toMatchObject({ begun: true, restored: ENTRIES.length - 2, position: ENTRIES.length });
    expect(life.dropped).toMatchObject([{ node: 'node-2', entries: other.length - SHARED }]);
  });

  it('begins by a key that the policy of the network grants it, where it does not grant it to each', async () => {
    const { verifiers } = new SmallLog();
    const [first, second] = [verifiers[0]?.signer.did, verifiers[1]?.signer.did];
    const granting = (authority: readonly string[]): Genesis => {
      const { capsule, wasm } = openPolicy('policies/base');
      const verbs = { anyone: ['JOIN'], verifier: ['ATTEST_STATE'], authority };
      const own = { ...capsule, parameters: { ...capsule.parameters, verbs } };
      return { ...genesis, authority: second ?? '', policy: { capsule: encodeCapsule(own), engine: wasm } } as Genesis;
    };
    const beginning = async (authority: readonly string[]): Promise<NewLife> => {
      const folder = homeWith([0, 1, 2, 3, 4]);
      await refill(folder, []);
      return beginLife(about(folder, { genesis: granting(authority) }));
    };
    const none = await failure(beginning([]));
    expect(none).toMatchObject({ code: 'refused', hint: expect.stringContaining('in another home') });
    for (const did of [first, second]) expect(none.message).toContain(`${did} by policy_denied`);
    expect(await beginning(['RESTART'])).toMatchObject({ incarnation: 2, begun: true, account: { entries: 1 } });
  });

  it('has a node that held more say nothing before it has come to where the life begins', async () => {
    const folder = homeWith([0, 1, 2, 3, 4]);
    await take(folder, ENTRIES);
    const other = otherEntries();
    await refill(folder, other);
    await beginLife(about(folder));
    const { said } = await followed(folder, other.length + 1, 'node-1', [verifierOf(0)]);
    expect(said.length).toBeGreaterThan(0);
    for (const head of said) expect(head).toMatchObject({ incarnation: 2, position: other.length + 1 });
  });

  it('leaves a node what it signed in what is kept, and nothing that it signed beyond', async () => {
    const folder = homeWith([0, 1, 2, 3, 4]);
    await take(folder, ENTRIES);
    const kept = voteAt(2);
    const lost = voteAt(ENTRIES.length);
    const store = sqliteStore({ path: folder.node('node-1').storePath });
    store.batch(
      [
        { key: 'vote/need/kept', value: kept },
        { key: 'vote/need/lost', value: lost },
        { key: 'mine/other', value: utf8('what it remembers') },
      ],
      { sync: true },
    );
    store.close();
    await refill(folder, otherEntries());
    await beginLife(about(folder));
    const after = sqliteStore({ path: folder.node('node-1').storePath });
    expect(['vote/need/kept', 'vote/need/lost', 'mine/other'].map((key) => after.get(key) !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
    after.close();
  });
});

/** A verifier by number, that a node may act for. */
function verifierOf(index: number): Identity {
  const signer = new SmallLog().verifiers[index]?.signer;
  if (signer === undefined) throw new Error('seven verify');
  const chain = new HashChain(crypto.sha256(utf8(`small-log/chain/verifier ${index}`)), 32, crypto.sha256);
  return {
    ...{ signer, chain, skills: new Set<string>(), engines: { execute: null, evaluate: null, inspect: null } },
    ...{ offer: null, disputes: 'off', planner: null, share: null, divides: null, silent: false, lifeless: false },
  };
}

/** An envelope that saw the log at a position. */
function voteAt(position: number): Uint8Array {
  const log = new SmallLog();
  log.state.position = position;
  const [first] = log.verifiers;
  if (first === undefined) throw new Error('seven verify');
  return log.gossip(first, null, 'REPORT', { time: 1, preimage: null }).bytes;
}
