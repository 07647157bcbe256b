import { hireOn } from '@canswarm/agent';
import { freeAccount, stakeOf } from '@canswarm/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentTold, runAgent } from '../../../src/agent-process/run-agent.ts';
import { type TwoHosts, twoHosts, until } from './two-hosts.ts';

const MS = 120_000;
const CREDIT = 1_000_000;
/** Whether it is an amount less what a few entries cost for their places in the log. */
const lessLogFees = (is: number | undefined, all: number): boolean =>
  is !== undefined && is < all && is > all - CREDIT / 100;
let hosts: TwoHosts;
beforeAll(async () => {
  hosts = await twoHosts();
}, MS);
afterAll(() => hosts.close(), MS);

const agentFile = (name: string): string => new URL(`./agents/${name}.ts`, import.meta.url).href;

/** An agent's process at globex, in this one. */
function run(name: string): { readonly told: AgentTold[]; readonly ended: Promise<void>; stop(): Promise<void> } {
  const told: AgentTold[] = [];
  const abort = new AbortController();
  const ended = runAgent({
    host: hosts.globex().agents,
    engine: agentFile(name),
    watches: false,
    credits: null,
    stake: null,
    threads: 1,
    signal: abort.signal,
    onTold: (one) => told.push(one),
  });
  ended.catch(() => undefined);
  return {
    told,
    ended,
    async stop() {
      abort.abort();
      await ended;
    },
  };
}

const attached = (told: readonly AgentTold[]) => told.find((one) => one.type === 'attached');
const isNews = (told: readonly AgentTold[], type: string): boolean =>
  told.some((one) => one.type === 'news' && one.event.type === type);

describe('an agent attached to a node of its organisation', () => {
  it('is made a member with credits, hired by its manifest, works and is paid', async () => {
    const worker = run('word-counter');
    await until(() => attached(worker.told) !== undefined, 'it is attached');
    const agent = attached(worker.told)?.agent;
    expect(agent).toMatchObject({ name: 'word-counter', org: 'globex', node: 'globex', stake: 0 });
    const did = agent?.did ?? '';
    const globex = hosts.globex();
    expect(lessLogFees(agent?.free, 20 * CREDIT)).toBe(true);
    expect(globex.folder.read().agents.find((one) => one.did === did)).toMatchObject({
      name: 'word-counter',
      execute: 'agent:word-counter',
      evaluate: null,
    });

    const [found, ...others] = await hosts.acme.agents.search('COUNTS text');
    expect(others).toEqual([]);
    expect(found).toMatchObject({ name: 'word-counter', did, org: 'globex', canBond: true, free: agent?.free });
    expect(await hosts.acme.agents.search('tea')).toEqual([]);

    const work = await hireOn(hosts.desk, 'word-count', { text: 'to be or not to be' }, { budget: 2 });
    const output = await work.output();
    expect(output.value).toEqual({ words: 6 });
    expect(output.files.map(({ name }) => name)).toEqual(['said.txt']);
    expect(new TextDecoder().decode(await work.file('said.txt'))).toBe('to be or not to be');
    expect((await work.state()).worker).toBe(did);
    await until(() => isNews(worker.told, 'finalized'), 'it hears that it is paid');
    expect(worker.told.map(({ type }) => type)).toEqual(expect.arrayContaining(['started', 'progress', 'done']));
    expect(lessLogFees(globex.node.balance(freeAccount(agent?.did ?? ('' as never))), 20.196 * CREDIT)).toBe(true);
    await worker.stop();
    await until(() => globex.agents.sessionOf('word-counter') === null, 'its session is over');
    expect(await hosts.acme.agents.search('')).toEqual([]);
  }, 120_000);

  it('goes on where it stopped when it is attached again, one process at a time', async () => {
    const first = run('word-counter');
    await until(() => attached(first.told) !== undefined, 'it is attached again');
    expect(lessLogFees(attached(first.told)?.agent.free, 20.196 * CREDIT)).toBe(true);
    const second = run('word-counter');
    await expect(second.ended).rejects.toMatchObject({ name: 'HostError', code: 'agent_attached' });
    await first.stop();
  }, 60_000);

  it('gives a lease back at once when its process goes, and holds its key after a restart of the node', async () => {
    const worker = run('word-counter');
    await until(() => attached(worker.told) !== undefined, 'it is attached');
    const work = await hireOn(hosts.desk, 'word-count', { text: 'never' }, { budget: 2 });
    await until(() => worker.told.some(({ type }) => type === 'started'), 'it works');
    await worker.stop();
    const lost = async (): Promise<string | undefined> => {
      for await (const event of work) {
        if (event.type !== 'entry') continue;
        for (const one of event.events) if (one.type === 'lease_lost') return one.reason;
      }
      return undefined;
    };
    expect(await lost()).toBe('yielded');
    work.close();
    await hosts.restartGlobex();
    const { node, agents } = hosts.globex();
    const did = attached(worker.told)?.agent.did;
    const held = node.identities.find(({ signer }) => signer.did === did);
    expect(held?.skills.size).toBe(0);
    expect(agents.sessionOf('word-counter')).toBeNull();
  }, 120_000);

  it('stakes as a verifier, with a chain whose tip the log knows', async () => {
    const judge = run('word-judge');
    await until(() => attached(judge.told) !== undefined, 'it is attached');
    const { did = '' as never, free, stake } = attached(judge.told)?.agent ?? {};
    const { node } = hosts.globex();
    expect(lessLogFees((free ?? 0) + (stake ?? 0), 20 * CREDIT)).toBe(true);
    expect(lessLogFees(stake, 10 * CREDIT)).toBe(true);
    expect(stakeOf(node.state, did)).toBe(stake);
    expect(node.state.members.get(did)?.revealsLeft).toBe(16_384);
    await judge.stop();
  }, 60_000);

  it('plans for its share while its process is there', async () => {
    const planner = run('word-planner');
    await until(() => attached(planner.told) !== undefined, 'it is attached');
    const { node } = hosts.globex();
    const held = () => node.identities.find(({ signer }) => signer.did === attached(planner.told)?.agent.did);
    expect(held()?.share?.({ body: { skill: 'word-count' } } as never, 1_000_001)).toBe(50_001);
    await planner.stop();
    await until(() => held()?.share === null, 'it plans no more');
  }, 60_000);
});
