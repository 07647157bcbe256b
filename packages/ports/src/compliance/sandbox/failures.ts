import { expect } from 'vitest';
import {
  type JsonValue,
  SANDBOX_CALL_LENGTH_MAX,
  SANDBOX_FILES_BYTES_MAX,
  SANDBOX_FILES_MAX,
  SANDBOX_MEMORY_BYTES_MAX,
  SANDBOX_MESSAGE_LENGTH_MAX,
  SANDBOX_SOURCE_BYTES_MAX,
  SANDBOX_VALUE_BYTES_MAX,
  SANDBOX_VALUE_DEPTH_MAX,
  type SandboxLimits,
} from '../../index.ts';
import type { Check } from '../suite.ts';
import { body, expectAlive, expectFailure, failure, giving, run, type SandboxHarness, type Task } from './harness.ts';

const NO_MODULES = [
  ...['', 'export const f =', 'export function f() {', 'return 1', 'export const f = 1; export const f = 2;', '}'],
  ...['export { f };', 'export const f = 1;', 'export const g = () => 1;', 'const f = () => 1;', 'export let f;'],
  ...['await 0; export const f = () => 1;', 'await new Promise(() => {}); export const f = () => 1;', 'with ({}) {}'],
  ...['export const f = () => { let a; let a; };', '\u0000', 'export const f = () => "\u0000', '#!x\n)'],
];

/** Things to throw, with what the message has to say where that is clear. */
const THROWN: readonly (readonly [thrown: string, said: RegExp])[] = [
  ['new Error("my own words")', /my own words/],
  ['new (class Odd extends TypeError { name = "Odd"; })("words")', /words/],
  ['"a string"', /a string/],
  ...['null', 'undefined', '5', '5n', 'Symbol("s")', '[]', '{}', '() => 1', 'Object.create(null)'].map(
    (thrown) => [thrown, /./] as const,
  ),
  ...['{ get message() { throw 1; } }', '{ message: 1 }', '{ message: {}, toString() { throw 1; } }'].map(
    (thrown) => [thrown, /./] as const,
  ),
  ['new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } })', /./],
  ['Object.assign(new Error("m"), { name: { toString() { throw 1; } }, stack: 5 })', /./],
  ['new Error("x".repeat(5000000))', /xxx/],
  ['"\\ud83d".repeat(5000)', /./],
];

export const failureChecks: readonly Check<SandboxHarness>[] = [
  {
    name: 'refuses modules that do not parse, await at their top level or have no such function',
    run: async (harness) => {
      for (const source of NO_MODULES) await expectFailure(harness, { source }, 'source');
      await expectAlive(harness);
    },
  },
  {
    name: 'says what was thrown, whatever it was, within bounds',
    run: async (harness) => {
      for (const [thrown, said] of THROWN) {
        for (const task of [
          body(`throw ${thrown};`),
          giving(`Promise.reject(${thrown})`),
          { source: `throw ${thrown};` },
        ]) {
          const { message } = await expectFailure(harness, task, 'threw');
          expect(message).toMatch(said);
          expect(message.length).toBeLessThanOrEqual(SANDBOX_MESSAGE_LENGTH_MAX);
        }
      }
      await expectAlive(harness);
    },
  },
  {
    name: 'refuses jobs and limits beyond the bounds, and takes those at the bounds',
    run: async (harness) => {
      const refused: readonly Partial<Task>[] = [
        { source: `//${'x'.repeat(SANDBOX_SOURCE_BYTES_MAX - 1)}` },
        { source: '"\ud83d"' },
        { call: 'f'.repeat(SANDBOX_CALL_LENGTH_MAX + 1) },
        { argument: 'x'.repeat(SANDBOX_VALUE_BYTES_MAX - 1) },
        { argument: JSON.parse('['.repeat(SANDBOX_VALUE_DEPTH_MAX + 1) + ']'.repeat(SANDBOX_VALUE_DEPTH_MAX + 1)) },
        ...[undefined, Number.NaN, 1n, () => 1, { a: undefined }, new Map(), new Date(0)].map(
          (argument) =>
            ({ argument: argument === undefined ? [argument] : argument }) as unknown as { argument: JsonValue },
        ),
        { files: new Map(Array.from({ length: SANDBOX_FILES_MAX + 1 }, (_, i) => [String(i), new Uint8Array()])) },
        { files: new Map([['x', new Uint8Array(SANDBOX_FILES_BYTES_MAX)]]) },
        { files: new Map([['\udc00', new Uint8Array()]]) },
      ];
      for (const task of refused)
        expect(await failure(harness, { ...giving('1'), ...task })).toBeInstanceOf(RangeError);
      const limits: readonly Partial<SandboxLimits>[] = [0, -1, 1.5, Number.NaN, 2 ** 53].flatMap((number) => [
        { fuel: number },
        { memoryBytes: number },
        { deadlineMs: number },
      ]);
      for (const each of [...limits, { memoryBytes: SANDBOX_MEMORY_BYTES_MAX + 1 }]) {
        expect(await failure(harness, giving('1'), each)).toBeInstanceOf(RangeError);
      }
      const source = 'export const f = () => 1;'.padEnd(SANDBOX_SOURCE_BYTES_MAX, '\n');
      const many = new Map(Array.from({ length: SANDBOX_FILES_MAX }, (_, i) => [String(i), new Uint8Array()]));
      const large = new Map([['x', new Uint8Array(SANDBOX_FILES_BYTES_MAX - 1)]]);
      for (const files of [many, large]) {
        expect(await run(harness, { source, files }, { memoryBytes: SANDBOX_MEMORY_BYTES_MAX })).toBe(1);
      }
    },
  },
  {
    name: 'refuses every job after close, which may be repeated',
    run: async (harness) => {
      const { sandbox, drive } = harness;
      await expectAlive(harness);
      await drive(Promise.all([sandbox.close(), sandbox.close()]));
      await expectFailure(harness, giving('1'), 'closed');
      await drive(sandbox.close());
    },
  },
];
