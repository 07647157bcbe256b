import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  agentSkill,
  blockFetcher,
  buildTerms,
  CertificateChecks,
  manifestOf,
  publishBundle,
  readBundle,
} from '@canswarm/agent';
import { nodeCrypto } from '@canswarm/local';
import { memoryContent } from '@canswarm/memory';
import type { JsonValue, SkillContext, SkillLine } from '@canswarm/ports';
import { asNeedId, type Cid, cidOf, utf8 } from '@canswarm/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { isOwnAgent, ownAgent } from '../../src/skills/own-agent.ts';
import { type ProgramSpec, programEngine } from '../../src/skills/program-agent.ts';

const { sha256 } = nodeCrypto();
const folder = mkdtempSync(join(tmpdir(), 'canswarm-program-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
const words = { type: 'object', properties: { words: { type: 'integer' } }, required: ['words'] };
const READ = `const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));`;

interface Ran {
  readonly value: JsonValue;
  readonly files: Readonly<Record<string, string>>;
  readonly lines: readonly SkillLine[];
}

const specOf = (program: string, more: Partial<ProgramSpec>): ProgramSpec => ({
  name: 'counter',
  skill: 'word-count',
  description: 'Counts words.',
  price: '0.5',
  inputSchema: text,
  outputSchema: words,
  verification: {},
  command: [process.execPath, '-e', program],
  cwd: folder,
  timeoutMs: 20_000,
  outputBytesMax: 1_000_000,
  ...more,
});

/** Runs a program of JavaScript as an agent's for one task. */
async function run(
  program: string,
  { signal = new AbortController().signal, ...more }: Partial<ProgramSpec> & { readonly signal?: AbortSignal } = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const engine = programEngine(specOf(program, more));
  expect(isOwnAgent(engine)).toBe(true);
  const content = memoryContent(sha256);
  const none = { checks: [], module: null, example: null };
  const terms = buildTerms({ skill: 'word-count', inputSchema: text, outputSchema: words, ...none }, sha256);
  await content.putBlocks(terms.blocks);
  const given = new Map(Object.entries(files).map(([name, file]) => [name, utf8(file)]));
  const input = await publishBundle(content, { value: { text: 'to be or' }, files: given, citations: [] }, sha256);
  const lines: SkillLine[] = [];
  const context: SkillContext = {
    content,
    signal,
    sha256,
    progress: () => undefined,
    log: (line) => void lines.push(line),
    now: () => 0,
  };
  const never = { run: () => Promise.reject(new Error('no module is run')), close: async () => undefined };
  const skill = agentSkill(await ownAgent(engine), { checks: new CertificateChecks([]), sandbox: never });
  const task = {
    need: asNeedId(cidOf(utf8('need'), 'dag-cbor', sha256) as Cid),
    skill: 'word-count',
    goal: 'count',
    inputs: [input],
    acceptance: terms.cid,
    attempt: 1,
    price: 500_000,
    timeMs: 60_000,
  };
  const made = await skill.execute?.(task, context);
  const [output] = made?.outputs ?? [];
  if (output === undefined) throw new Error('no output');
  const bundle = await readBundle(output, blockFetcher(content));
  const read = await Promise.all(bundle.files.names().map(async (name) => [name, await bundle.files.text(name)]));
  return { value: bundle.value, files: Object.fromEntries(read), lines };
}

const COUNT = `${READ} console.log(JSON.stringify({ words: asked.input.text.split(' ').length }));`;

describe('a program as an agent', () => {
  it('gets the task as JSON and gives its output as JSON', async () => {
    const program = `${READ} const { need, attempt, goal, files } = asked;
      if (attempt !== 1 || goal !== 'count' || !need.startsWith('b') || Object.keys(files).length) process.exit(9);
      console.log(JSON.stringify({ words: asked.input.text.split(' ').length }));`;
    expect((await run(program)).value).toEqual({ words: 3 });
    expect((await run(`${READ} console.log('{"output":{"words":4}}')`)).value).toEqual({ words: 4 });
  });

  it('reads files wherever their names would lead, and leaves files of its own', async () => {
    const program = `${READ} const fs = require('fs'); const path = require('path');
      const all = Object.entries(asked.files).map(([name, file]) => name + '=' + fs.readFileSync(file, 'utf8'));
      const inside = Object.values(asked.files).every((file) => file.startsWith(path.dirname(asked.outputDir)));
      fs.mkdirSync(path.join(asked.outputDir, 'sub'));
      fs.writeFileSync(path.join(asked.outputDir, 'sub', 'all.txt'), all.join());
      fs.symlinkSync('/etc/hostname', path.join(asked.outputDir, 'link'));
      console.log(JSON.stringify({ words: inside ? all.length : -1 }));`;
    const ran = await run(program, {}, { '../../up.csv': 'a', 'plain.txt': 'b' });
    expect(ran.value).toEqual({ words: 2 });
    expect(ran.files).toEqual({ 'sub/all.txt': '../../up.csv=a,plain.txt=b' });
  });

  it('tells others how its results are best judged', async () => {
    const file = join(folder, 'judge.ts');
    writeFileSync(file, 'const due: boolean = true;\nexport default () => due;');
    const example = { input: { text: 'a' }, output: { words: 1 } };
    const verification = { checks: ['table-clean/1'], module: { file, mode: 'check' }, example } as const;
    const engine = programEngine(specOf(COUNT, { verification }));
    const { skills } = await manifestOf(await ownAgent(engine));
    expect(skills[0]?.verification).toMatchObject({ checks: ['table-clean/1'], module: { mode: 'check' }, example });
    expect(skills[0]?.verification.module?.source).toContain('export');
    expect(skills[0]?.verification.module?.source).not.toContain(': boolean');
  });

  it('has each line of standard error in the log', async () => {
    const ran = await run(`console.error('one\\ntwo'); ${COUNT}`);
    expect(ran.lines).toEqual([
      { level: 'info', message: 'one' },
      { level: 'info', message: 'two' },
    ]);
  });

  it.each([
    ['ends badly', `console.error('first'); console.error('out of tea'); process.exit(3)`, /exit code 3: out of tea$/],
    ['writes no JSON', `console.log('hello')`, /did not write JSON/],
    ['writes what does not fit', `console.log('{"words":"many"}')`, /does not fit the schema/],
    ['writes too much', `process.stdout.write('x'.repeat(2_000_000))`, /wrote more than 1000000 bytes/],
  ])('fails when it %s', async (_name, program, message) => {
    await expect(run(program)).rejects.toThrow(message);
  });

  it('fails when it is over its time, and when it cannot be run', async () => {
    await expect(run('setInterval(() => {}, 1000)', { timeoutMs: 300 })).rejects.toThrow('within 300 ms');
    await expect(run('', { command: ['/no/such/program'] })).rejects.toThrow('cannot be run');
  });

  it('is killed with all it started when the work is withdrawn', async () => {
    const mark = join(folder, 'started');
    const child = `setInterval(() => {}, 1000)`;
    const program = `const child = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]);
      require('fs').writeFileSync(${JSON.stringify(mark)}, String(child.pid)); setInterval(() => {}, 1000);`;
    const abort = new AbortController();
    const ran = run(program, { signal: abort.signal });
    ran.catch(() => undefined);
    await expect.poll(() => existsSync(mark), { timeout: 10_000 }).toBe(true);
    abort.abort(new Error('withdrawn'));
    await expect(ran).rejects.toThrow('withdrawn');
    const pid = Number(readFileSync(mark, 'utf8'));
    const alive = (): boolean => {
      try {
        process.kill(pid, 0);
        return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
      } catch {
        return false;
      }
    };
    await expect.poll(alive, { timeout: 10_000 }).toBe(false);
  });

  it('runs where it was started', async () => {
    writeFileSync(join(folder, 'here.json'), '{"words":7}');
    expect((await run(`console.log(require('fs').readFileSync('here.json', 'utf8'))`)).value).toEqual({ words: 7 });
  });
});
