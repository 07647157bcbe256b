import type { AgentTold } from 'canswarm';
import { expect, it } from 'vitest';
import { lineOf } from '../src/agent/tell.ts';

const need = 'bafyreib3ldu4bgmvxdxh4bcfg2c2dhz5ctm5mrajuw4ya3mhgevwjqd7sa' as never;
const did = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK' as never;
const skill = { id: 'word-count', price: 500_000, verifies: true, shareBps: 500 } as never;
const manifest = { name: 'counter', description: null, version: null, planner: null, skills: [skill] };
const agent = { session: 's', name: 'counter', did, org: 'acme', node: 'acme', network: need, free: 20e6, stake: 0 };
const job = { action: 'execute', skill: 'word-count', engine: 'x', task: { skill: 'word-count', attempt: 2 } } as never;
const commit = need;

const TOLD: readonly (readonly [told: AgentTold, line: string | null])[] = [
  [
    { type: 'attached', agent, manifest },
    'attached as counter of acme (…EGta2doK) by the node acme; 20 credits free; offers word-count (0.5 credits, verifies, plans for 5 %)',
  ],
  [{ type: 'started', need, job }, '…vwjqd7sa: works on word-count, attempt 2'],
  [{ type: 'progress', need, progress: { done: 1, total: 2, note: 'a\u001b[2Jb' } }, '…vwjqd7sa: 1 of 2, a\\x1b[2Jb'],
  [{ type: 'line', need, line: { level: 'warn', message: 'slow\nhere' } }, '…vwjqd7sa: warn slow here'],
  [{ type: 'done', need, job, ms: 1_234 }, '…vwjqd7sa: done in 1.2 s'],
  [{ type: 'failed', need, job, why: 'no tea' }, '…vwjqd7sa: failed, no tea'],
  [{ type: 'away', why: 'it went away' }, 'the node is away: it went away; trying again'],
  [{ type: 'broken', why: 'no tea' }, 'what was saved cannot be used, the code before it goes on: no tea'],
  [
    { type: 'news', need, event: { type: 'lease_granted', need, attempt: 1, holder: did, price: 500_000 } },
    '…vwjqd7sa: hired for 0.5 credits',
  ],
  [
    { type: 'news', need, event: { type: 'lease_lost', need, attempt: 1, holder: did, reason: 'yielded' } },
    '…vwjqd7sa: yielded, somebody else may do it',
  ],
  [
    { type: 'news', need, event: { type: 'certified', commit, verdict: 'pass', votes: 3, ballot: 1 } },
    '…vwjqd7sa: judged: pass',
  ],
  [
    { type: 'news', need, event: { type: 'finalized', need, commit, worker: did, price: 500_000 } },
    '…vwjqd7sa: final, paid 0.5 credits',
  ],
  [
    {
      type: 'news',
      need: null,
      event: { type: 'posting', rule: 'x', code: 'price', debit: 'burn', credit: 'burn', amount: 1 },
    },
    null,
  ],
];

it.each(TOLD)('tells its owner what happens: %j', (told, line) => {
  expect(lineOf(told)).toBe(line);
});
