import { describe, expect, it } from 'vitest';
import { failuresOf, retriedOf, summaryLine, tallyVitest } from '../../scripts/testing/tally.ts';

const file = (status: string, ...statuses: string[]) => ({
  status,
  assertionResults: statuses.map((one) => ({ status: one })),
});

describe('tallyVitest', () => {
  it.each([
    ['counts tests', [file('passed', 'passed', 'passed'), file('failed', 'failed', 'passed')], 1, [3, 1, 0]],
    ['counts skipped tests apart', [file('passed', 'passed', 'skipped', 'pending', 'todo')], 0, [1, 0, 3]],
    ['counts a file that did not load', [file('passed', 'passed'), file('failed')], 1, [1, 1, 0]],
    ['counts a hook that failed after its tests passed', [file('failed', 'passed')], 1, [1, 1, 0]],
    ['counts an unknown status as a failure', [file('passed', 'exploded')], 0, [0, 1, 0]],
    ['counts an exit code that no test explains', [file('passed', 'passed')], 1, [1, 1, 0]],
    ['counts a run without tests as a failure', [], 0, [0, 1, 0]],
    ['counts a run with only skipped tests as a failure', [file('passed', 'skipped')], 0, [0, 1, 1]],
  ])('%s', (_name, testResults, exitCode, [passed, failed, skipped]) => {
    expect(tallyVitest({ testResults }, exitCode)).toEqual({ passed, failed, skipped });
  });

  it.each([[undefined], [null], ['text'], [{ testResults: 5 }]])(
    'counts the unreadable report %j as a failure',
    (report) => {
      expect(tallyVitest(report, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    },
  );

  it('says it in one line', () => {
    expect(summaryLine({ passed: 12, failed: 0, skipped: 3 })).toBe('12 passed, 0 failed');
  });
});

describe('failuresOf', () => {
  const why = { name: 'a.test.ts', message: 'cannot load\nat x' };

  it('names the test and the first line of why', () => {
    const failed = { status: 'failed', fullName: 'adds', failureMessages: ['expected 1 to be 2\n    at a.test.ts:3'] };
    const report = { testResults: [{ ...why, status: 'failed', assertionResults: [{ status: 'passed' }, failed] }] };
    expect(failuresOf(report)).toEqual(['a.test.ts: adds: expected 1 to be 2']);
  });

  it('names a file that did not load', () => {
    expect(failuresOf({ testResults: [{ ...file('failed'), ...why }] })).toEqual(['a.test.ts: cannot load']);
  });

  it('is empty where nothing failed, and of what is no report', () => {
    expect(failuresOf({ testResults: [file('passed', 'passed', 'skipped')] })).toEqual([]);
    expect(failuresOf(undefined)).toEqual([]);
  });
});

describe('retriedOf', () => {
  it('names what passed after it had failed', () => {
    const passed = { status: 'passed', fullName: 'bids in time', failureMessages: ['too late\n    at b.test.ts:9'] };
    const tests = [passed, { status: 'passed', failureMessages: [] }, { ...passed, status: 'failed' }];
    const report = { testResults: [{ name: 'b.test.ts', status: 'failed', assertionResults: tests }] };
    expect(retriedOf(report)).toEqual(['b.test.ts: bids in time: too late']);
    expect(failuresOf(report)).toEqual(['b.test.ts: bids in time: too late']);
  });
});
