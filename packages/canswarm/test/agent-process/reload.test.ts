import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { blockFetcher, buildTerms, publishBundle, readBundle } from '@canswarm/agent';
import { nodeCrypto } from '@canswarm/local';
import { memoryContent } from '@canswarm/memory';
import type { SkillResult } from '@canswarm/ports';
import { asNeedId, type Cid, cidOf, utf8 } from '@canswarm/protocol';
import { afterEach, expect, it, vi } from 'vitest';
import { type AgentTold, runAgent } from '../../src/agent-process/run-agent.ts';
import type { AgentHost, JobOutcome } from '../../src/host/attach/agent-host.ts';
import { AgentSession } from '../../src/host/attach/agent-session.ts';

const { sha256 } = nodeCrypto();
const MS = 60_000;
const WAIT = { timeout: 20_000, interval: 25 };
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const schema = { type: 'object' };
const code = (words: string, name = 'counter'): string => `
  import { defineAgent } from '@canswarm/agent';
  import { factor } from './factor.ts';
  export default defineAgent({
    name: ${JSON.stringify(name)},
    skills: [{ id: 'word-count', description: 'Counts.', inputSchema: { type: 'object' }, outputSchema: { type: 'object' },
      price: 1, execute: async (input, { signal }) => { ${words} } }],
  });`;

/** A node's side in memory: one session, whatever attaches. */
function nodeOf(content = memoryContent(sha256)) {
  const updates: string[] = [];
  let session = new AgentSession('', '', () => undefined);
  const host: AgentHost = {
    async attach({ manifest }) {
      session = new AgentSession('s', manifest.name, () => undefined);
      const whose = { org: 'acme', node: 'acme', did: 'did:key:z' as never, network: 'b' as never };
      return { session: 's', name: manifest.name, free: 0, stake: 0, ...whose };
    },
    async update(_session, manifest) {
      updates.push(manifest.name);
    },
    events: (_session, signal) => session.events(signal),
    progress: async (_session, id, progress) => session.progress(id, progress),
    line: async (_session, id, line) => session.line(id, line),
    settle: async (_session, id, outcome: JobOutcome) => session.settle(id, outcome),
    getBlock: (cid, options) => content.get(cid, options),
    putBlocks: (blocks) => content.putBlocks(blocks),
  };
  return { host, content, updates, session: () => session };
}

/** An agent's file in a folder of the workspace, where it finds its packages, and its process. */
async function start(first: string) {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const folder = mkdtempSync(join(here, 'code-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const save = (text: string, name = 'agent.ts'): void => writeFileSync(join(folder, name), text);
  save('export const factor = 1;', 'factor.ts');
  save(first);
  const node = nodeOf();
  const told: AgentTold[] = [];
  const abort = new AbortController();
  const engine = pathToFileURL(join(folder, 'agent.ts')).href;
  const plain = { credits: null, stake: null, threads: 2, watches: true };
  const ended = runAgent({ ...plain, host: node.host, engine, signal: abort.signal, onTold: (one) => told.push(one) });
  closers.push(async () => {
    abort.abort();
    await ended;
  });
  const heard = (type: AgentTold['type'], times = 1): Promise<void> =>
    vi.waitFor(() => expect(told.filter((one) => one.type === type).length).toBeGreaterThanOrEqual(times), WAIT);
  await Promise.race([heard('attached'), ended]);
  return { ...node, told, save, heard };
}

/** Hands out a job and gives its outcome. */
async function job({ content, session }: ReturnType<typeof nodeOf>): Promise<SkillResult> {
  const terms = buildTerms(
    { skill: 'word-count', inputSchema: schema, outputSchema: schema, checks: [], module: null, example: null },
    sha256,
  );
  await content.putBlocks(terms.blocks);
  const input = await publishBundle(content, { value: {}, files: new Map(), citations: [] }, sha256);
  const need = asNeedId(cidOf(utf8('need'), 'dag-cbor', sha256) as Cid);
  const task = { need, skill: 'word-count', goal: null, inputs: [input], acceptance: terms.cid, attempt: 1 };
  const work = { action: 'execute', skill: 'word-count', engine: 'agent:counter' } as const;
  const signal = new AbortController().signal;
  return session().run({ ...work, task: { ...task, price: 1, timeMs: MS } }, { signal, deadlineMs: MS });
}

async function outputOf(node: ReturnType<typeof nodeOf>, result: SkillResult): Promise<unknown> {
  const [output] = result.action === 'execute' ? result.outputs : [];
  if (output === undefined) throw new Error('no output');
  return (await readBundle(output, blockFetcher(node.content))).value;
}

it(
  'takes up what is saved, in the file and beside it; what is under way ends on the old code',
  async () => {
    const go = join(mkdtempSync(join(tmpdir(), 'canswarm-go-')), 'go');
    closers.push(() => rmSync(dirname(go), { recursive: true, force: true }));
    const wait = `const { existsSync } = await import('node:fs');
      while (!existsSync(${JSON.stringify(go)})) await new Promise((next) => setImmediate(next));`;
    const agent = await start(code(`${wait} return { version: 1 };`));
    const old = job(agent);
    await agent.heard('started');
    agent.save(code('return { version: 2, factor };'));
    await agent.heard('reloaded');
    expect(await outputOf(agent, await job(agent))).toEqual({ version: 2, factor: 1 });
    agent.save('export const factor = 5;', 'factor.ts');
    await agent.heard('reloaded', 2);
    expect(await outputOf(agent, await job(agent))).toEqual({ version: 2, factor: 5 });
    writeFileSync(go, '');
    expect(await outputOf(agent, await old)).toEqual({ version: 1 });
    expect(agent.updates.length).toBeGreaterThanOrEqual(2);
  },
  MS,
);

it(
  'keeps the code it has when a save cannot be used, and says why',
  async () => {
    const agent = await start(code('return { version: 1 };'));
    agent.save('export default {');
    await agent.heard('broken');
    expect(await outputOf(agent, await job(agent))).toEqual({ version: 1 });
    agent.save(code('return { version: 2 };', 'another'));
    await agent.heard('broken', 2);
    const broken = agent.told.filter((one) => one.type === 'broken').map(({ why }) => why);
    expect(broken[0]).toMatch(/\/agent\.ts:1: \S/);
    expect(broken.at(-1)).toContain('its name became "another"');
    expect(await outputOf(agent, await job(agent))).toEqual({ version: 1 });
  },
  MS,
);

it(
  'takes no file for code that appears later, but where code lacks one',
  async () => {
    const agent = await start(code('return { version: 1 };'));
    agent.save('{}', 'result.json');
    const savedAt = performance.now();
    while (performance.now() - savedAt < 600) expect(await outputOf(agent, await job(agent))).toEqual({ version: 1 });
    expect(agent.told.filter(({ type }) => type === 'reloaded' || type === 'broken')).toEqual([]);
    agent.save(`import { more } from './more.ts';\n${code('return { version: more };')}`);
    await agent.heard('broken');
    agent.save('export const more = 3;', 'more.ts');
    await agent.heard('reloaded');
    expect(await outputOf(agent, await job(agent))).toEqual({ version: 3 });
  },
  MS,
);

it(
  'settles a job that throws with what it says',
  async () => {
    const agent = await start(code(`throw new Error('no tea'); return {};`));
    await expect(job(agent)).rejects.toMatchObject({ name: 'SkillError', code: 'threw', message: 'no tea' });
  },
  MS,
);
