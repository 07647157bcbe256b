import { complianceSkills, type SkillRunnerHarness } from '../../src/compliance/index.ts';
import { assertDelay, runSkill, SkillError, type SkillResult, type SkillRunner } from '../../src/index.ts';
import { toyContent } from './toy-content.ts';
import { sha256, soon, toyWorld } from './toy-world.ts';

export type RunnerFault =
  | "gives another action's result"
  | 'reports progress late'
  | 'keeps what skills say'
  | 'mixes jobs up'
  | 'calls every failure a death'
  | 'ignores deadlines'
  | 'ignores aborts'
  | 'never tells the skill'
  | 'ignores its close'
  | 'takes any deadline'
  | 'claims to be isolated';

/** Runs skills where it is called. */
export function toyRunner(fault: RunnerFault | null): SkillRunnerHarness {
  const { content } = toyContent(null);
  const closing = new AbortController();
  let kept: Promise<SkillResult> | null = null;

  const runner: SkillRunner = {
    async run(job, { signal, deadlineMs, onProgress, onLine }) {
      if (fault === 'claims to be isolated') throw new SkillError('died', 'the toy never runs anything');
      if (fault !== 'takes any deadline') assertDelay(deadlineMs - 1);
      if (closing.signal.aborted) throw new SkillError('closed', 'the toy is closed');
      if (signal.aborted && fault !== 'ignores aborts') throw new SkillError('aborted', 'the toy was told in time');
      const deadline = AbortSignal.timeout(deadlineMs || 1);
      const over = AbortSignal.any([signal, closing.signal, deadline]);
      const work = runSkill(complianceSkills, job, {
        content,
        signal: fault === 'never tells the skill' ? new AbortController().signal : signal,
        sha256,
        now: Date.now,
        log: (line) => {
          if (fault !== 'keeps what skills say') onLine?.(line);
        },
        progress: (progress) => {
          if (fault === 'reports progress late') setImmediate(() => onProgress?.(progress));
          else onProgress?.(progress);
        },
      });
      if (fault === 'mixes jobs up') kept ??= work;
      const end = new Promise<never>((_, reject) => {
        over.addEventListener('abort', () => {
          if (signal.aborted && fault !== 'ignores aborts') reject(new SkillError('aborted', 'the toy was told'));
          else if (closing.signal.aborted) reject(new SkillError('closed', 'the toy was closed'));
          else if (deadline.aborted && fault !== 'ignores deadlines') reject(new SkillError('deadline', 'too late'));
        });
      });
      try {
        const result = await Promise.race([kept ?? work, end]);
        return fault === "gives another action's result" ? { action: 'inspect', finding: null } : result;
      } catch (error) {
        if (fault === 'calls every failure a death') throw new SkillError('died', String(error));
        throw error;
      }
    },
    async close() {
      await soon();
      if (fault !== 'ignores its close') closing.abort();
    },
  };
  return {
    ...toyWorld(800),
    runner,
    content,
    sha256,
    isolated: fault === 'claims to be isolated',
  };
}
