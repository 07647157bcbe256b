import { expect, test } from 'vitest';
import { Detector } from '../../src/contact/detector.ts';

const detectorAt = (now: number) => new Detector({ misses: 3, answers: 2 }, now);

test('it takes misses in a row to lose what was there', () => {
  const detector = detectorAt(0);
  const changes = ['no', 'no', null, 'no', 'no', 'at last'].map((why, index) => detector.note(why, index));
  expect(changes).toEqual([false, false, false, false, false, true]);
  expect(detector.sight).toEqual({ lost: true, since: 5, why: 'at last' });
});

test('it takes answers in a row to have it back, and the latest reason is told until then', () => {
  const detector = detectorAt(0);
  for (const at of [1, 2, 3]) detector.note('gone', at);
  expect(detector.note(null, 4)).toBe(false);
  expect(detector.note('gone again', 5)).toBe(false);
  expect(detector.sight).toEqual({ lost: true, since: 3, why: 'gone again' });
  expect([detector.note(null, 6), detector.note(null, 7)]).toEqual([false, true]);
  expect(detector.sight).toEqual({ lost: false, since: 7, why: null });
});
