import type { NeedId } from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { type HireOptions, hireOn } from '../../src/hire/hire.ts';
import type { WorkDesk, WorkRequest } from '../../src/hire/work-desk.ts';

const skill = { id: 'word', description: '', inputSchema: {}, outputSchema: {} };

/** What is posted for these options. */
async function posted(options: Partial<HireOptions>): Promise<WorkRequest> {
  const asked: WorkRequest[] = [];
  const desk = {
    post(request: WorkRequest) {
      asked.push(request);
      return Promise.resolve({ need: 'need' as NeedId, escrow: 1, waitMs: 1 });
    },
  } as unknown as WorkDesk;
  await hireOn(desk, skill, {}, { budget: 2, ...options });
  const [request] = asked;
  if (request === undefined) throw new Error('nothing is posted');
  return request;
}

it('work is put to an open auction by price and time, unless its options say otherwise', async () => {
  expect(await posted({})).toMatchObject({ auction: 'open', sealedCap: null, reputationBps: 0 });
  const own = { auction: 'sealed', sealedCap: 1.5, reputation: 20 } as const;
  expect(await posted(own)).toMatchObject({ auction: 'sealed', sealedCap: 1_500_000, reputationBps: 2_000 });
});

it.each([
  [{ reputation: 81 }, /reputation cannot weigh 81 percent/],
  [{ reputation: 0.5 }, /cannot weigh/],
  [{ sealedCap: 1 }, /only in a sealed auction/],
  [{ auction: 'sealed', plan: { tasks: 2, parts: [{ skill }] } }, /no sealed auction/],
] as const)('what cannot be is refused before anything is posted: %j', async (options, says) => {
  await expect(posted(options)).rejects.toThrow(says);
});
