import { cidOf, utf8, type VerifiedEnvelope } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { TimeStandsError, TimeWatch } from '../../src/host/time-watch.ts';
import { BLANK_SHEET } from '../../src/need/sheet.ts';
import { whyFailed } from '../../src/need/why-failed.ts';
import { crypto, SmallLog } from '../proof/small-log.ts';

/** A watched node whose clock is the test's, and which hears reports of the verifiers that are `awake`. */
function watched() {
  const log = new SmallLog();
  const at = { now: log.genesis.time, awake: log.verifiers.length };
  const reports = function* (): Iterable<VerifiedEnvelope> {
    for (const { signer } of log.verifiers.slice(0, at.awake))
      yield {
        payload: { verb: 'REPORT', from: signer.did, body: { time: at.now, preimage: null } },
      } as unknown as VerifiedEnvelope;
  };
  const watch = new TimeWatch({ state: log.state, heard: { reports } }, () => at.now);
  return { log, at, watch };
}

function post(log: SmallLog): void {
  const cid = cidOf(utf8('nothing looks inside'), 'dag-cbor', crypto.sha256);
  log.state.timers.open(`deadline:${cid}`, 60_000);
}

describe('a node watches whether log time moves', () => {
  it('says nothing of an idle network, however long', () => {
    const { at, watch } = watched();
    at.now += 3_600_000;
    expect(watch.look()).toBeNull();
  });

  it('says who is not heard of once something waits in vain', () => {
    const { log, at, watch } = watched();
    post(log);
    at.awake = 2;
    at.now += 4_999;
    expect(watch.look()).toBeNull();
    at.now += 1;
    const still = watch.look();
    expect(still).toEqual({
      since: log.genesis.time,
      heardBps: 2_857,
      missing: ['org-2', 'org-3', 'org-4', 'org-5', 'org-6'],
    });
    if (still === null) return;
    expect(new TimeStandsError(still).message).toBe(
      'verifiers with 28 % of the weight are heard of, and more than half is needed; missing are verifiers of org-2, org-3, org-4 and 2 more',
    );
  });

  it('is content again with the next entry', () => {
    const { log, at, watch } = watched();
    post(log);
    at.now += 6_000;
    expect(watch.look()).not.toBeNull();
    watch.moved();
    expect(watch.look()).toBeNull();
  });

  it('waits for a timer that lies ahead by its own clock', () => {
    const { log, at, watch } = watched();
    log.state.timers.start('deadline:x', log.genesis.time + 60_000);
    at.now += 64_999;
    expect(watch.look()).toBeNull();
    at.now += 1;
    expect(watch.look()).not.toBeNull();
  });
});

it('stands first among what keeps a need from its result, and never in one that ended', () => {
  const still = { since: 1, heardBps: 0, missing: [] };
  const facts = { sheet: BLANK_SHEET, stage: 'bidding', deadlineMs: 1, leaseMs: 1, bids: 0, still };
  expect(whyFailed(facts)).toEqual([{ code: 'time_stands', ...still }]);
  const ended = { ...BLANK_SHEET, ended: { status: 'expired', reason: 'none' } as never };
  expect(whyFailed({ ...facts, sheet: ended })).toEqual([]);
});
