import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeGenesis, fromHex, genesisCid, toHex } from '@canswarm/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportAudit } from '../../src/audit/audit-text.ts';
import { firstDifference, valueAt } from '../../src/audit/difference.ts';
import { type Reference, type ReplayOptions, replay } from '../../src/audit/replay.ts';
import { type ReplayStep, stepLine, stepsFoot, stepsHead } from '../../src/audit/steps-text.ts';
import { readReference } from '../../src/proof/read-reference.ts';
import { crypto, example } from './example-log.ts';

const { genesis, entries } = example.log;
const network = genesisCid(genesis, crypto.sha256);
const run = (options: Partial<ReplayOptions>, log = entries) => replay(genesis, log, { crypto, ...options });

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'canswarm-divergence-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a file with this text is to a replay. */
function referenceOf(text: string): Reference {
  const path = join(folder, 'reference');
  writeFileSync(path, text);
  const read = readReference(path);
  if (!read.ok) throw new Error(`${read.code}: ${read.detail}`);
  return read.reference;
}

/** The file of steps that a replay of the whole log writes, by line. */
function recorded(): string[] {
  const lines = [stepsHead(network)];
  const replayed = run({ onStep: (step: ReplayStep) => void lines.push(stepLine(step)) });
  return [...lines, stepsFoot(replayed)];
}

const lines = recorded();

/** The recorded steps with one line changed. Line 0 is the head, line n the step of entry n. */
function altered(line: number, from: string, to: string): Reference {
  const text = lines[line] ?? '';
  expect(text).toContain(from);
  return referenceOf(lines.with(line, text.replace(from, to)).join(''));
}

describe('a replay against the steps of an earlier one', () => {
  it('finds them equal', () => {
    expect(run({ against: referenceOf(lines.join('')) }).divergence).toBeUndefined();
  });

  it('names the first entry, field and value that differ', () => {
    const outcome = altered(9, '"code":"window_open"', '"code":"challenge_open"');
    expect(run({ against: outcome })).toMatchObject({
      entries: 9,
      divergence: { position: 9, code: 'step_other', path: 'code', expected: 'challenge_open', found: 'window_open' },
    });
    const step = JSON.parse(lines[1] ?? '') as ReplayStep;
    const at = step.events.findIndex((event) => event.type === 'posting');
    const amount = (step.events[at] as { amount: number }).amount;
    const money = altered(1, `"amount":${amount}}`, `"amount":${amount + 1}}`);
    expect(run({ against: money }).divergence).toMatchObject({
      position: 1,
      path: `events.${at}.amount`,
      expected: amount + 1,
      found: amount,
    });
  });

  it('says so when only the state behind equal steps differs', () => {
    const { stateRoot } = run({});
    const other = altered(13, stateRoot, '00'.repeat(32));
    expect(run({ against: other }).divergence).toMatchObject({
      position: 12,
      code: 'state_root_other',
      expected: '00'.repeat(32),
      found: stateRoot,
    });
  });

  it('takes a record that was cut off as far as it goes, and one that ended as whole', () => {
    const cut = `${lines.slice(0, 6).join('')}${lines[6]?.slice(0, 40)}`;
    expect(run({ against: referenceOf(cut) }).divergence).toBeUndefined();
    const ended = [...lines.slice(0, 6), stepsFoot(run({ until: 5 }))].join('');
    expect(run({ against: referenceOf(ended) }).divergence).toMatchObject({ position: 6, code: 'length_other' });
    const short = run({ against: referenceOf(lines.join('')) }, entries.slice(0, 5));
    expect(short.divergence).toMatchObject({ position: 6, code: 'length_other', found: 'no entry' });
    expect(run({ against: referenceOf(lines.join('')), until: 5 }).divergence).toBeUndefined();
  });

  it('of another network compares nothing', () => {
    const other = altered(0, network, network.replace(/.$/, network.endsWith('a') ? 'q' : 'a'));
    expect(run({ against: other })).toMatchObject({ entries: 0, divergence: { position: 0, code: 'network_other' } });
  });
});

describe('a replay against another export', () => {
  const of = (log: typeof entries): Reference => referenceOf(exportAudit(log));

  it('finds it equal', () => {
    expect(run({ against: of(entries) }).divergence).toBeUndefined();
  });

  it('names the field that was changed, in the evidence too', () => {
    const hex = toHex(entries[3]?.bytes ?? new Uint8Array());
    // In the first bid that the entry carries, lamport, a number of one byte, becomes another.
    const bytes = fromHex(hex.replace(/(676c616d706f7274)0./, '$117'));
    expect(bytes).not.toEqual(entries[3]?.bytes);
    if (bytes === undefined) throw new Error('no hex');
    const changed = run({ against: of(entries) }, entries.with(3, { position: 4, bytes }));
    expect(changed).toMatchObject({
      entries: 3,
      divergence: { position: 4, code: 'entry_other', path: 'entry.evidence.envelopes.0.payload.lamport' },
    });
    // Without anything to compare with, the entry that does not hold is named.
    expect(run({}, entries.with(3, { position: 4, bytes })).divergence).toMatchObject({
      position: 4,
      code: 'evidence_mismatch',
    });
  });

  it('names the first of two entries that were swapped, and the end of one that was cut', () => {
    const [fifth, sixth] = [entries[4]?.bytes, entries[5]?.bytes];
    if (fifth === undefined || sixth === undefined) throw new Error('no entry');
    const swapped = entries.with(4, { position: 5, bytes: sixth }).with(5, { position: 6, bytes: fifth });
    expect(run({ against: of(entries) }, swapped).divergence).toMatchObject({ position: 5, code: 'entry_other' });
    expect(run({ against: of(entries) }, entries.slice(0, 7)).divergence).toMatchObject({
      position: 8,
      code: 'length_other',
    });
    expect(run({ against: of(entries.slice(0, 7)) }).divergence).toMatchObject({ position: 8, code: 'length_other' });
  });
});

describe('a replay against a state', () => {
  let state: Readonly<Record<string, unknown>> = {};
  const ended = run({ until: 5, onEnd: (one) => void Object.assign(state, one) });
  const said = (one: unknown) => referenceOf(`replaying\n${JSON.stringify({ ...ended, network, state: one })}\n`);

  it('finds it equal, and names the field that differs', () => {
    expect(run({ against: said(state), until: 5 }).divergence).toBeUndefined();
    const accounts = state['accounts'] as Readonly<Record<string, number>>;
    const burn = accounts['burn'] ?? 0;
    state = { ...state, accounts: { ...accounts, burn: burn + 1 } };
    expect(run({ against: said(state), until: 5 }).divergence).toMatchObject({
      position: 5,
      code: 'state_other',
      path: 'state.accounts.burn',
      expected: burn + 1,
      found: burn,
    });
    expect(run({ against: said(state), until: 6 }).divergence).toMatchObject({ code: 'length_other' });
  });
});

describe('a file that is nothing to compare with', () => {
  it.each([
    ['nothing', '', 'neither an export'],
    ['another object', '{"a":1}\n', 'neither an export'],
    ['another format', '{"format":"canswarm/steps/2"}\n', 'the format is not'],
    ['no network', '{"format":"canswarm/steps/1","network":"x"}\n', 'it names no network'],
    ['no step', `${lines[0]}{"what":1}\n`, 'neither a step nor the end'],
    ['a step after the end', `${lines.join('')}${lines[1]}`, 'a line after the last'],
    ['no JSON', `${lines[0]}no json\n`, 'no object of JSON'],
  ])('is refused: %s', (_name, text, detail) => {
    expect(() => referenceOf(text)).toThrow(detail);
  });

  it('is named, an export that is broken by its line', () => {
    expect(readReference(join(folder, 'nowhere'))).toMatchObject({ ok: false, code: 'missing_file' });
    const broken = exportAudit(entries).replace('{"position":3,', '{"position":4,');
    writeFileSync(join(folder, 'reference'), broken);
    expect(readReference(join(folder, 'reference'))).toMatchObject({ ok: false, code: 'position_other', line: 3 });
    writeFileSync(join(folder, 'genesis.cbor'), encodeGenesis(genesis));
    expect(readReference(join(folder, 'genesis.cbor'))).toMatchObject({ ok: false, code: 'no_reference' });
  });
});

describe('differences of values', () => {
  it('are found in the order of what is expected', () => {
    expect(firstDifference({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBeNull();
    expect(firstDifference({ a: { b: [1, 2] } }, { a: { b: [1, 3] } })).toEqual({
      path: 'a.b.1',
      expected: 2,
      found: 3,
    });
    expect(firstDifference({ a: 1 }, { a: 1, c: 2 })).toEqual({ path: 'c', expected: undefined, found: 2 });
    expect(firstDifference([], {})).toEqual({ path: '', expected: [], found: {} });
    expect(firstDifference({}, { constructor: 1 })).toMatchObject({ path: 'constructor', expected: undefined });
  });

  it('lead to what they name, dots in names too', () => {
    const value = { 'a.b': { c: 1 }, a: { d: [7] } };
    expect([valueAt(value, 'a.b.c'), valueAt(value, 'a.d.0'), valueAt(value, 'a.x'), valueAt(value, '')]).toEqual([
      1,
      7,
      undefined,
      value,
    ]);
  });
});
