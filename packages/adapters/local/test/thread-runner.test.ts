import { spawnSync } from 'node:child_process';
import { ContentError, SKILL_QUEUE_MAX, SkillError, type SkillJob, type SkillResult } from '@canswarm/ports';
import { complianceSkillsUrl } from '@canswarm/ports/compliance';
import { asNeedId, type Cid, cidOf, utf8 } from '@canswarm/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sha256, threadRunner } from '../src/index.ts';
import { open } from './fixtures/folder-content.ts';
import { temporaryFolder } from './folder.ts';

const fixture = (name: string): string => new URL(`./fixtures/${name}.ts`, import.meta.url).href;
const cid = cidOf(utf8('x'), 'dag-cbor', sha256);
const task = {
  need: asNeedId(cid),
  skill: 's',
  goal: null,
  inputs: [],
  acceptance: cid,
  attempt: 1,
  price: 1,
  timeMs: 1,
};
const execute = (engine: string): SkillJob => ({ action: 'execute', skill: 's', engine, task });
const evaluate: SkillJob = { action: 'evaluate', skill: 's', engine: 'any', task, commit: cid, outputs: [] };
const options = { signal: new AbortController().signal, deadlineMs: 20_000 };

function runnerOf(skillModule: string, { threads = 1, contentModule = fixture('folder-content') } = {}) {
  const runner = threadRunner({ skillModule, contentModule, contentOptions: '/nowhere', threads, graceMs: 50 });
  onTestFinished(() => runner.close());
  return runner;
}

const threadOf = (result: SkillResult): string | undefined =>
  result.action === 'evaluate' ? result.reasons[0] : undefined;

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((reason: unknown) => reason);
  return error instanceof SkillError ? `${error.code}: ${error.message}` : `no SkillError but ${String(error)}`;
}

describe('threadRunner', () => {
  it('keeps a thread for the next job, and replaces one whose job was ended', async () => {
    const runner = runnerOf(fixture('talkative-skills'));
    const first = threadOf(await runner.run(evaluate, options));
    expect(first).toMatch(/^thread \d+$/);
    expect(threadOf(await runner.run(evaluate, options))).toBe(first);
    expect(await codeOf(runner.run(execute('any'), { ...options, deadlineMs: 50 }))).toMatch(/^deadline/);
    expect(threadOf(await runner.run(evaluate, options))).not.toBe(first);
  });

  it('leaves the event loop free while skills spin', async () => {
    const runner = runnerOf(fixture('talkative-skills'), { threads: 2 });
    await Promise.all([runner.run(evaluate, options), runner.run(evaluate, options)]);
    const spins = Promise.all([1, 2].map(() => codeOf(runner.run(execute('any'), { ...options, deadlineMs: 300 }))));
    let turns = 0;
    let spinning = true;
    const counting = (async () => {
      while (spinning) {
        await new Promise((resolve) => setImmediate(resolve));
        turns += 1;
      }
    })();
    await spins;
    spinning = false;
    await counting;
    expect(turns).toBeGreaterThan(100);
  });

  it('brings a block that a thread lacks into its store, and says when nobody has it', async () => {
    const { dir, remove } = temporaryFolder();
    onTestFinished(remove);
    const block = utf8('from elsewhere');
    const acceptance = cidOf(block, 'raw', sha256);
    const job = (wanted: Cid): SkillJob => ({ ...evaluate, task: { ...task, acceptance: wanted } });
    const asked: Cid[] = [];
    const runner = threadRunner({
      skillModule: fixture('reading-skills'),
      contentModule: fixture('folder-content'),
      contentOptions: dir,
      async fetch(wanted) {
        asked.push(wanted);
        if (wanted !== acceptance) throw new ContentError('deadline', wanted, 'no peer gave it');
        await open(dir).put(block, 'raw');
      },
    });
    onTestFinished(() => runner.close());
    expect(threadOf(await runner.run(job(acceptance), options))).toBe('from elsewhere');
    expect(threadOf(await runner.run(job(acceptance), options))).toBe('from elsewhere');
    expect(asked).toEqual([acceptance]);
    expect(await codeOf(runner.run(job(cid), options))).toBe('threw: no peer gave it');
  });

  it('says why a thread cannot start, for each job', async () => {
    const runner = runnerOf(fixture('broken-skills'));
    const broken = "unsupported: the skill's thread cannot start: this module cannot be loaded";
    expect(await codeOf(runner.run(evaluate, options))).toBe(broken);
    expect(await codeOf(runner.run(evaluate, options))).toBe(broken);
    const missing = runnerOf(fixture('no-such-file'));
    expect(await codeOf(missing.run(evaluate, options))).toMatch(/^unsupported: .*no-such-file/);
    const noSkills = runnerOf(fixture('folder-content'));
    expect(await codeOf(noSkills.run(evaluate, options))).toMatch(/exports no function "skill"/);
    const noContent = runnerOf(fixture('talkative-skills'), { contentModule: fixture('talkative-skills') });
    expect(await codeOf(noContent.run(evaluate, options))).toMatch(/exports no function "open"/);
  });

  it('refuses more waiting jobs than its limit', async () => {
    const runner = runnerOf(complianceSkillsUrl);
    const ends = Array.from({ length: SKILL_QUEUE_MAX + 1 }, () => codeOf(runner.run(execute('hangs'), options)));
    expect(await codeOf(runner.run(execute('hangs'), options))).toMatch(/^busy/);
    await runner.close();
    expect(new Set((await Promise.all(ends)).map((text) => text.split(':')[0]))).toEqual(new Set(['closed']));
  });

  it('refuses thread counts out of range', () => {
    for (const threads of [0, -1, 1.5, 65]) {
      expect(() => runnerOf(complianceSkillsUrl, { threads })).toThrow(RangeError);
    }
  });

  it('sends what skills print to standard error, and lets the process end after close', () => {
    const program = `
      import { threadRunner } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
      const runner = threadRunner({
        skillModule: ${JSON.stringify(fixture('talkative-skills'))},
        contentModule: ${JSON.stringify(fixture('folder-content'))},
        contentOptions: '/nowhere',
      });
      const signal = new AbortController().signal;
      const { verdict } = await runner.run(${JSON.stringify(evaluate)}, { signal, deadlineMs: 20000 });
      await runner.close();
      console.log(verdict);
    `;
    const child = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(child, child.stderr).toMatchObject({ status: 0, stdout: 'pass\n' });
    expect(child.stderr).toContain('printed by the skill');
  });
});
