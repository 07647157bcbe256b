import { asNeedId, cidOf, type Sha256 } from '@canswarm/protocol';
import { expect } from 'vitest';
import type { ContentStore } from '../content-store.ts';
import type { Division, Progress, SkillJob, SkillLine, TaskInput } from '../skill.ts';
import {
  SKILL_LINES_MAX,
  SKILL_PROGRESS_MAX,
  SkillError,
  type SkillErrorCode,
  type SkillRunner,
} from '../skill-runner.ts';
import { expectCode, rejectionOf, utf8 } from './fixtures.ts';
import { type Check, registerSuite, type World } from './suite.ts';

/** Address of the skills this suite runs, for runners that import by URL; others import `complianceSkills`. */
export const complianceSkillsUrl = new URL(
  import.meta.url.endsWith('.ts') ? './skills.ts' : './skills.js',
  import.meta.url,
).href;

export interface SkillRunnerHarness extends World {
  /** A runner of the suite's skills, with at most 2 jobs at once where it limits them. */
  readonly runner: SkillRunner;
  /** The content the skills work on. */
  readonly content: ContentStore;
  readonly sha256: Sha256;
  /** Whether the runner can end skills that do not cooperate (they spin, exit, eat all memory). */
  readonly isolated: boolean;
}

const LONG_MS = 20_000;
const NEVER = new AbortController().signal;

async function taskOf({ content, sha256, drive }: SkillRunnerHarness): Promise<TaskInput> {
  const input = await drive(content.put(utf8('input'), 'raw'));
  return {
    need: asNeedId(cidOf(utf8('need'), 'dag-cbor', sha256)),
    skill: 'compliance',
    goal: 'goal',
    inputs: [{ cid: input, leaves: 1 }],
    acceptance: cidOf(utf8('acceptance'), 'dag-cbor', sha256),
    attempt: 1,
    price: 1,
    timeMs: LONG_MS,
  };
}

/** What a plan of the job's need may be made of. */
const DIVISION: Division = { parts: [], tasksMax: 3, done: [], budget: 7 };

async function jobOf(
  harness: SkillRunnerHarness,
  engine: string,
  action: SkillJob['action'] = 'execute',
): Promise<SkillJob> {
  const task = await taskOf(harness);
  const base = { skill: 'compliance', engine, task };
  const commit = cidOf(utf8('commit'), 'dag-cbor', harness.sha256);
  if (action === 'divide') return { ...base, action, division: DIVISION };
  return action === 'execute' ? { ...base, action } : { ...base, action, commit, outputs: task.inputs };
}

function failing(
  { runner }: SkillRunnerHarness,
  job: SkillJob,
  { signal = NEVER, deadlineMs = LONG_MS } = {},
): Promise<unknown> {
  return rejectionOf(runner.run(job, { signal, deadlineMs }));
}

/** As `failing`, waited for: one at a time only, since it drives the world. */
function failure(...[harness, job, options]: Parameters<typeof failing>): Promise<unknown> {
  return harness.drive(failing(harness, job, options));
}

/** That the runner still does its work, whatever went before. */
async function expectAlive(harness: SkillRunnerHarness): Promise<void> {
  const job = await jobOf(harness, 'echo', 'inspect');
  const result = await harness.drive(harness.runner.run(job, { signal: NEVER, deadlineMs: LONG_MS }));
  expect(result.action).toBe('inspect');
}

const resultChecks: readonly Check<SkillRunnerHarness>[] = [
  {
    name: 'runs each action and gives its result, with what the work cost',
    run: async (harness) => {
      const { runner, content, sha256, drive } = harness;
      const options = { signal: NEVER, deadlineMs: LONG_MS };
      const executed = await drive(runner.run(await jobOf(harness, 'echo'), options));
      const output = cidOf(utf8('goal: input'), 'raw', sha256);
      expect(executed).toMatchObject({
        action: 'execute',
        outputs: [{ cid: output, leaves: 1 }],
        trace: cidOf(utf8('input'), 'raw', sha256),
        telemetry: { bytesRead: 5, bytesWritten: 11 },
      });
      expect(await drive(content.has(output))).toBe(true);
      const evaluated = await drive(runner.run(await jobOf(harness, 'echo', 'evaluate'), options));
      const commit = cidOf(utf8('commit'), 'dag-cbor', sha256);
      expect(evaluated).toEqual({ action: 'evaluate', verdict: 'fail', reasons: [`1 outputs of ${commit}`] });
      const inspected = await drive(runner.run(await jobOf(harness, 'echo', 'inspect'), options));
      const claim = { output: 0, key: 's/0001', step: 0 };
      expect(inspected).toEqual({ action: 'inspect', finding: { class: 'missing_citation', claim } });
      const divided = await drive(runner.run(await jobOf(harness, 'echo', 'divide'), options));
      const main = { task: 'main', part: null, goal: null, after: ['input'], price: 4 };
      expect(divided).toEqual({
        action: 'divide',
        tasks: [{ task: 'input', part: 0, goal: 'goal', after: [], price: 3 }, main],
      });
    },
  },
  {
    name: 'passes progress on in order, clipped and bounded, and not after the end',
    run: async (harness) => {
      const { runner, drive, settle } = harness;
      const seen: Progress[] = [];
      const options = { signal: NEVER, deadlineMs: LONG_MS, onProgress: (p: Progress) => void seen.push(p) };
      await drive(runner.run(await jobOf(harness, 'steps', 'evaluate'), options));
      const afterEnd = seen.length;
      expect(seen.map(({ done, total }) => [done, total])).toEqual([
        [1, 3],
        [2, 3],
        [3, 3],
      ]);
      for (const { note } of seen) expect(note).toBe('é'.repeat(128));
      await settle();
      expect(seen).toHaveLength(afterEnd);
      await drive(runner.run(await jobOf(harness, 'chatter', 'evaluate'), options));
      expect(seen.length - afterEnd).toBeGreaterThan(0);
      expect(seen.length - afterEnd).toBeLessThanOrEqual(SKILL_PROGRESS_MAX);
    },
  },
  {
    name: 'passes log lines on in order, clipped and bounded',
    run: async (harness) => {
      const { runner, drive } = harness;
      const seen: SkillLine[] = [];
      const options = { signal: NEVER, deadlineMs: LONG_MS, onLine: (line: SkillLine) => void seen.push(line) };
      await drive(runner.run(await jobOf(harness, 'logs', 'evaluate'), options));
      expect(seen.slice(0, 3)).toEqual([
        { level: 'info', message: 'é'.repeat(1_024) },
        { level: 'warn', message: '0' },
        { level: 'warn', message: '1' },
      ]);
      expect(seen.length).toBeLessThanOrEqual(SKILL_LINES_MAX);
    },
  },
  {
    name: 'runs several jobs, each with its own result',
    run: async (harness) => {
      const { runner, drive } = harness;
      const job = await jobOf(harness, 'echo');
      const jobs = Array.from({ length: 6 }, (_, i) => ({ ...job, task: { ...job.task, goal: `${i}` } }));
      const results = await drive(
        Promise.all(jobs.map((each) => runner.run(each, { signal: NEVER, deadlineMs: LONG_MS }))),
      );
      const outputs = results.map((result) => (result.action === 'execute' ? result.outputs[0]?.cid : undefined));
      expect(outputs).toEqual(jobs.map((_, i) => cidOf(utf8(`${i}: input`), 'raw', harness.sha256)));
    },
  },
];

const failureChecks: readonly Check<SkillRunnerHarness>[] = [
  {
    name: 'says by code what went wrong, and goes on',
    run: async (harness) => {
      const faults: readonly (readonly [string, SkillJob['action'], SkillErrorCode])[] = [
        ['throws', 'execute', 'threw'],
        ['throws', 'evaluate', 'threw'],
        ['throws', 'inspect', 'unsupported'],
        ['no such engine', 'execute', 'unsupported'],
        ['garbles', 'execute', 'malformed'],
        ['garbles', 'evaluate', 'malformed'],
        ['garbles', 'inspect', 'malformed'],
        ['garbles', 'divide', 'malformed'],
        ['throws', 'divide', 'unsupported'],
      ];
      for (const [engine, action, code] of faults) {
        const error = await failure(harness, await jobOf(harness, engine, action));
        expectCode(error, SkillError, code);
      }
      const error = await failure(harness, await jobOf(harness, 'throws'));
      expect(error).toHaveProperty('message', 'this skill always fails');
      await expectAlive(harness);
    },
  },
  {
    name: 'ends a job at its deadline',
    run: async (harness) => {
      const job = await jobOf(harness, 'hangs');
      const ends = Array.from({ length: 3 }, () => failing(harness, job, { deadlineMs: 150 }));
      for (const error of await harness.drive(Promise.all(ends))) expectCode(error, SkillError, 'deadline');
      await expectAlive(harness);
    },
  },
  {
    name: 'ends a job when its caller aborts, and tells the skill',
    run: async (harness) => {
      const { runner, content, sha256, drive, settle } = harness;
      const early = await failure(harness, await jobOf(harness, 'echo'), { signal: AbortSignal.abort() });
      expectCode(early, SkillError, 'aborted');
      expect(await drive(content.has(cidOf(utf8('goal: input'), 'raw', sha256)))).toBe(false);
      const controller = new AbortController();
      const options = { signal: controller.signal, deadlineMs: LONG_MS };
      const running = rejectionOf(runner.run(await jobOf(harness, 'listens'), options));
      await expectAlive(harness);
      controller.abort();
      expectCode(await drive(running), SkillError, 'aborted');
      const sign = cidOf(utf8('told to stop'), 'raw', sha256);
      for (let tries = 0; tries < 100 && !(await content.has(sign)); tries += 1) await settle();
      expect(await drive(content.has(sign))).toBe(true);
      await expectAlive(harness);
    },
  },
  {
    name: 'ends all jobs on close and refuses later ones',
    run: async (harness) => {
      const { runner, drive } = harness;
      const job = await jobOf(harness, 'hangs');
      const ends = Array.from({ length: 4 }, () =>
        rejectionOf(runner.run(job, { signal: NEVER, deadlineMs: LONG_MS })),
      );
      await drive(Promise.all([runner.close(), runner.close()]));
      for (const end of ends) expectCode(await drive(end), SkillError, 'closed');
      expectCode(await failure(harness, job), SkillError, 'closed');
    },
  },
  {
    name: 'refuses deadlines that are none',
    run: async (harness) => {
      for (const deadlineMs of [0, -1, 0.5, Number.NaN]) {
        expect(await failure(harness, await jobOf(harness, 'echo'), { deadlineMs })).toBeInstanceOf(RangeError);
      }
    },
  },
  {
    name: 'survives skills that spin, exit, throw where nobody catches, or eat all memory',
    lacks: ({ isolated }) => (isolated ? null : 'this runner shares its thread with the skill'),
    run: async (harness) => {
      const faults = [
        failing(harness, await jobOf(harness, 'spins'), { deadlineMs: 400 }),
        failing(harness, await jobOf(harness, 'dies')),
        failing(harness, await jobOf(harness, 'dies', 'evaluate')),
        failing(harness, await jobOf(harness, 'hoards')),
      ];
      const codes = (await harness.drive(Promise.all(faults))).map((error) =>
        error instanceof SkillError ? error.code : error,
      );
      expect(codes).toEqual(['deadline', 'died', 'died', 'died']);
      await expectAlive(harness);
    },
  },
];

export const skillRunnerChecks: readonly Check<SkillRunnerHarness>[] = [...resultChecks, ...failureChecks];

/** What every `SkillRunner` must do. */
export function skillRunnerCompliance(
  name: string,
  make: () => SkillRunnerHarness | Promise<SkillRunnerHarness>,
): void {
  registerSuite(`${name} is a SkillRunner`, skillRunnerChecks, make);
}
