import { type Need, planSubject, type State } from '@canswarm/kernel';
import { type Did, type Head, type NeedId, presetParams, type VerifiedEnvelope } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { judgeGossip } from '../src/admission.ts';

const NEED = 'need' as NeedId;
/** The running digest after a position of the history that the lives share. */
const digestOf = (position: number) => new Uint8Array(32).fill(position);
const LAST = 9;

/** A log in some life, of which two positions are too old to be known; a plan of its one need is voted on. */
function stateIn(incarnation: number, position = LAST): State {
  const seats = [{ did: 'seat', status: 'seated', ballot: 1, draw: 0 }];
  const need = { id: NEED, phase: 'bidding', round: 1 } as unknown as Need;
  const values = Array.from({ length: position - 1 }, (_, index) => digestOf(index + 2));
  return {
    ...{ incarnation, position, digests: { first: 2, values }, params: presetParams('dev') },
    ...{ needs: new Map([[NEED, need]]), committees: new Map([[planSubject(NEED, 1), { seats }]]) },
  } as unknown as State;
}

/** The vote of the seat, by who saw the log at a head. */
function vote(head: Head): VerifiedEnvelope {
  const body = { need: NEED, round: 1, ballot: 1, draw: 0, winner: null, bidsSeen: [], policyDigest: null };
  return {
    payload: { verb: 'ATTEST_PLAN', from: 'seat' as Did, thread: NEED, head, body },
  } as unknown as VerifiedEnvelope;
}

const headAt = (incarnation: number, position: number, digest = digestOf(position)): Head => ({
  ...{ incarnation, position, digest },
});

describe('gossip of another life of the log', () => {
  it('is kept where its head is of what the lives share, as it counts in evidence', () => {
    for (const incarnation of [1, 2, 3]) expect(judgeGossip(stateIn(3), vote(headAt(incarnation, 5)))).toBeNull();
  });

  it('is not kept where it saw what only the ended life had, or what is too old to tell', () => {
    const state = stateIn(2);
    expect(judgeGossip(state, vote(headAt(1, 5, digestOf(99))))).toBe('incarnation_other');
    expect(judgeGossip(state, vote(headAt(1, LAST + 1)))).toBe('incarnation_other');
    expect(judgeGossip(state, vote(headAt(1, 1)))).toBe('incarnation_other');
    // Of the present life it is a fork, and what is too old is taken at its word.
    expect(judgeGossip(state, vote(headAt(2, 5, digestOf(99))))).toBe('head_forked');
    expect(judgeGossip(state, vote(headAt(2, 1)))).toBeNull();
  });

  it('of a life ahead waits until the log comes there, and is not kept where the log has none there', () => {
    const ahead = vote(headAt(2, LAST + 1));
    expect(judgeGossip(stateIn(1), ahead)).toBe('early');
    expect(judgeGossip(stateIn(2, LAST + 1), ahead)).toBeNull();
    expect(judgeGossip(stateIn(1, LAST + 1), ahead)).toBe('incarnation_other');
    expect(judgeGossip(stateIn(1), vote(headAt(2, LAST + 5_000)))).toBe('head_ahead');
  });
});
