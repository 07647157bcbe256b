import type { KernelEvent } from '@canswarm/kernel';
import type { Cid, Did, EnvelopeId } from '@canswarm/protocol';
import { expect, test } from 'vitest';
import { challengeSheet } from '../../src/need/challenge-sheet.ts';

const id = 'challenge' as EnvelopeId;
const [ada, bob] = ['ada' as Did, 'bob' as Did];
const named = { id, subject: 'commit' as Cid, class: 'wrong_output', challenger: ada } as const;
const line = (...events: readonly KernelEvent[]) => ({ accepted: true, events, votes: [] });
const opened = (instance: number, by: 'jury' | 'arbiters'): KernelEvent => ({
  type: 'instance_opened',
  challenge: id,
  instance,
  seats: 3,
  by,
});
const judged = (upheld: boolean, challenger = ada): KernelEvent => ({
  type: 'challenge_judged',
  subject: named.subject,
  class: 'wrong_output',
  challenger,
  upheld,
  reason: 'so it is',
});
const ruled = (instance: number, ruling: 'uphold' | 'dismiss'): KernelEvent => ({
  type: 'instance_ruled',
  challenge: id,
  instance,
  ruling,
  votes: 2,
});

test('each instance is told, who appealed for it and what it said', () => {
  const vote = { seat: bob, subject: `jury/${id}/1`, ballot: 1, verdict: 'uphold', reasons: [] };
  const sheet = challengeSheet(named, [
    line(opened(1, 'jury')),
    { ...line(ruled(1, 'uphold')), votes: [vote, { ...vote, subject: 'jury/other/1' }] },
    { ...line(), votes: [vote] },
    line({ type: 'appealed', challenge: id, instance: 2, appellant: bob }, opened(2, 'arbiters')),
    line(ruled(2, 'dismiss'), judged(false)),
  ]);
  expect(sheet).toMatchObject({ ended: 'dismissed', reason: 'so it is' });
  expect(sheet.instances).toMatchObject([
    { instance: 1, by: 'jury', appellant: null, ruling: 'uphold', votes: [vote] },
    { instance: 2, by: 'arbiters', appellant: bob, ruling: 'dismiss', votes: [] },
  ]);
});

test('what nobody decided is undecided, and what others challenged is no end of it', () => {
  const failed: KernelEvent = { type: 'instance_failed', challenge: id, instance: 1, reason: 'silent' };
  const lines = [line(opened(1, 'jury')), line(judged(true, bob)), line(failed)];
  expect(challengeSheet(named, lines)).toMatchObject({ ended: null, instances: [{ failed: 'silent' }] });
  expect(challengeSheet(named, [...lines, line(judged(false))]).ended).toBe('undecided');
});

test('a refused entry changes nothing, and a seal that is never opened lapses', () => {
  expect(challengeSheet(named, [{ ...line(judged(true)), accepted: false }]).ended).toBeNull();
  const { subject, class: kind, challenger } = named;
  expect(challengeSheet(named, [line({ type: 'challenge_lapsed', subject, class: kind, challenger })]).ended).toBe(
    'lapsed',
  );
});
