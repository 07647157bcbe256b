import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeCapsule, type Genesis } from '@canswarm/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtPolicy, commitLie, played } from './gate-play.ts';

const LONG_MS = 120_000;
const place = mkdtempSync(join(tmpdir(), 'canswarm-gate-'));
let policy: NonNullable<Genesis['policy']>;

/** What a policy of these tests lets work use: a dictionary, and 100 tokens of one model. A quote has to stand where it says. */
beforeAll(async () => {
  const { capsule, wasm } = await builtPolicy(join(place, 'policy'), [
    ['"models": []', '"models": ["small-9"]'],
    ['"tools": []', '"tools": ["dictionary"]'],
    ['"tokens": 0', '"tokens": 100'],
    ['"agent": 0,', '"agent": 0, "quote": 100,'],
  ]);
  policy = { capsule: encodeCapsule(capsule), engine: wasm };
}, LONG_MS);

afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('a worker whose work is done again', () => {
  it(
    'is paid where it said what that takes',
    async () => {
      const { settled, verdicts, gained } = await played(
        { tools: ['dictionary'], models: ['small-9'], tokens: 100 },
        ['honest'],
        { policy },
      );
      expect([settled, verdicts.map(({ verdict }) => verdict)]).toEqual([true, ['pass']]);
      expect(gained[0]).toBeGreaterThan(0);
    },
    LONG_MS,
  );

  it.each([
    [
      'hides a tool that the policy denies',
      { tools: ['search'] },
      'silent',
      { rule: 'tools', code: 'tool_not_allowed', facts: { tool: 'search' } },
      [{ tool: 'search' }],
    ],
    [
      'hides where data went',
      { egress: [{ label: 'internal', zone: 'us-east', bytes: 9 }] },
      'silent',
      { rule: 'egress', code: 'egress_not_allowed', facts: { label: 'internal', zone: 'us-east' } },
      [{ egress: { label: 'internal', zone: 'us-east', bytes: 9 } }],
    ],
    [
      'exceeds its budget and says that it does not',
      { models: ['small-9'], tokens: 150 },
      'says-100',
      { rule: 'budgets', code: 'budget_exceeded', facts: { budget: 'tokens', class: 'agent', limit: 100, spent: 150 } },
      [{ tokens: 150 }],
    ],
  ])(
    'is not paid where it %s, and the log shows why',
    async (_, use, engine, reason, facts) => {
      const { verdicts, explained, gained } = await played(use, [engine], { policy });
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['fail']);
      expect(gained[0]).toBeLessThan(0);
      const { measured } = explained(verdicts[0]?.position ?? 0);
      expect(measured.length).toBeGreaterThan(1);
      for (const vote of measured) {
        expect(vote).toMatchObject({ code: 'policy_denied', facts, policy: { allow: false } });
        expect(vote.policy?.reasons).toEqual([reason]);
      }
    },
    LONG_MS,
  );

  it(
    'is not paid where it hides what was allowed, and who says it is',
    async () => {
      const { verdicts, explained, gained } = await played({ tools: ['dictionary'] }, ['silent', 'honest'], { policy });
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['fail', 'pass']);
      expect([Math.sign(gained[0] ?? 0), Math.sign(gained[1] ?? 0)]).toEqual([-1, 1]);
      const { measured } = explained(verdicts[0]?.position ?? 0);
      expect(measured[0]).toMatchObject({ code: 'telemetry_false', facts: [{ tool: 'dictionary' }] });
      expect(measured[0]?.policy?.allow).toBe(true);
    },
    LONG_MS,
  );
});

describe('a result that states what the policy denies', () => {
  it(
    'is given back by a worker that asks, and not committed',
    async () => {
      const { verbs, verdicts, gained } = await played({}, ['liar'], { policy, kind: 'quote' });
      const yields = verbs.filter((verb) => verb === 'YIELD').length;
      expect([yields, verdicts, gained[0]]).toEqual([1, [], expect.any(Number)]);
    },
    LONG_MS,
  );

  it(
    'is failed by seats whose own skill would pass it, and the log shows why',
    async () => {
      const { verdicts, explained, gained } = await played({}, ['stall'], {
        policy,
        kind: 'quote',
        evaluate: 'lazy',
        onLease: commitLie,
      });
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['fail']);
      expect(gained[0]).toBeLessThan(0);
      const { measured } = explained(verdicts[0]?.position ?? 0);
      expect(measured[0]).toMatchObject({ code: 'policy_denied', facts: [{ statements: 1, cited: 0 }] });
      expect(measured[0]?.policy?.reasons).toEqual([
        { rule: 'citations', code: 'citations_lacking', facts: { class: 'quote', statements: 1, cited: 0 } },
      ]);
    },
    LONG_MS,
  );
});
