import { SandboxError, type SandboxLimits } from '@canswarm/ports';
import { describe, expect, it } from 'vitest';
import type { TermsDraft } from '../../src/acceptance/agent-acceptance.ts';
import type { JudgingTools } from '../../src/checks/judge-by-pins.ts';
import { defineAgent } from '../../src/define-agent.ts';
import { agentSkill } from '../../src/run/agent-skill.ts';
import { bundleOf, DOUBLE, tools, Work } from '../support/work.ts';

const INPUT = bundleOf({ n: 4 }, { 'a.txt': 'text' });
/** Says no to 9, and throws at 10. */
const SOURCE = `export default (work, files) => {
  if (work.output.twice === 10) throw new Error('ten');
  return work.output.twice === 9 ? ['nine is odd'] : files.names().join() === 'input/a.txt,output/b.txt';
};`;
const checked: TermsDraft = { ...DOUBLE, checks: ['double/1'] };
const pinned: TermsDraft = { ...DOUBLE, module: { source: SOURCE, mode: 'check', boundBps: null } };

/** What a worker commits that always gives `twice`, or why it commits nothing; and what seats say of it. */
async function commit(twice: number, draft: TermsDraft, judgeWith: JudgingTools = tools, timeMs = 60_000) {
  const work = new Work();
  let worked = 0;
  const agent = defineAgent({
    name: 'planted',
    skills: [
      {
        id: 'double',
        description: 'Doubles.',
        inputSchema: DOUBLE.inputSchema,
        outputSchema: DOUBLE.outputSchema,
        price: 1,
        async execute(_, { artifacts }) {
          worked += 1;
          await artifacts.put('b.txt', 'text');
          return { twice };
        },
      },
    ],
  });
  const task = { ...work.task(await work.terms(draft), [await work.publish(INPUT)]), timeMs };
  const ended = await agentSkill(agent, judgeWith)
    .execute?.(task, work.context)
    .catch((error: unknown) => error);
  const seats = await work.judge(draft, INPUT, {
    ...bundleOf({ twice }),
    files: new Map([['b.txt', new Uint8Array()]]),
  });
  return { ended, worked, verdict: seats.verdict };
}

const committed = { outputs: [expect.anything()], trace: null };

/** The sandbox, and the limits of each call. */
function watched() {
  const limits: SandboxLimits[] = [];
  const sandbox: JudgingTools['sandbox'] = {
    ...tools.sandbox,
    run(job, asked) {
      limits.push(asked);
      return tools.sandbox.run(job, asked);
    },
  };
  return { limits, tools: { ...tools, sandbox } };
}

describe('a worker commits', () => {
  it.each([
    ['nothing pinned', DOUBLE],
    ['a check', checked],
    ['a module', pinned],
  ])('what seats pass, with %s', async (_, draft) => {
    expect(await commit(8, draft)).toEqual({ ended: committed, worked: 1, verdict: 'pass' });
  });

  it.each([
    ['fail, by a check', 7, checked, 'fail', 'seats would fail the output: double/1: 7 is not twice 4'],
    ['fail, by a module', 9, pinned, 'fail', 'seats would fail the output: nine is odd'],
  ] as const)('nothing that seats %s', async (_, twice, draft, verdict, message) => {
    const { ended, ...seen } = await commit(twice, draft);
    expect(seen).toEqual({ worked: 1, verdict });
    expect(ended).toMatchObject({ message });
  });

  it('what its module throws at: that is for who pinned it to answer', async () => {
    expect(await commit(10, pinned)).toEqual({ ended: committed, worked: 1, verdict: 'undecidable' });
  });

  it('nothing for a check that it does not know, and does not begin', async () => {
    const { ended, worked } = await commit(8, { ...DOUBLE, checks: ['other/1'] });
    expect(ended).toMatchObject({ message: 'the need asks for the check "other/1", which this worker does not know' });
    expect(worked).toBe(0);
  });

  it('without judging where nothing is pinned', async () => {
    const { limits, tools: watching } = watched();
    expect((await commit(9, DOUBLE, watching)).ended).toEqual(committed);
    expect(limits).toEqual([]);
  });

  it('what its module does not judge in half of the time left', async () => {
    const { limits, tools: watching } = watched();
    await commit(8, pinned, watching, 20_000);
    expect(limits[0]?.deadlineMs).toBeGreaterThan(0);
    expect(limits[0]?.deadlineMs).toBeLessThanOrEqual(10_000);
    await commit(8, pinned, watching, 600_000);
    expect(limits[1]?.deadlineMs).toBe(60_000);

    const late = { ...tools.sandbox, run: () => Promise.reject(new SandboxError('deadline', 'too slow here')) };
    expect((await commit(8, pinned, { ...tools, sandbox: late })).ended).toEqual(committed);
  });
});
