import { type ApiClient, bytesOf } from '@canswarm/api';
import { softwareSigner } from '@canswarm/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerOf } from '../../src/audit/ledger.ts';
import { logOf } from '../../src/proof/read-log.ts';
import { BRIEF, Running } from './running.ts';

const CREDIT = 1_000_000;
const STRANGER = `did:key:z6Mk${'1'.repeat(44)}`;

let running: Running;
let client: ApiClient;
let verifier: { readonly name: string; readonly did: string };
let requester: { readonly name: string; readonly did: string };

beforeAll(async () => {
  running = await (await Running.found()).start();
  client = running.client();
  const { agents } = running.host.file;
  const [one] = agents.filter(({ chainLength }) => chainLength !== null);
  const two = agents.find((agent) => agent.requester);
  if (one === undefined || two === undefined) throw new Error('a local network has a verifier and a requester');
  [verifier, requester] = [one, two];
}, 120_000);
afterAll(() => running.remove());

/** What an entry cost for its place in the log. */
const logFeeOf = (events: readonly Readonly<Record<string, unknown>>[]): number =>
  events.filter(({ code }) => code === 'log_fee').reduce((sum, { amount }) => sum + Number(amount), 0);

describe('money and stake of a running network', () => {
  it('stake leaves use, and is withdrawn when its period has passed', async () => {
    const before = await client.account({ did: verifier.did });
    const taken = await client.postEntry({ body: { by: verifier.name, say: { verb: 'UNBOND', amount: 5 * CREDIT } } });
    expect(taken).toMatchObject({
      by: verifier.did,
      events: [{ code: 'unbond' }, { type: 'unbonding_opened' }, { code: 'log_fee' }],
    });
    const account = await client.account({ did: verifier.did });
    const fee = logFeeOf(taken.events);
    expect(before.free + before.stake - account.free - account.stake).toBe(5 * CREDIT + fee);
    expect(account).toMatchObject({ active: true });
    expect(account.unbondings).toMatchObject([{ id: taken.id, amount: 5 * CREDIT, over: false }]);
    const early = client.postEntry({ body: { by: verifier.did, say: { verb: 'WITHDRAW', unbonding: taken.id } } });
    await expect(early).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('slashable') });
  });

  it('credits set aside are paid by the payer alone, once', async () => {
    const say = { verb: 'ESCROW', to: verifier.did, amount: 3 * CREDIT, periodMs: 600_000, create: false } as const;
    const { id } = await client.postEntry({ body: { by: requester.name, say } });
    const held = await client.account({ did: requester.did });
    expect(held.escrows).toMatchObject([{ id, payer: requester.did, payee: verifier.did, amount: 3 * CREDIT }]);
    const settle = { verb: 'SETTLE', escrow: id, amount: 2 * CREDIT } as const;
    await expect(client.postEntry({ body: { by: verifier.name, say: settle } })).rejects.toMatchObject({
      code: 'refused',
    });
    const before = await client.account({ did: verifier.did });
    await client.postEntry({ body: { by: requester.name, say: settle } });
    const after = await client.account({ did: verifier.did });
    expect(after.free - before.free).toBe(2 * CREDIT);
    expect(after.escrows).toEqual([]);
    await expect(client.postEntry({ body: { by: requester.name, say: settle } })).rejects.toMatchObject({
      code: 'refused',
    });
  });

  it('what is set aside for a key without an account is told to whoever asks for it', async () => {
    const newcomer = softwareSigner(new Uint8Array(32).fill(7)).did;
    const say = { verb: 'ESCROW', to: newcomer, amount: CREDIT, periodMs: 600_000, create: true } as const;
    const { id } = await client.postEntry({ body: { by: requester.name, say } });
    expect(await client.account({ did: newcomer })).toMatchObject({ free: 0, escrows: [{ id, payee: newcomer }] });
    await client.postEntry({ body: { by: requester.name, say: { verb: 'SETTLE', escrow: id, amount: 0 } } });
    await expect(client.account({ did: newcomer })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('who leaves the pool is in it no more', async () => {
    const before = await client.pool();
    expect(before.k.length).toBeGreaterThan(0);
    await client.postEntry({ body: { by: verifier.name, say: { verb: 'LEAVE' } } });
    const after = await client.pool();
    expect(after.active).toBe(before.active - 1);
    expect(after.away).toMatchObject([{ did: verifier.did, active: false, silences: 0 }]);
    expect(await client.account({ did: verifier.did })).toMatchObject({ active: false });
    await client.postEntry({ body: { by: verifier.name, say: { verb: 'JOIN' } } });
    expect((await client.pool()).active).toBe(before.active);
    await expect(client.postEntry({ body: { by: verifier.name, say: { verb: 'JOIN' } } })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('could join again'),
    });
  });

  it('who has no stake is not drawn', async () => {
    const [, two] = running.host.file.agents.filter(({ chainLength }) => chainLength !== null);
    if (two === undefined) throw new Error('a local network has two verifiers');
    const { stake } = await client.account({ did: two.did });
    await client.postEntry({ body: { by: two.name, say: { verb: 'UNBOND', amount: stake } } });
    expect(await client.account({ did: two.did })).toMatchObject({ stake: 0, active: false });
    expect((await client.pool()).away).toMatchObject([{ did: two.did, active: true, stake: 0 }]);
  });

  it('amounts of a refusal are in credits', async () => {
    const say = { verb: 'TRANSFER', to: verifier.did, amount: 999_999 * CREDIT, create: false } as const;
    await expect(client.postEntry({ body: { by: requester.name, say } })).rejects.toMatchObject({
      code: 'refused',
      hint: expect.stringMatching(
        /^free [0-9.]+ credits, amount 999999 credits\. Send it some first: canswarm pay send KEY did:key:/,
      ),
    });
  });

  it('a trial by sealed bids is refused before anything is said', async () => {
    const asked = client.postBrief({ body: { ...BRIEF, trial: 'funded', auction: 'sealed' } });
    await expect(asked).rejects.toMatchObject({ status: 400, message: expect.stringContaining('no sealed auction') });
  });

  it('results are told while they can be challenged', async () => {
    const { needId } = await client.postBrief({ body: BRIEF });
    let seen = 0;
    for await (const event of client.needEvents({ id: needId })) {
      if (event.type !== 'entry' || !event.data.events.some(({ type }) => type === 'window_opened')) continue;
      const { results, logTime } = await client.challenges();
      const own = results.filter((one) => one.needId === needId);
      expect(own).toMatchObject([{ verdict: 'pass', challenges: [] }]);
      expect(own[0]?.closesAt).toBeGreaterThan(logTime);
      seen += 1;
    }
    expect(seen).toBe(1);
  }, 90_000);

  it('every balance follows from the log that the node tells', async () => {
    const { crypto, genesis } = running.host;
    const log = logOf(genesis, await bytesOf(await client.auditLog(), 64 * 1024 * 1024), { sha256: crypto.sha256 });
    if (!log.ok) throw new Error(log.detail);
    const ledger = ledgerOf(genesis, log.entries, { crypto });
    expect([ledger.sum, ledger.disagreements, ledger.broken]).toEqual([0n, [], null]);
    const { free } = await client.account({ did: requester.did });
    expect(ledger.balances.get(`free/${requester.did}` as never)).toBe(free);
  });

  it('what only looks like a key or an id is refused, and the node goes on', async () => {
    const to = `did:key:z6Mk${'2'.repeat(44)}`;
    const id = `b${'z'.repeat(58)}`;
    const said = [
      { verb: 'TRANSFER', to, amount: 1, create: true },
      { verb: 'ESCROW', to, amount: 1, periodMs: 1, create: true },
      { verb: 'SETTLE', escrow: id, amount: 0 },
      { verb: 'WITHDRAW', unbonding: id },
    ] as const;
    for (const say of said)
      await expect(client.postEntry({ body: { by: requester.name, say } })).rejects.toMatchObject({
        code: 'malformed',
      });
    const sound = { verb: 'TRANSFER', to: verifier.did, amount: 1, create: false } as const;
    await client.postEntry({ body: { by: requester.name, say: sound } });
  });

  it('stake of a key that is no verifier is refused, and nothing is locked', async () => {
    const before = await client.account({ did: requester.did });
    const staked = client.postEntry({ body: { by: requester.name, say: { verb: 'STAKE', amount: 1 } } });
    await expect(staked).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('is no verifier') });
    const { free, stake } = await client.account({ did: requester.did });
    expect({ free, stake }).toEqual({ free: before.free, stake: 0 });
    const much = client.postEntry({ body: { by: verifier.name, say: { verb: 'STAKE', amount: 999 * CREDIT } } });
    const hint = expect.stringContaining(`canswarm pay send KEY ${verifier.did}`);
    await expect(much).rejects.toMatchObject({ code: 'refused', hint });
  });

  it('keys that are not here, and keys that nobody knows, are told so', async () => {
    const stake = { by: STRANGER, say: { verb: 'STAKE', amount: 1 } } as const;
    await expect(client.postEntry({ body: stake })).rejects.toMatchObject({ code: 'not_found' });
    await expect(client.account({ did: STRANGER })).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    { verb: 'TRANSFER', to: STRANGER, amount: 1, create: true },
    { verb: 'ESCROW', to: STRANGER, amount: 1, periodMs: 1, create: true },
    { verb: 'SETTLE', escrow: `b${'7'.repeat(58)}`, amount: 0 },
    { verb: 'WITHDRAW', unbonding: `b${'7'.repeat(58)}` },
  ] as const)('what only looks like a key or an id is malformed: $verb', async (say) => {
    const said = client.postEntry({ body: { by: requester.name, say } });
    await expect(said).rejects.toMatchObject({ code: 'malformed' });
  });
});
