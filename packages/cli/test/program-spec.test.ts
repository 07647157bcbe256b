import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ProgramFlags, programSpec } from '../src/agent/program-spec.ts';
import { CliFailure, EXIT } from '../src/failure.ts';

const folder = mkdtempSync(join(tmpdir(), 'canswarm-spec-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const schema = file('schema.json', '{"type":"object"}');
const module = file('check.ts', 'export default () => true;');
const example = file('example.json', '{"input":{"text":"a"},"output":{"words":1}}');
const FLAGS: ProgramFlags = {
  name: 'counter',
  skill: 'word-count',
  description: 'Counts words.',
  price: 500_000,
  inputSchema: schema,
  outputSchema: schema,
  timeout: 60,
  outputBytes: 1_000,
};
const known = { certificateChecks: () => ['table-clean/1', 'reconcile/1'] };
const verificationOf = (flags: Partial<ProgramFlags>) =>
  programSpec(['node', 'count.js'], { ...FLAGS, ...flags }, known).verification;

describe('a program says how its results are judged', () => {
  it('by nothing but its schemas, unless more is said', () => {
    expect(programSpec(['node', 'count.js'], FLAGS, known)).toMatchObject({
      price: '0.5',
      command: ['node', 'count.js'],
      timeoutMs: 60_000,
      verification: { checks: [] },
    });
  });

  it('is refused where this machine has no such program', () => {
    for (const program of ['no-such-program-at-all', './no-such-program', ''])
      expect(() => programSpec([program], FLAGS, known)).toThrow(CliFailure);
    expect(programSpec([process.execPath], FLAGS, known).command).toEqual([process.execPath]);
  });

  it('by checks, a module and an example', () => {
    expect(verificationOf({ check: ['reconcile/1'], module, example })).toEqual({
      checks: ['reconcile/1'],
      module: { file: module, mode: 'check' },
      example: { input: { text: 'a' }, output: { words: 1 } },
    });
    expect(verificationOf({ module, mode: 'reexecute' }).module).toEqual({ file: module, mode: 'reexecute' });
    expect(verificationOf({ module, mode: 'bound', boundBps: 9_500 }).module).toEqual({
      file: module,
      mode: 'bound',
      boundBps: 9_500,
    });
  });

  it.each<[string, Partial<ProgramFlags>, RegExp]>([
    ['a check that there is not', { check: ['other/1'] }, /there is no check other\/1/],
    ['a mode of no module', { mode: 'check' }, /--mode and --bound-bps say how a module judges/],
    ['a bound of no module', { boundBps: 1 }, /--mode and --bound-bps/],
    ['a bound of another mode', { module, mode: 'check', boundBps: 1 }, /--bound-bps is for --mode bound/],
    ['a module that there is not', { module: join(folder, 'none.ts') }, /there is no file .*none\.ts/],
    ['an example that there is not', { example: join(folder, 'none.json') }, /cannot be read/],
    ['an example that is no JSON', { example: module }, /is no JSON/],
    ['an example with more', { example: file('more.json', '{"input":1,"output":1,"x":1}') }, /not just an input/],
    ['a schema that is a list', { inputSchema: file('list.json', '[]') }, /is no JSON object/],
  ])('but not by %s', (_, flags, message) => {
    expect(() => verificationOf(flags)).toThrow(CliFailure);
    expect(() => verificationOf(flags)).toThrow(
      expect.objectContaining({ exit: EXIT.usage, message: expect.stringMatching(message) }),
    );
  });
});
