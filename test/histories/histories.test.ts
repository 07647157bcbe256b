import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { RULES_VERSION } from '@canswarm/kernel';
import { isLogVerb, VERBS, type Verb } from '@canswarm/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  folderOf,
  isReleased,
  judgeHistory,
  presentVersion,
  recordOf,
  storedHistories,
  storeHistory,
} from './histories.ts';

/** What to do, and when. */
const HOW = 'Until the version is released: npm run -s histories -- --record. See test/histories/README.md';

const stored = storedHistories();
const named = stored.map((folder) => [`${recordOf(folder).version}/${basename(folder)}`, folder] as const);
const present = stored.filter((folder) => recordOf(folder).version === presentVersion());

describe('a stored history replays as it was recorded', () => {
  it.each(named)('%s', (_name, folder) => {
    expect(judgeHistory(folder).divergence, HOW).toBeNull();
  });
});

describe('stored are', () => {
  it('histories of the present version and rules', () => {
    expect(present.length, `version ${presentVersion()} has no stored history: ${HOW}`).toBeGreaterThan(0);
    expect(
      stored.some((folder) => recordOf(folder).rulesVersion === RULES_VERSION),
      HOW,
    ).toBe(true);
  });

  it('accepted entries of every verb', () => {
    const verbs = new Set(present.flatMap((folder) => [...judgeHistory(folder).verbs]));
    expect(
      (Object.keys(VERBS) as Verb[]).filter((verb) => isLogVerb(verb) && !verbs.has(verb)),
      HOW,
    ).toEqual([]);
  });

  it('each under its version and name', () => {
    for (const folder of stored) {
      const { version, name } = recordOf(folder);
      expect(folder).toBe(folderOf(version, name));
    }
  });
});

describe('a history that is not what it was is noticed', () => {
  let copy = '';
  const sample = folderOf(presentVersion(), 'an-escrow');
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'canswarm-history-'));
    cpSync(sample, copy, { recursive: true });
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  function change(file: string, from: string | RegExp, to: string): void {
    const text = readFileSync(join(copy, file), 'utf8');
    const other = text.replace(from, to);
    expect(other).not.toBe(text);
    writeFileSync(join(copy, file), other);
  }

  it('when the rules would judge an entry otherwise', () => {
    change('steps.jsonl', '"code":"escrow_unknown"', '"code":"escrow_exceeded"');
    expect(judgeHistory(copy).divergence).toMatchObject({
      code: 'step_other',
      path: 'code',
      expected: 'escrow_exceeded',
      found: 'escrow_unknown',
    });
  });

  it('when its state would be another', () => {
    change('history.json', /"stateRoot": "[0-9a-f]{4}/, '"stateRoot": "beef');
    expect(judgeHistory(copy).divergence).toMatchObject({ code: 'state_root_other' });
  });

  it('when an entry is missing, or altered', () => {
    change('audit.jsonl', /[^\n]+\n$/, '');
    expect(judgeHistory(copy).divergence).toMatchObject({ code: 'length_other' });
    change('audit.jsonl', '"epoch":1', '"epoch":2');
    expect(judgeHistory(copy).divergence).toMatchObject({ position: 1, code: 'bad_signature' });
  });

  it('when it is said to be of other rules', () => {
    change('history.json', '"rulesVersion": 1', '"rulesVersion": 7');
    expect(judgeHistory(copy).divergence).toMatchObject({ code: 'record_other' });
  });
});

it('a version is released once the changelog has a heading for it', () => {
  expect(isReleased('Unreleased')).toBe(true);
  expect(isReleased('999.0.0')).toBe(false);
});

it('what does not replay is not stored', () => {
  const genesis = { ...JSON.parse('{}'), rulesVersion: 99 };
  expect(() => storeHistory({ name: 'none', about: 'nothing', genesis, entries: [] })).toThrow();
  expect(stored).not.toContain(folderOf(presentVersion(), 'none'));
});
