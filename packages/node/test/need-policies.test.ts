import { nodeCrypto } from '@canswarm/local';
import { memoryContent, virtualClock } from '@canswarm/memory';
import { type ContentStore, type PolicyEngine, PolicyError } from '@canswarm/ports';
import { type Capsule, type Cid, cidOf, encodeCapsule, type PolicyDecision, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { NeedPolicies } from '../src/index.ts';
import { judgeWork } from '../src/work-gate.ts';

const { sha256 } = nodeCrypto();
const ALLOWS: PolicyDecision = { allow: true, reasons: [], gasUsed: 1 };
const INPUT = utf8('{}');

/** Loads modules that begin with "policy"; what `decide` gives they decide. */
function engineOf(decide: () => Promise<PolicyDecision>) {
  const told: string[] = [];
  const engine: PolicyEngine = {
    async load({ wasm }) {
      const module = new TextDecoder().decode(wasm);
      if (!module.startsWith('policy')) throw new PolicyError('module', 'it is no policy');
      told.push(`load ${module}`);
      let isClosed = false;
      const evaluate = async (): Promise<PolicyDecision> => {
        await Promise.resolve();
        if (isClosed) throw new PolicyError('closed', 'it was closed');
        return decide();
      };
      const close = async (): Promise<void> => {
        isClosed = true;
        told.push(`close ${module}`);
      };
      return { evaluate, close };
    },
    close: async () => undefined,
  };
  return { engine, told };
}

/** Blocks are had `afterMs` after they were asked for, if that is in time. */
function worldOf(decide: () => Promise<PolicyDecision> = async () => ALLOWS, afterMs = 0) {
  const [store, clock] = [memoryContent(sha256), virtualClock({ startMs: 0 })];
  const { engine, told } = engineOf(decide);
  const content: Pick<ContentStore, 'get'> = {
    async get(cid, limits) {
      const waitMs = Math.min(afterMs, limits.deadlineMs);
      if (waitMs > 0) await new Promise<void>((resolve) => clock.schedule(waitMs, resolve));
      if (limits.deadlineMs < afterMs) throw new Error('it was not had in time');
      return store.get(cid, limits);
    },
  };
  const policies = new NeedPolicies({ content, engine, clock });
  const put = async (module: string, own: Partial<Capsule> = {}): Promise<Cid> => {
    const kept = await store.put(utf8(module), 'raw');
    const limits = { gas: 1_000, memoryBytes: 65_536, builtins: [] };
    const links = { engine: kept, source: kept, conformance: kept };
    const capsule = { v: 1, schema: 1, name: 'toy', parameters: {}, ...limits, ...links, ...own } as const;
    return store.put(encodeCapsule(capsule), 'dag-cbor');
  };
  return { clock, told, policies, put };
}

describe('the policies of needs', () => {
  it('are loaded once each, and the one that was asked longest ago gives way', async () => {
    const { policies, put, told } = worldOf();
    const cids: Cid[] = [];
    for (let number = 1; number <= 9; number += 1) cids.push(await put(`policy ${number}`));
    for (const cid of [...cids.slice(0, 8), cids[0], cids[8]])
      expect(await policies.ask(cid as Cid, INPUT, 1_000)).toEqual({ ok: true, decision: ALLOWS });
    expect(told.slice(8).sort()).toEqual(['close policy 2', 'load policy 9']);
    policies.close();
    await Promise.resolve();
    expect(told.filter((one) => one.startsWith('close'))).toHaveLength(9);
  });

  it('are loaded once by all who ask at the same time, and tried again where that failed', async () => {
    const { policies, put, told } = worldOf();
    const cid = await put('policy');
    await Promise.all([1, 2, 3].map(() => policies.ask(cid, INPUT, 1_000)));
    expect(told).toEqual(['load policy']);
    const failing = worldOf(() => Promise.reject(new PolicyError('deadline', 'the thread died')));
    const other = await failing.put('policy');
    for (let time = 0; time < 2; time += 1)
      expect(await failing.policies.ask(other, INPUT, 1_000)).toEqual({ ok: false, why: 'the thread died' });
    expect(failing.told.filter((one) => one.startsWith('load'))).toHaveLength(2);
  });

  it('are not unloaded while somebody asks them, however many are asked at once', async () => {
    const { policies, put, told } = worldOf();
    const asked = Array.from({ length: 20 }, async (_, number) =>
      policies.ask(await put(`policy ${number}`), INPUT, 500),
    );
    expect(await Promise.all(asked)).toEqual(asked.map(() => ({ ok: true, decision: ALLOWS })));
    expect(told.filter((one) => one.startsWith('close'))).toHaveLength(12);
  });

  it('are waited for by each as long as it has, not as long as who asked first', async () => {
    const { policies, put, clock } = worldOf(async () => ALLOWS, 500);
    const cid = await put('policy');
    const [short, long] = [policies.ask(cid, INPUT, 400), policies.ask(cid, INPUT, 5_000)];
    await clock.runUntil(() => false, { untilMs: 5_001 });
    expect(await short).toMatchObject({ ok: false });
    expect(await long).toEqual({ ok: true, decision: ALLOWS });
  });

  it('are not evaluated for those who wait no more', async () => {
    const asked = new Set<() => void>();
    const { policies, put, clock } = worldOf(() => new Promise((resolve) => asked.add(() => resolve(ALLOWS))));
    const cid = await put('policy');
    const answers = [100, 100, 200, 9_000].map((endsAt) => policies.ask(cid, INPUT, endsAt));
    await clock.runUntil(() => false, { untilMs: 300 });
    expect(asked.size).toBe(2);
    for (const answer of asked) answer();
    await clock.runUntil(() => false, { untilMs: 400 });
    expect(asked.size).toBe(3);
    for (const answer of asked) answer();
    expect((await Promise.all(answers)).map(({ ok }) => ok)).toEqual([false, false, false, true]);
  });

  it('that are none, or too large, cannot be asked, and it is said why', async () => {
    const { policies, put } = worldOf();
    const lacking = cidOf(utf8('nobody has this'), 'raw', sha256);
    const why = async (cid: Cid): Promise<string> => {
      const answer = await policies.ask(cid, INPUT, 1_000);
      return answer.ok ? 'it was asked' : answer.why;
    };
    expect(await why(await put('policy', { gas: 100_000_001 }))).toContain('has 100000000 gas at most');
    expect(await why(await put('policy', { memoryBytes: 16_777_217 }))).toContain(
      'has 16777216 bytes of memory at most',
    );
    expect(await why(await put('else'))).toBe('it is no policy');
    expect(await why(await put('policy', { engine: lacking }))).toContain(lacking);
    expect(await why(cidOf(utf8('a capsule'), 'dag-cbor', sha256))).not.toBe('it was asked');
    expect(await why(await put(`policy ${'.'.repeat(491_520)}`))).not.toBe('it was asked');
  });

  it('that do not answer are not waited for longer than they may', async () => {
    const { policies, put, clock } = worldOf(() => new Promise(() => undefined));
    const asked = policies.ask(await put('policy'), INPUT, 500);
    await clock.runUntil(() => false, { untilMs: 501 });
    expect(await asked).toEqual({ ok: false, why: 'it did not answer in time' });
  });

  it('are asked by no node that has nothing to evaluate them with', async () => {
    const { clock } = worldOf();
    const policies = new NeedPolicies({ content: memoryContent(sha256), engine: null, clock });
    expect(await policies.ask(cidOf(INPUT, 'dag-cbor', sha256), INPUT, 9)).toMatchObject({ ok: false });
  });
});

const QUESTION = '{"envelope":{"body":{"telemetry":{"wallMs":1}}},"need":{"spent":{"ms":1,"tokens":0}},"work":null}';
const NOTHING_FOUND = { work: null, stated: null };

describe('a seat', () => {
  it('cannot tell of work whose need has a policy that cannot be asked, and asks none where there is none', async () => {
    const askedOfNeed = { capsule: cidOf(INPUT, 'dag-cbor', sha256), input: INPUT };
    const away = async () => ({ ok: false, why: 'it is away' }) as const;
    expect(await judgeWork({ askedOfNeed }, NOTHING_FOUND, away)).toBe('away');
    expect(await judgeWork({}, NOTHING_FOUND, away)).toBe(null);
  });

  it('fails work that it denies, also as its worker said it, and passes what it allows', async () => {
    const askedOfNeed = { capsule: cidOf(INPUT, 'dag-cbor', sha256), input: INPUT };
    const denials = [{ rule: 'egress', code: 'far', facts: {} }];
    const decided = (allow: boolean) => async () =>
      ({ ok: true, decision: { allow, reasons: allow ? [] : denials, gasUsed: 1 } }) as const;
    const found = await judgeWork({ askedOfNeed }, NOTHING_FOUND, decided(false));
    expect(found).toEqual({ code: 'need_policy_denied', facts: [], denials });
    expect(await judgeWork({ askedOfNeed }, NOTHING_FOUND, decided(true))).toBe(null);
  });

  it('asks as the worker of it did, who knew what it states', async () => {
    const askedOfNeed = { capsule: cidOf(INPUT, 'dag-cbor', sha256), input: utf8(QUESTION) };
    const asked: string[] = [];
    const wantsStatements = async (_: Cid, input: Uint8Array) => {
      asked.push(new TextDecoder().decode(input));
      const allow = asked.at(-1)?.includes('"statements":4') === true;
      return { ok: true, decision: { allow, reasons: [], gasUsed: 1 } } as const;
    };
    const stated = { statements: 4, cited: 3 };
    expect(await judgeWork({ askedOfNeed }, { work: null, stated }, wantsStatements)).toBe(null);
    expect(asked).toEqual([expect.stringContaining('"cited":3')]);
    const lacks = { code: 'need_policy_denied', facts: [], denials: [] };
    expect(await judgeWork({ askedOfNeed }, NOTHING_FOUND, wantsStatements)).toEqual(lacks);
  });
});
