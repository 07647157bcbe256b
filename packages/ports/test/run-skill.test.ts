import { cidOf, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { SkillError, type SkillJob, skillResult } from '../src/index.ts';
import { sha256 } from './toys/toy-world.ts';

const cid = cidOf(utf8('x'), 'raw', sha256);
const telemetry = { wallMs: 1, bytesRead: 2, bytesWritten: 3 };
const use = { tokens: 1, models: ['m'], tools: [], egress: [{ label: 'l', zone: 'z', bytes: 1 }] };
const executed = { outputs: [{ cid, leaves: 1 }], trace: null, telemetry };
const main = { task: 'main', part: null, goal: null, after: ['a'], price: 5 };
const claim = { output: 0, key: 's/0001', step: 0 };

function codeOf(action: SkillJob['action'], value: unknown): string {
  try {
    skillResult(action, value);
    return 'taken';
  } catch (error) {
    return error instanceof SkillError ? error.code : String(error);
  }
}

describe('skillResult', () => {
  it('takes a result and gives back its own fields only', () => {
    expect(skillResult('execute', { ...executed, outputs: [{ cid, leaves: 1, more: 1 }], more: 2 })).toEqual({
      action: 'execute',
      ...executed,
    });
    expect(skillResult('evaluate', { verdict: 'pass', reasons: [], action: 'execute' })).toEqual({
      action: 'evaluate',
      verdict: 'pass',
      reasons: [],
    });
    const finding = { class: 'schema_violation', claim };
    expect(skillResult('inspect', { finding })).toEqual({ action: 'inspect', finding });
    expect(skillResult('inspect', { finding: null })).toEqual({ action: 'inspect', finding: null });
  });

  it.each([
    { tasks: [] },
    { tasks: Array(17).fill(main) },
    { tasks: [{ ...main, task: 'x'.repeat(65) }] },
    { tasks: [{ ...main, part: -1 }] },
    { tasks: [{ ...main, goal: 'x'.repeat(1025) }] },
    { tasks: [{ ...main, after: Array(16).fill('a') }] },
    { tasks: [{ ...main, price: 0.5 }] },
    {},
  ])('refuses what is no result of divide: %j', (value) => {
    expect(codeOf('divide', value)).toBe('malformed');
  });

  it('takes what work says that it used', () => {
    const told = { ...executed, telemetry: { ...telemetry, use } };
    expect(skillResult('execute', told)).toMatchObject({ telemetry: { use } });
    expect(skillResult('execute', executed)).not.toMatchObject({ telemetry: { use: expect.anything() } });
  });

  it('takes what doing work again took', () => {
    const told = { verdict: 'pass', reasons: [], measured: { wallMs: 5, use } };
    expect(skillResult('evaluate', { ...told, measured: { ...told.measured, more: 1 } })).toEqual({
      action: 'evaluate',
      ...told,
    });
  });

  it('takes a plan, or that there is none', () => {
    expect(skillResult('divide', { tasks: [{ ...main, more: 1 }] })).toEqual({ action: 'divide', tasks: [main] });
    expect(skillResult('divide', { tasks: null })).toEqual({ action: 'divide', tasks: null });
  });

  it.each([
    null,
    [],
    'text',
    {},
    { ...executed, outputs: Array(17).fill({ cid, leaves: 1 }) },
    { ...executed, outputs: [{ cid: 'bafy', leaves: 1 }] },
    { ...executed, outputs: [{ cid: `${cid.slice(0, -1)}b`, leaves: 1 }] },
    { ...executed, outputs: [{ cid, leaves: 0 }] },
    { ...executed, outputs: [{ cid, leaves: 1.5 }] },
    { ...executed, trace: 'none' },
    { ...executed, telemetry: { ...telemetry, wallMs: -1 } },
    { ...executed, telemetry: { ...telemetry, bytesRead: '5' } },
    { ...executed, telemetry: { ...telemetry, use: null } },
    { ...executed, telemetry: { ...telemetry, use: { ...use, tokens: -1 } } },
    { ...executed, telemetry: { ...telemetry, use: { ...use, models: [''] } } },
    { ...executed, telemetry: { ...telemetry, use: { ...use, tools: Array(17).fill('t') } } },
    { ...executed, telemetry: { ...telemetry, use: { ...use, egress: [{ label: 'l', zone: 'z' }] } } },
  ])('refuses what is no result of execute: %j', (value) => {
    expect(codeOf('execute', value)).toBe('malformed');
  });

  it.each([
    { verdict: 'fine', reasons: [] },
    { verdict: 'fail', reasons: 'bad' },
    { verdict: 'fail', reasons: Array(9).fill('bad') },
    { verdict: 'fail', reasons: ['é'.repeat(129)] },
    { verdict: 'fail', reasons: ['\ud800'] },
    { verdict: 'undecidable', reasons: [] },
    { verdict: 'pass', reasons: [], measured: null },
    { verdict: 'pass', reasons: [], measured: { wallMs: 5 } },
    { verdict: 'pass', reasons: [], measured: { wallMs: -1, use } },
    { verdict: 'pass', reasons: [], measured: { wallMs: 5, use: { ...use, tokens: -1 } } },
  ])('refuses what is no result of evaluate: %j', (value) => {
    expect(codeOf('evaluate', value)).toBe('malformed');
  });

  it.each([
    {},
    { finding: {} },
    { finding: { class: 'equivocation', claim } },
    { finding: { class: 'missing_citation', claim: { ...claim, step: 1 } } },
    { finding: { class: 'missing_citation', claim: { ...claim, key: 'k'.repeat(1025) } } },
    { finding: { class: 'missing_citation', claim: { ...claim, output: Number.NaN } } },
  ])('refuses what is no result of inspect: %j', (value) => {
    expect(codeOf('inspect', value)).toBe('malformed');
  });
});
