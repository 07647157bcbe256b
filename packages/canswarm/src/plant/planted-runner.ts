import { SkillError, type SkillRunner } from '@canswarm/ports';
import type { ArtifactRef } from '@canswarm/protocol';

const PREFIX = 'plant:';

/** The engine of the worker of a plant. */
export const plantEngine = (number: number): string => `${PREFIX}${number}`;

/** Has workers of plants deliver what was made for that, and everything else done as before. */
export function plantedRunner(
  inner: SkillRunner,
  outputsOf: (number: number) => readonly ArtifactRef[] | null,
): SkillRunner {
  return {
    async run(job, options) {
      if (!job.engine.startsWith(PREFIX)) return inner.run(job, options);
      const outputs = outputsOf(Number(job.engine.slice(PREFIX.length)));
      if (outputs === null || job.action !== 'execute') throw new SkillError('died', 'there is no such plant');
      return { action: 'execute', outputs, trace: null, telemetry: { wallMs: 0, bytesRead: 0, bytesWritten: 0 } };
    },
    close: () => inner.close(),
  };
}
