import { parentPort, workerData } from 'node:worker_threads';
import { type ContentStore, runSkill, SkillError, type SkillJob, type SkillModule } from '@canswarm/ports';
import { sha256 } from '../sha256.ts';
import { Fetched, fetchingContent } from './fetching-content.ts';
import type { ContentModule, FromThread, ThreadData, ToThread } from './messages.ts';

/* The entry of a worker thread: loads one skill module and one content store, then runs jobs one after the other. */

const port = parentPort;
if (port === null) throw new Error('this file is the entry of a worker thread');
const post = (message: FromThread): void => port.postMessage(message);

const { skillModule, contentModule, contentOptions, fetches }: ThreadData = workerData;

const fetched = new Fetched();

async function load(): Promise<{ readonly skills: SkillModule; readonly content: ContentStore }> {
  const skills: SkillModule = await import(skillModule);
  if (typeof skills.skill !== 'function') throw new TypeError(`${skillModule} exports no function "skill"`);
  const opener: ContentModule = await import(contentModule);
  if (typeof opener.open !== 'function') throw new TypeError(`${contentModule} exports no function "open"`);
  const local = await opener.open(contentOptions);
  return { skills, content: fetches ? fetchingContent(local, post, fetched) : local };
}

const loading = load();
// A failure to load is reported with the first job, not as an unhandled rejection of its own.
loading.catch(() => {});

async function loaded(): ReturnType<typeof load> {
  try {
    return await loading;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SkillError('unsupported', `the skill's thread cannot start: ${reason}`, { cause });
  }
}

let current = new AbortController();

async function perform(job: SkillJob): Promise<void> {
  current = new AbortController();
  const { signal } = current;
  try {
    const { skills, content } = await loaded();
    const result = await runSkill(skills, job, {
      content,
      signal,
      sha256,
      now: Date.now,
      progress: (progress) => post({ kind: 'progress', progress }),
      log: (line) => post({ kind: 'line', line }),
    });
    post({ kind: 'done', result });
  } catch (error) {
    const code = error instanceof SkillError ? error.code : 'threw';
    post({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  }
}

port.on('message', (message: ToThread) => {
  if (message.kind === 'withdraw') current.abort();
  else if (message.kind === 'fetched') fetched.settle(message.id, message.failed);
  else void perform(message.job);
});
