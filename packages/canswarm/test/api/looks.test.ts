import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BLANK_SHEET, type NeedSheet, sheetAfter } from '../../src/need/index.ts';
import { BRIEF, Running } from './running.ts';

/** Work that nobody has the skill for. */
const WORK = {
  skill: 'brieff',
  input: {},
  files: [],
  goal: null,
  budget: 2_000_000,
  deadlineMs: null,
  inputSchema: { type: 'object' },
  outputSchema: { type: 'object' },
  verification: { checks: [], module: null, example: null },
  plan: null,
};

let running: Running;

beforeAll(async () => {
  running = await (await Running.found()).start();
}, 60_000);
afterAll(() => running.remove());

/** Follows a need until nothing is owed for it. */
async function settled(id: string): Promise<void> {
  for await (const event of running.client().needEvents({ id }, { signal: AbortSignal.timeout(60_000) }))
    if (event.type === 'end') return;
}

type Entry = Parameters<typeof sheetAfter>[1];

describe('what a node tells of a need', () => {
  it('has its bids, who voted what, and all its money', { timeout: 90_000 }, async () => {
    const { needId, escrow } = await running.client().postBrief({ body: BRIEF });
    await settled(needId);
    const { entries, outlook, people, complete, next } = await running.client().needStory({ id: needId });
    expect({ complete, next, hindrances: outlook.hindrances, lease: outlook.lease }).toEqual({
      complete: true,
      next: null,
      hindrances: [],
      lease: null,
    });
    const [best, ...others] = outlook.bids;
    expect(best).toMatchObject({ lost: null, score: expect.any(Number) });
    expect(others.every(({ lost }) => lost?.code === 'outscored')).toBe(true);
    expect(best?.price).toBeLessThanOrEqual(BRIEF.priceCap);
    expect(people.find(({ did }) => did === best?.by)).toMatchObject({ org: best?.org, name: best?.name });
    const sheet: NeedSheet = entries
      .map((entry) => ({ type: 'entry', ...entry }) as unknown as Entry)
      .reduce(sheetAfter, BLANK_SHEET);
    expect(sheet.result?.seats.filter(({ vote }) => vote === 'pass').length).toBeGreaterThanOrEqual(3);
    expect(sheet.attempts).toMatchObject([{ attempt: 1, outcome: 'final', price: best?.price }]);
    const { put, held, work, seats, tasks, logs, plants, unearned, refunded, bonds } = sheet.money;
    expect({ put, held, bonds, work }).toEqual({ put: escrow, held: 0, bonds: 0, work: best?.price });
    expect(logs).toBeGreaterThan(0);
    expect(work + seats + tasks + logs + plants + unearned + refunded).toBe(put);
    expect(plants).toBeGreaterThan(0);
  });

  it('is told page by page', async () => {
    const [need] = await running.client().allNeeds();
    const whole = await running.client().needStory({ id: need?.id ?? '' });
    const positions: number[] = [];
    for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
      const page = await running.client().needStory({ id: need?.id ?? '', limit: 4, after });
      positions.push(...page.entries.map(({ position }) => position));
      after = page.next ?? undefined;
    }
    expect(positions).toEqual(whole.entries.map(({ position }) => position));
  });

  it('says of bids that did not count why, after the need has ended too', { timeout: 90_000 }, async () => {
    const { needId } = await running.client().postBrief({ body: { ...BRIEF, auction: 'sealed', sealedCap: 1 } });
    await settled(needId);
    const { hindrances, bids } = await running.client().needOutlook({ id: needId });
    const least = Math.min(...bids.map(({ price }) => price));
    expect(least).toBeGreaterThan(1);
    expect(bids.map(({ lost }) => lost?.code)).toEqual(bids.map(() => 'over_cap'));
    const causes = [{ cause: 'over_cap', bids: bids.length, least, detail: null }];
    expect(hindrances).toMatchObject([{ code: 'bids_lost', causes }]);
  });

  it('says why nobody bids', { timeout: 90_000 }, async () => {
    const { needId } = await running.client().postWork({ body: WORK });
    await settled(needId);
    const { hindrances, bids } = await running.client().needOutlook({ id: needId });
    expect(bids).toEqual([]);
    expect(hindrances).toEqual([{ code: 'skill_unknown', skill: 'brieff', near: 'brief', peers: 0 }]);
    // Another node of the home has the skill and does not run; of what is no node file nothing is expected.
    const { folder, host } = running;
    const worker = host.file.agents.find(({ name }) => name === 'worker-1');
    if (worker === undefined) throw new Error('a local network has a worker of another organisation');
    const { log, bootstrap, network, peerKey, port } = host.file;
    const file = { log, bootstrap: [...bootstrap], network, peerKey, port, authorityKey: null };
    const agents = [{ ...worker, skills: ['brieff'] }];
    folder.network.node('globex').write({ ...file, name: 'globex', org: worker.org, agents });
    mkdirSync(folder.network.node('initech').path);
    writeFileSync(folder.network.node('initech').filePath, '{}');
    const now = async () => (await running.client().needOutlook({ id: needId })).hindrances;
    const stopped = { code: 'node_stopped', node: 'globex', agent: 'worker-1', org: worker.org };
    await expect.poll(now, { timeout: 30_000 }).toEqual([stopped]);
  });
});
