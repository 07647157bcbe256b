import { type PolicyEngineCode, PolicyError, type PolicyErrorCode, type PolicyProgram } from '@canswarm/ports';
import { describe, expect, it } from 'vitest';
import { type OpaPolicy, opaEngine, opaPolicy } from '../src/index.ts';
import { addressOf, CODE, IMPORT, tinyPolicy } from './fixtures/tiny-policy.ts';

const encoder = new TextEncoder();
const PARAMETERS = encoder.encode('{}');
const INPUT = encoder.encode('{}');
const MIB = 1_048_576;

function programOf(wasm: Uint8Array, changes: Partial<PolicyProgram> = {}): PolicyProgram {
  return { wasm, parameters: PARAMETERS, builtins: [], gas: 10_000_000, memoryBytes: 4 * MIB, ...changes };
}

const loaded = (tiny: Parameters<typeof tinyPolicy>[0]): OpaPolicy => opaPolicy(programOf(tinyPolicy(tiny)));

function expectEnded(policy: OpaPolicy, code: PolicyEngineCode): void {
  const decisions = [policy.decide(INPUT), policy.decide(INPUT)];
  expect(decisions[0]).toMatchObject({ allow: false, reasons: [{ rule: 'engine', code, facts: {} }] });
  expect(decisions[1]).toEqual(decisions[0]);
}

function expectRefused(wasm: Uint8Array, code: PolicyErrorCode, said = /./): void {
  let refusal: unknown;
  try {
    opaPolicy(programOf(wasm));
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(PolicyError);
  expect((refusal as PolicyError).code).toBe(code);
  expect((refusal as PolicyError).message).toMatch(said);
}

describe('a module made by hand', () => {
  it('is a policy when it does what one does', () => {
    const policy = loaded({});
    expect(policy.decide(INPUT)).toMatchObject({ allow: true, reasons: [] });
    expect(policy.decide(INPUT)).toEqual(policy.decide(INPUT));
  });

  it('is out of gas when it runs on, or asks for memory again and again', () => {
    expectEnded(loaded({ evaluates: CODE.endless }), 'out_of_gas');
    expectEnded(loaded({ evaluates: CODE.growing }), 'out_of_gas');
    expect(loaded({ evaluates: CODE.endless }).decide(INPUT).gasUsed).toBe(10_000_000);
  });

  it('traps when it calls itself without end, long before the thread has no stack left', () => {
    const policy = loaded({ evaluates: CODE.recursive });
    expectEnded(policy, 'trap');
    expect(policy.decide(INPUT).gasUsed).toBeLessThan(200_000);
  });

  it('traps when its code does', () => {
    expectEnded(loaded({ evaluates: CODE.traps }), 'trap');
  });

  it('keeps nothing from one evaluation to the next, in memory or in globals', () => {
    for (const evaluates of [CODE.remembersInMemory, CODE.remembersInGlobal]) {
      const policy = loaded({ evaluates });
      const first = policy.decide(INPUT);
      expect(first.allow).toBe(true);
      expect([policy.decide(INPUT), policy.decide(INPUT)]).toEqual([first, first]);
    }
  });

  it('has decided nothing when its decision is nowhere', () => {
    for (const address of [-1, -65_536, 200_000_000, 0]) {
      expectEnded(loaded({ evaluates: addressOf(address), gives: true }), 'no_decision');
    }
  });

  it('cannot begin with more than the gas for that', () => {
    expectRefused(tinyPolicy({ begins: CODE.endless }), 'budget');
    expectRefused(tinyPolicy({ begins: CODE.traps }), 'budget');
    expect(loaded({ begins: [] }).decide(INPUT).allow).toBe(true);
  });

  it('may import what OPA imports, and nothing else', () => {
    expectRefused(tinyPolicy({ imports: [IMPORT.clock] }), 'import', /"env\.clock"/);
    expectRefused(tinyPolicy({ imports: [IMPORT.abortOfAnotherType] }), 'import', /opa_abort/);
    expectRefused(tinyPolicy({ imports: [IMPORT.abortOfAnotherModule] }), 'import', /"other\.opa_abort"/);
    expectRefused(tinyPolicy({ imports: [IMPORT.global] }), 'import', /globals/);
  });

  it('may call no builtin that would not give the same everywhere, or that is not listed', () => {
    for (const name of ['time.now_ns', 'http.send', 'rand.intn', 'uuid.rfc4122', 'net.lookup_ip_addr', 'opa.runtime']) {
      expectRefused(tinyPolicy({ builtins: `{"${name}":0}` }), 'builtin', /the same everywhere/);
    }
    expectRefused(tinyPolicy({ builtins: '{"yaml.unmarshal":0}' }), 'builtin', /none of a host/);
    expectRefused(tinyPolicy({ builtins: '{"sprintf":0}' }), 'builtin', /does not list/);
    for (const builtins of ['', '[', 'null', '5']) expectRefused(tinyPolicy({ builtins }), 'budget');
  });

  it('may have no section that policies have not, and no table beyond all bounds', () => {
    for (const after of [
      [13, 1, 0],
      [14, 1, 0],
      [200, 1, 0],
    ]) {
      expectRefused(tinyPolicy({ after }), 'module', /no section/);
    }
    const start = tinyPolicy({});
    const table = [4, 7, 1, 0x70, 0, 0x80, 0x80, 0x80, 0x02];
    const place = 8;
    expectRefused(Uint8Array.from([...start.slice(0, place), ...table, ...start.slice(place)]), 'module', /one table/);
  });

  it('denies where it does not begin again with the memory that a larger input has', () => {
    // Begins with one page, and two, eight or sixty-four to spare.
    const policy = loaded({ begins: CODE.trapsBeyondThreePages });
    expect(policy.decide(INPUT).allow).toBe(true);
    for (const bytes of [2_049, 32_769]) {
      const decision = policy.decide(encoder.encode('{}'.padEnd(bytes)));
      expect(decision).toEqual({ allow: false, reasons: [{ rule: 'engine', code: 'trap', facts: {} }], gasUsed: 0 });
    }
    expect(policy.decide(INPUT).allow).toBe(true);
  });

  it('is cut off anywhere without harm', () => {
    const whole = tinyPolicy({});
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => opaPolicy(programOf(whole.slice(0, length)))).toThrow(PolicyError);
    }
  });
});

describe('an engine in a thread', () => {
  it('leaves the thread that asks free while a policy uses up its gas', async () => {
    const engine = opaEngine();
    const bomb = await engine.load(programOf(tinyPolicy({ evaluates: CODE.endless }), { gas: 1_000_000_000 }));
    let turns = 0;
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      turns += 1;
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const began = performance.now();
    const decision = await bomb.evaluate(INPUT);
    const took = performance.now() - began;
    clearInterval(timer);
    expect(decision.reasons[0]?.code).toBe('out_of_gas');
    expect(turns).toBeGreaterThan(5);
    expect(longest).toBeLessThan(took);
    await engine.close();
  });

  it('is started anew when a policy is not done in time, and loads what it had again', async () => {
    const engine = opaEngine({ deadlineMs: 2_000 });
    const sound = await engine.load(programOf(tinyPolicy({})));
    const before = await sound.evaluate(INPUT);
    const bomb = await engine.load(programOf(tinyPolicy({ evaluates: CODE.slow }), { gas: 1_000_000_000 }));
    const [late, behind] = await Promise.allSettled([bomb.evaluate(INPUT), sound.evaluate(INPUT)]);
    for (const one of [late, behind])
      expect(one).toMatchObject({ status: 'rejected', reason: { name: 'PolicyError', code: 'deadline' } });
    expect(await sound.evaluate(INPUT)).toEqual(before);
    await engine.close();
  });

  it('gives everything that waits its whole time, from when it is its turn', async () => {
    const engine = opaEngine({ deadlineMs: 2_000 });
    const bomb = await engine.load(programOf(tinyPolicy({ evaluates: CODE.endless }), { gas: 200_000_000 }));
    const many = await Promise.all(Array.from({ length: 40 }, () => bomb.evaluate(INPUT)));
    expect(new Set(many.map(({ reasons }) => reasons[0]?.code))).toEqual(new Set(['out_of_gas']));
    await engine.close();
  });

  it('loses nothing but what is closed by whoever still asks it', async () => {
    const engine = opaEngine();
    const [sound, closing] = await Promise.all([1, 2].map(() => engine.load(programOf(tinyPolicy({})))));
    if (sound === undefined || closing === undefined) throw new Error('both are loaded');
    const asked = [closing.evaluate(INPUT), sound.evaluate(INPUT)];
    await closing.close();
    const [gone, kept] = await Promise.allSettled(asked);
    expect(kept).toMatchObject({ status: 'fulfilled', value: { allow: true } });
    expect(gone).toMatchObject({ status: 'rejected', reason: { code: 'closed' } });
    await expect(closing.evaluate(INPUT)).rejects.toMatchObject({ code: 'closed' });
    await engine.close();
  });
});
