import { snapshot, stateRoot } from '@canswarm/kernel';
import { createMemo, toHex } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { replay } from '../../src/audit/replay.ts';
import { walkLog } from '../../src/audit/walk-log.ts';
import { smallLog } from '../proof/small-log.ts';
import { crypto, example, task } from './example-log.ts';

const { genesis, entries, state } = example.log;

describe('replay', () => {
  it('gives the digest and root of the run (P2)', () => {
    const replayed = replay(genesis, entries, { crypto });
    expect(replayed.divergence).toBeUndefined();
    expect(replayed.digest).toBe(toHex(state.digest));
    expect(replayed.stateRoot).toBe(stateRoot(state, crypto.sha256));
    expect(replayed.entries).toBe(12);
    expect(replayed.outcomes.filter(({ accepted }) => !accepted)).toMatchObject([
      { position: 9, verb: 'FINALIZE', code: 'window_open' },
    ]);
  });

  it('goes through every life of a log', () => {
    const { log } = smallLog(task, 3);
    const replayed = replay(log.genesis, log.entries, { crypto });
    expect(log.state.incarnation).toBe(3);
    expect(replayed).toMatchObject({ entries: 14, digest: toHex(log.state.digest) });
    expect(replayed.stateRoot).toBe(stateRoot(log.state, crypto.sha256));
    // What was said in the first life is of no other.
    const old = entries[4] ?? { bytes: new Uint8Array() };
    const again = replay(log.genesis, [...log.entries, { position: 15, bytes: old.bytes }], { crypto });
    expect(again.outcomes.at(-1)).toMatchObject({ accepted: false, code: 'incarnation_other' });
  });

  it('gives the same with a memo that has seen it', () => {
    const memo = createMemo();
    const first = replay(genesis, entries, { crypto, memo });
    const never = { ...crypto, verify: () => false };
    const again = replay(genesis, entries, { crypto: never, memo });
    expect(again.digest).toBe(first.digest);
  });

  it('stops where it is told to', () => {
    const early = replay(genesis, entries, { crypto, until: 4 });
    expect(early.entries).toBe(4);
    expect(early.digest).toBe(toHex(state.digests.values[4] ?? new Uint8Array()));
  });

  it('says where it differs from what a run claims', () => {
    const other = replay(genesis, entries.slice(0, -1), { crypto, expected: { digest: toHex(state.digest) } });
    expect(other.divergence).toMatchObject({ position: 11, code: 'digest_other' });
    const root = replay(genesis, entries, { crypto, expected: { stateRoot: '00' } });
    expect(root.divergence).toMatchObject({ position: 12, code: 'state_root_other' });
  });

  it('stops at an entry whose signature does not hold', () => {
    const bytes = entries[4]?.bytes.slice() ?? new Uint8Array();
    bytes[bytes.length - 5] = (bytes.at(-5) ?? 0) ^ 1;
    const broken = replay(genesis, entries.with(4, { position: 5, bytes }), { crypto });
    expect(broken.divergence).toMatchObject({ position: 5, code: 'bad_signature' });
    expect(broken.entries).toBe(4);
  });

  it('stops at an entry out of place', () => {
    const swapped = [...entries.slice(0, 3), ...entries.slice(4)];
    expect(replay(genesis, swapped, { crypto }).divergence).toMatchObject({ position: 5, code: 'position_other' });
  });

  it('refuses rules that this program does not have', () => {
    const walked = walkLog({ ...genesis, rulesVersion: 99 }, entries, { crypto });
    expect(walked).toMatchObject({ state: null, broken: { position: 0, code: 'law_broken' } });
    expect(replay({ ...genesis, rulesVersion: 99 }, entries, { crypto })).toMatchObject({
      entries: 0,
      divergence: { position: 0 },
    });
  });

  it('ends in the state that the run ended in', () => {
    const walked = walkLog(genesis, entries, { crypto });
    expect(walked.state === null ? null : snapshot(walked.state)).toEqual(snapshot(state));
  });
});
