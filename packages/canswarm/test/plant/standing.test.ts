import type { State } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import type { Did, NeedId } from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { UNSEEN } from '../../src/plant/plant.ts';
import { standingAfter } from '../../src/plant/standing.ts';

const NEED = 'need' as NeedId;
const IDS = { payer: 'payer' as Did, requester: 'requester' as Did, worker: 'worker' as Did, need: NEED };

/** The entry of the need as the law took it. */
const came = (accepted: boolean): AppliedEntry =>
  ({ entry: { envelope: { id: NEED } }, outcome: { accepted }, events: [] }) as unknown as AppliedEntry;

it('a need that the law took stays taken when its entry comes again; one that it refused may still be taken', () => {
  const after = (...outcomes: readonly boolean[]): boolean | null =>
    outcomes.reduce((before, accepted) => standingAfter(before, IDS, came(accepted), {} as State), UNSEEN).taken;
  expect(after()).toBeNull();
  expect(after(true, false)).toBe(true);
  expect(after(false)).toBe(false);
  expect(after(false, true)).toBe(true);
});
