import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HiredWork, type HireOptions, hireOn, type WorkEvent } from '@canswarm/agent';
import { ApiClient, httpTransport, type NeedEvent } from '@canswarm/api';
import { afterEach, expect, it } from 'vitest';
import { writeProof } from '../../src/proof/folder/write-proof.ts';
import { verifyProof } from '../../src/proof/verify-proof.ts';
import { bundledOffer } from '../../src/skills/bundled.ts';
import { judgingTools } from '../../src/skills/judging-tools.ts';
import { ApiDesk } from '../../src/work/api-desk.ts';
import { network } from '../../src/work/open-network.ts';
import { openElsewhere, TOKEN } from '../api/elsewhere.ts';
import { Running } from '../api/running.ts';
import agent from './patient-agent.ts';

const SKILL = agent.skills['wait-for-file'];
const OPTIONS: HireOptions = { budget: 3 };

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'can-hire-'));
  closers.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Writes the proof of work as users do, sees that it holds, and that it does not once `altered` is another. */
async function expectProof(work: HiredWork<unknown>, altered: string): Promise<string> {
  const out = folder();
  const proof = join(out, 'proof');
  writeProof(proof, await work.proof({ includeSources: true }));
  expect(await verifyProof(proof, { reexecute: true, tools: judgingTools() })).toMatchObject({ ok: true });
  const held = readFileSync(join(out, altered), 'utf8');
  writeFileSync(join(out, altered), `${held} `);
  expect(await verifyProof(proof, {})).toMatchObject({ ok: false });
  return held;
}

it('work hired in this process tells its progress while it is under way, and gives a proof that holds', async () => {
  const net = await network({ agents: [new URL('./patient-agent.ts', import.meta.url)] });
  closers.push(() => net.close());
  const until = join(folder(), 'go');
  const work = await net.hire(SKILL, { until }, OPTIONS);
  const told: string[] = [];
  for await (const event of work) {
    told.push(event.type);
    if (event.type !== 'progress') continue;
    expect(event).toMatchObject({ name: 'patient', done: 1, total: 2, note: 'waiting' });
    expect((await work.state()).stage).toBe('working');
    writeFileSync(until, '');
  }
  expect(told).toContain('progress');
  expect(await work.result()).toEqual({ done: true });
  expect(await expectProof(work, 'files/note.txt')).toBe('it came');
});

it('work hired through a node, by a sealed auction, gives a proof that holds', async () => {
  const node = await (await Running.found()).start();
  closers.push(() => node.remove());
  const desk = new ApiDesk(node.far(), bundledOffer);
  const example = (await bundledOffer('table-clean'))?.verification.example;
  if (example == null) throw new Error('table-clean has an example');
  const files = Object.fromEntries(example.files);
  const market = { auction: 'sealed', sealedCap: 2, reputation: 20 } as const;
  const work = await hireOn(desk, 'table-clean', example.input, { ...OPTIONS, ...market, files });
  const { body } = await node.client().getNeed({ id: work.id });
  expect(body).toMatchObject({
    auction: 'sealed',
    capSealed: true,
    scoring: { priceBps: 6_000, reputationBps: 2_000 },
  });
  expect(await work.result()).toEqual(example.output);
  expect(JSON.parse(await expectProof(work, 'result.json'))).toMatchObject({ output: example.output });
  expect(node.defects).toEqual([]);
});

it('what a node tells of progress comes out of the handle', async () => {
  const need = `bafyreia${'a'.repeat(51)}`;
  const from = `did:key:z6Mk${'h'.repeat(44)}`;
  const said = { from, role: 'patient', done: 1, total: 2, note: 'waiting' };
  async function* events(): AsyncGenerator<NeedEvent> {
    yield { type: 'progress', id: null, data: said };
    yield { type: 'end', id: '1.1', data: { needId: need, stage: 'final', worker: null, reason: null, settledAt: 1 } };
  }
  const server = await openElsewhere({ needEvents: () => events() });
  closers.push(() => server.close());
  const desk = new ApiDesk(new ApiClient(httpTransport({ baseUrl: server.address, token: TOKEN })), async () => null);
  const told: WorkEvent[] = [];
  for await (const event of desk.events(need as never, new AbortController().signal)) told.push(event);
  expect(told).toEqual([{ type: 'progress', from, name: 'patient', done: 1, total: 2, note: 'waiting' }]);
});

it('there is no proof of work that ended without a result', async () => {
  const net = await network();
  closers.push(() => net.close());
  const work = await net.hire(SKILL, { until: '/' }, OPTIONS);
  await expect(work.proof()).rejects.toMatchObject({ name: 'HireError', code: 'not_done' });
});
