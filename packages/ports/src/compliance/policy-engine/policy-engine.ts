import { expect } from 'vitest';
import {
  POLICY_GAS_MAX,
  POLICY_INPUT_BYTES_MAX,
  POLICY_MEMORY_BYTES_MAX,
  POLICY_MODULE_BYTES_MAX,
  POLICY_PARAMETERS_BYTES_MAX,
  type PolicyProgram,
} from '../../index.ts';
import { rejectionOf } from '../fixtures.ts';
import { type Check, registerSuite } from '../suite.ts';
import {
  decide,
  decideOne,
  ECHO,
  expectAlive,
  expectEnded,
  expectRefused,
  jsonBytes,
  type PolicyEngineHarness,
  SUITE,
} from './harness.ts';

/** A module that begins as one of OPA's, and imports a function that no policy has: `env.now`. */
const IMPORTS_NOW = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, 25, 2],
  ...[3, 0x65, 0x6e, 0x76, 3, 0x6e, 0x6f, 0x77, 0, 0],
  ...[3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0, 1],
  ...[3, 2, 1, 0, 6, 6, 1, 0x7f, 1, 0x41, 0, 0x0b, 7, 1, 0, 10, 4, 1, 2, 0, 0x0b],
]);

const decisionChecks: readonly Check<PolicyEngineHarness>[] = [
  {
    name: 'decides by input and parameters, with reasons in their order',
    run: async (harness) => {
      const facts = { parameter: 'bond', said: 'hello', text: '3 of hello' };
      const echo = await decideOne(harness, ECHO);
      expect(echo).toMatchObject({ allow: true, reasons: [{ rule: 'suite', code: 'echo', facts }] });
      expect(echo.gasUsed).toBeGreaterThan(0);
      const other = await decideOne(harness, ECHO, { parameters: jsonBytes({ word: 'key' }) });
      expect(other.reasons[0]?.facts).toEqual({ ...facts, parameter: 'key' });
      const denied = await decideOne(harness, { task: 'deny' });
      expect([denied.allow, denied.reasons.map(({ code }) => code)]).toEqual([false, ['a', 'b', 'c']]);
    },
  },
  {
    name: 'gives the same, gas included, whatever was evaluated before, and by another engine of the same policy',
    run: async (harness) => {
      const large = { ...ECHO, more: Array.from({ length: 2000 }, (_, index) => ({ index })) };
      const inputs = [ECHO, large, { task: 'spin', number: 50 }, { task: 'hoard', number: 5000 }, { task: 'silence' }];
      const alone: unknown[] = [];
      for (const input of inputs) alone.push(await decideOne(harness, input));
      const broken = { task: 'hoard', number: 10_000_000 };
      const mixed = inputs.flatMap((input) => [input, broken, input, input]);
      const together = await decide(harness, mixed);
      const unbroken = together.filter((_, index) => index % 4 !== 1);
      expect(unbroken).toEqual(alone.flatMap((one) => [one, one, one]));
    },
  },
  {
    name: 'denies what is silent, says something else, or cannot be read',
    run: async (harness) => {
      const reason = { rule: 'r', code: 'c', facts: {} };
      const odd = [
        ...[null, true, 'yes', [], {}, { allow: true }, { allow: 'true', reasons: [] }, { allow: true, reasons: {} }],
        ...[
          { ...reason, rule: '' },
          { ...reason, code: 'x'.repeat(65) },
          { rule: 'r', code: 'c' },
          { ...reason, n: 1 },
        ].map((each) => ({ allow: true, reasons: [each] })),
        ...[1.5, null, [], 'x'.repeat(513), 2 ** 53].map((fact) => ({
          allow: true,
          reasons: [{ ...reason, facts: { fact } }],
        })),
        { allow: true, reasons: [], more: 1 },
        { allow: true, reasons: Array.from({ length: 65 }, (_, i) => ({ ...reason, code: String(i) })) },
        { allow: true, reasons: [], text: 'x'.repeat(70_000) },
      ];
      for (const decision of odd) expectEnded(await decideOne(harness, { task: 'say', decision }), 'no_decision');
      expectEnded(await decideOne(harness, { task: 'none' }), 'no_decision');
      const unread = ['', '{', '{"task":"echo"', '\u0000'].map((text) => new TextEncoder().encode(text));
      for (const decision of await decide(harness, unread)) expect(decision.allow).toBe(false);
      const sound = { allow: true, reasons: [{ ...reason, facts: { n: 2 ** 53 - 1, t: '', b: false } }] };
      expect(await decideOne(harness, { task: 'say', decision: sound })).toMatchObject(sound);
    },
  },
];

const limitChecks: readonly Check<PolicyEngineHarness>[] = [
  {
    name: 'ends what wants more gas than it has, and takes exactly what it says',
    run: async (harness) => {
      const bomb = await decideOne(harness, { task: 'spin', number: 1_000_000 }, { gas: 5_000_000 });
      expectEnded(bomb, 'out_of_gas');
      expect(bomb.gasUsed).toBe(5_000_000);
      const input = { task: 'spin', number: 20 };
      const whole = await decideOne(harness, input);
      expect(await decideOne(harness, input, { gas: whole.gasUsed })).toEqual(whole);
      expectEnded(await decideOne(harness, input, { gas: whole.gasUsed - 1 }), 'out_of_gas');
      await expectAlive(harness);
    },
  },
  {
    name: 'ends what wants more memory than it has',
    run: async (harness) => {
      expectEnded(await decideOne(harness, { task: 'hoard', number: 10_000_000 }), 'out_of_memory');
      const input = { task: 'hoard', number: 20_000 };
      expect((await decideOne(harness, input)).allow).toBe(true);
      expectEnded(await decideOne(harness, input, { memoryBytes: 1_048_576 }), 'out_of_memory');
      await expectAlive(harness);
    },
  },
  {
    name: 'denies inputs that are too large or nested without end',
    run: async (harness) => {
      const text = (length: number) => new TextEncoder().encode(`"${'x'.repeat(length - 2)}"`);
      expectEnded(await decideOne(harness, text(POLICY_INPUT_BYTES_MAX + 1)), 'input_too_large');
      expectEnded(await decideOne(harness, text(POLICY_INPUT_BYTES_MAX)), 'no_decision');
      const deep = new TextEncoder().encode('['.repeat(200_000) + ']'.repeat(200_000));
      expectEnded(await decideOne(harness, deep), 'trap');
      await expectAlive(harness);
    },
  },
];

const loadChecks: readonly Check<PolicyEngineHarness>[] = [
  {
    name: 'refuses modules that are none, imports that no policy has, and builtins that are not listed',
    run: async (harness) => {
      for (const wasm of [
        new Uint8Array(),
        SUITE.wasm.slice(0, 5000),
        Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
      ]) {
        await expectRefused(harness, { wasm }, 'module');
      }
      await expectRefused(harness, { wasm: IMPORTS_NOW }, 'import');
      await expectRefused(harness, { builtins: [] }, 'builtin');
      await expectRefused(harness, { memoryBytes: 65_536 }, 'budget');
      await expectAlive(harness);
    },
  },
  {
    name: 'refuses programs beyond the bounds',
    run: async (harness) => {
      const { engine, drive } = harness;
      const beyond: readonly Partial<PolicyProgram>[] = [
        { wasm: new Uint8Array(POLICY_MODULE_BYTES_MAX + 1) },
        { parameters: new Uint8Array(POLICY_PARAMETERS_BYTES_MAX + 1) },
        ...[0, -1, 1.5, Number.NaN].flatMap((number) => [{ gas: number }, { memoryBytes: number }]),
        { gas: POLICY_GAS_MAX + 1 },
        { memoryBytes: POLICY_MEMORY_BYTES_MAX + 1 },
      ];
      for (const changes of beyond) {
        expect(await drive(rejectionOf(engine.load({ ...SUITE, ...changes })))).toBeInstanceOf(RangeError);
      }
      await expectAlive(harness);
    },
  },
  {
    name: 'gives nothing after its close, which may be repeated',
    run: async (harness) => {
      const { engine, drive } = harness;
      const policy = await drive(engine.load(SUITE));
      await drive(Promise.all([engine.close(), engine.close()]));
      await expectRefused(harness, {}, 'closed');
      expect(await drive(rejectionOf(policy.evaluate(jsonBytes(ECHO))))).toMatchObject({ code: 'closed' });
      await drive(policy.close());
    },
  },
];

export const policyEngineChecks: readonly Check<PolicyEngineHarness>[] = [
  ...decisionChecks,
  ...limitChecks,
  ...loadChecks,
];

/** What every `PolicyEngine` must do. */
export function policyEngineCompliance(
  name: string,
  make: () => PolicyEngineHarness | Promise<PolicyEngineHarness>,
): void {
  registerSuite(`${name} is a PolicyEngine`, policyEngineChecks, make);
}
