import {
  type ArtifactRef,
  type Cid,
  parseCid,
  USE_LIST_MAX,
  USE_NAME_BYTES_MAX,
  USE_ZONE_BYTES_MAX,
  type WorkUse,
} from '@canswarm/protocol';
import type { ContentStore } from './content-store.ts';
import type {
  DividedTask,
  Finding,
  MeasuredWork,
  Progress,
  Skill,
  SkillContext,
  SkillJob,
  SkillLine,
  SkillModule,
  SkillResult,
  Telemetry,
} from './skill.ts';
import { SKILL_LINES_MAX, SKILL_PROGRESS_MAX, SkillError } from './skill-runner.ts';

const OUTPUTS_MAX = 16;
const TASKS_MAX = 16;
const NAME_BYTES_MAX = 64;
const GOAL_BYTES_MAX = 1024;
const REASONS_MAX = 8;
const TEXT_BYTES_MAX = 256;
const KEY_BYTES_MAX = 1024;
const LINE_BYTES_MAX = 2048;
const LEVELS: readonly string[] = ['debug', 'info', 'warn', 'error'] satisfies SkillLine['level'][];

const encoder = new TextEncoder();

/**
 * Runs one job with the module's skill where it is called: picks the engine, counts what goes through the content store,
 * bounds progress and checks the result. Runners call this in the place they keep for skills; time limits are theirs.
 *
 * Rejects with SkillError `unsupported`, `threw` or `malformed`.
 */
export async function runSkill(module: SkillModule, job: SkillJob, context: SkillContext): Promise<SkillResult> {
  const method = methodOf(await engineOf(module, job.engine), job);
  const counted = countingStore(context.content);
  const startedMs = context.now();
  const outcome = await attempt(() =>
    method({ ...context, content: counted.store, progress: boundedProgress(context), log: boundedLog(context) }),
  );
  const fields = record(outcome);
  const telemetry = {
    wallMs: Math.max(0, Math.round(context.now() - startedMs)),
    bytesRead: counted.bytesRead(),
    bytesWritten: counted.bytesWritten(),
    use: fields['use'],
  };
  return skillResult(job.action, { ...fields, telemetry });
}

async function engineOf(module: SkillModule, engine: string): Promise<Skill> {
  try {
    return await module.skill(engine);
  } catch (cause) {
    throw new SkillError('unsupported', `no engine "${engine}": ${messageOf(cause)}`, { cause });
  }
}

/** The skill's method for the job, ready to call. */
function methodOf(skill: Skill, job: SkillJob): (context: SkillContext) => Promise<unknown> {
  const method = (context: SkillContext): Promise<unknown> | undefined => {
    switch (job.action) {
      case 'execute':
        return skill.execute?.(job.task, context);
      case 'evaluate':
        return skill.evaluate?.({ task: job.task, commit: job.commit, outputs: job.outputs }, context);
      case 'inspect':
        return skill.inspect?.({ task: job.task, commit: job.commit, outputs: job.outputs }, context);
      case 'divide':
        return skill.divide?.(job.task, job.division, context);
    }
  };
  if (skill[job.action] === undefined) {
    throw new SkillError('unsupported', `engine "${job.engine}" does not ${job.action}`);
  }
  return async (context) => await method(context);
}

async function attempt(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (cause) {
    throw new SkillError('threw', messageOf(cause), { cause });
  }
}

function messageOf(cause: unknown): string {
  return clip(cause instanceof Error ? cause.message : String(cause));
}

/** The longest beginning of `text` that fits the bytes of a reason or note, whole characters only. */
function clip(text: string, bytesMax = TEXT_BYTES_MAX): string {
  const bytes = new Uint8Array(bytesMax);
  const { read } = encoder.encodeInto(text.toWellFormed(), bytes);
  return text.toWellFormed().slice(0, read);
}

function boundedProgress(context: SkillContext): (progress: Progress) => void {
  let reports = 0;
  return ({ done, total, note }) => {
    reports += 1;
    if (reports <= SKILL_PROGRESS_MAX) {
      context.progress({ done: Number(done), total: Number(total), note: clip(String(note)) });
    }
  };
}

function boundedLog(context: SkillContext): (line: SkillLine) => void {
  let lines = 0;
  return ({ level, message }) => {
    lines += 1;
    if (lines > SKILL_LINES_MAX || !LEVELS.includes(level)) return;
    context.log({ level, message: clip(String(message), LINE_BYTES_MAX) });
  };
}

function countingStore(store: ContentStore): { store: ContentStore; bytesRead(): number; bytesWritten(): number } {
  let read = 0;
  let written = 0;
  return {
    bytesRead: () => read,
    bytesWritten: () => written,
    store: {
      async put(bytes, codec) {
        const cid = await store.put(bytes, codec);
        written += bytes.length;
        return cid;
      },
      async putBlocks(blocks) {
        await store.putBlocks(blocks);
        for (const block of blocks) written += block.bytes.length;
      },
      async get(cid, options) {
        const bytes = await store.get(cid, options);
        read += bytes.length;
        return bytes;
      },
      has: (cid) => store.has(cid),
      pin: (root) => store.pin(root),
      unpin: (root) => store.unpin(root),
      gc: () => store.gc(),
      close: () => Promise.resolve(),
    },
  };
}

/**
 * Checks that `value` is a result of `action` and gives a clean copy with exactly its fields. For runners that receive
 * results from a place they do not trust. Throws SkillError `malformed`.
 */
export function skillResult(action: SkillJob['action'], value: unknown): SkillResult {
  const fields = record(value);
  switch (action) {
    case 'execute':
      return {
        action,
        outputs: list(fields['outputs'], 1, OUTPUTS_MAX, 'outputs').map(artifactRef),
        trace: fields['trace'] === null ? null : cid(fields['trace'], 'trace'),
        telemetry: telemetryOf(fields['telemetry']),
      };
    case 'evaluate': {
      const verdict = fields['verdict'];
      if (verdict !== 'pass' && verdict !== 'fail' && verdict !== 'undecidable') throw malformed('verdict');
      const reasons = list(fields['reasons'], verdict === 'pass' ? 0 : 1, REASONS_MAX, 'reasons');
      return {
        action,
        verdict,
        reasons: reasons.map((reason) => text(reason, TEXT_BYTES_MAX, 'reasons')),
        ...(fields['measured'] === undefined ? {} : { measured: measuredOf(fields['measured']) }),
      };
    }
    case 'inspect':
      return { action, finding: fields['finding'] === null ? null : findingOf(fields['finding']) };
    case 'divide': {
      const tasks = fields['tasks'] === null ? null : list(fields['tasks'], 1, TASKS_MAX, 'tasks').map(dividedTask);
      return { action, tasks };
    }
  }
}

function malformed(what: string): SkillError {
  return new SkillError('malformed', `the skill's result is malformed: ${what}`);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('not an object');
  return { ...value };
}

function list(value: unknown, min: number, max: number, what: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length < min || value.length > max) {
    throw malformed(`${what}: ${min} to ${max} are wanted`);
  }
  return value;
}

function text(value: unknown, bytesMax: number, what: string): string {
  if (typeof value !== 'string' || !value.isWellFormed() || encoder.encode(value).length > bytesMax) {
    throw malformed(`${what}: well-formed text of at most ${bytesMax} bytes is wanted`);
  }
  return value;
}

function count(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw malformed(what);
  return value;
}

function artifactRef(value: unknown): ArtifactRef {
  const fields = record(value);
  const leaves = count(fields['leaves'], 'leaves');
  if (leaves < 1) throw malformed('leaves');
  return { cid: cid(fields['cid'], 'output'), leaves };
}

function telemetryOf(value: unknown): Telemetry {
  const fields = record(value);
  return {
    wallMs: count(fields['wallMs'], 'wallMs'),
    bytesRead: count(fields['bytesRead'], 'bytesRead'),
    bytesWritten: count(fields['bytesWritten'], 'bytesWritten'),
    ...(fields['use'] === undefined ? {} : { use: useOf(fields['use']) }),
  };
}

function measuredOf(value: unknown): MeasuredWork {
  const { wallMs, use } = record(value);
  return { wallMs: count(wallMs, 'measured.wallMs'), use: useOf(use) };
}

function useOf(value: unknown): WorkUse {
  const { tokens, models, tools, egress } = record(value);
  const names = (all: unknown, what: string): readonly string[] =>
    list(all, 0, USE_LIST_MAX, what).map((name) => nameOf(name, USE_NAME_BYTES_MAX, what));
  return {
    tokens: count(tokens, 'tokens'),
    models: names(models, 'models'),
    tools: names(tools, 'tools'),
    egress: list(egress, 0, USE_LIST_MAX, 'egress').map((flow) => {
      const { label, zone, bytes } = record(flow);
      return {
        label: nameOf(label, USE_NAME_BYTES_MAX, 'label'),
        zone: nameOf(zone, USE_ZONE_BYTES_MAX, 'zone'),
        bytes: count(bytes, 'bytes'),
      };
    }),
  };
}

function nameOf(value: unknown, bytesMax: number, what: string): string {
  if (value === '') throw malformed(`${what}: a name is not empty`);
  return text(value, bytesMax, what);
}

function findingOf(value: unknown): Finding {
  const fields = record(value);
  const fault = fields['class'];
  if (fault !== 'schema_violation' && fault !== 'missing_citation') throw malformed('class');
  const claim = record(fields['claim']);
  if (claim['step'] !== 0) throw malformed('step');
  return {
    class: fault,
    claim: { output: count(claim['output'], 'output'), key: text(claim['key'], KEY_BYTES_MAX, 'key'), step: 0 },
  };
}

function dividedTask(value: unknown): DividedTask {
  const { task, part, goal, after, price } = record(value);
  return {
    task: text(task, NAME_BYTES_MAX, 'task'),
    part: part === null ? null : count(part, 'part'),
    goal: goal === null ? null : text(goal, GOAL_BYTES_MAX, 'goal'),
    after: list(after, 0, TASKS_MAX - 1, 'after').map((name) => text(name, NAME_BYTES_MAX, 'after')),
    price: count(price, 'price'),
  };
}

function cid(value: unknown, what: string): Cid {
  const parsed = typeof value === 'string' ? parseCid(value) : undefined;
  if (parsed === undefined) throw malformed(what);
  return parsed;
}
