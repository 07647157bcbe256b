import type { Need } from '@canswarm/kernel';
import type { Did, NeedId } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { nextStep, type Sight, type Standing, stageOf, UNSEEN } from '../../src/plant/plant.ts';

const WORKER = 'did:key:worker' as Did;
const OTHER = 'did:key:other' as Did;
const POSTED = { posted: { need: 'need' as NeedId, entry: '' } };
const NOTHING = { requester: 0, worker: 0 };

const sight = (standing: Partial<Standing>, more: Partial<Sight> = {}): Sight => ({
  standing: { ...UNSEEN, ...standing },
  need: undefined,
  worker: WORKER,
  spare: NOTHING,
  payable: { requester: true, worker: true },
  late: false,
  ...more,
});

const need = (some: Partial<Need>): Need => ({ status: 'decided', phase: 'ready', misfit: null, ...some }) as Need;
const misfit = { worker: WORKER, burned: 0, opened: false };
const FUNDED = { requester: true, worker: true };

describe('what is next for a plant', () => {
  it('is money for each key, then the need, and the same need again where nobody knows whether the log has it', () => {
    expect(nextStep({ posted: null }, sight({}))).toEqual({ type: 'fund', of: 'requester' });
    expect(nextStep({ posted: null }, sight({ funded: { requester: true, worker: false } }))).toEqual({
      type: 'fund',
      of: 'worker',
    });
    expect(nextStep({ posted: null }, sight({ funded: FUNDED }))).toEqual({ type: 'post' });
    expect(nextStep(POSTED, sight({ funded: FUNDED }))).toEqual({ type: 'repeat' });
  });

  it('is to wait while its payer has not what a key gets: what would be refused is not said', () => {
    const payable = { requester: true, worker: false };
    expect(nextStep({ posted: null }, sight({}, { payable }))).toEqual({ type: 'fund', of: 'requester' });
    expect(nextStep({ posted: null }, sight({ funded: { requester: true, worker: false } }, { payable }))).toBeNull();
    expect(nextStep({ posted: null }, sight({ funded: FUNDED }, { payable }))).toEqual({ type: 'post' });
  });

  it('is to give up what could not be paid in time: what its keys got goes back', () => {
    const payable = { requester: false, worker: false };
    const late = { payable, late: true };
    const spare = { requester: 1, worker: 0 };
    expect(nextStep({ posted: null }, sight({}, { payable }))).toBeNull();
    const funded = { funded: { requester: true, worker: false } };
    expect(nextStep({ posted: null }, sight(funded, { ...late, spare }))).toEqual({ type: 'sweep', of: 'requester' });
    expect(nextStep({ posted: null }, sight(funded, late))).toEqual({ type: 'close' });
    // What was signed may stand in the log: only the log says that it does not.
    expect(nextStep(POSTED, sight({ funded: FUNDED }, late))).toEqual({ type: 'repeat' });
  });

  it('is to wait while others act, to open it once it was judged wrong, and to end it where nobody works on it', () => {
    const taken = { funded: FUNDED, taken: true } as const;
    expect(nextStep(POSTED, sight(taken, { need: need({}) }))).toBeNull();
    expect(nextStep(POSTED, sight(taken, { need: need({ misfit: { ...misfit, worker: OTHER } }) }))).toBeNull();
    expect(nextStep(POSTED, sight(taken, { need: need({ misfit }) }))).toEqual({ type: 'open' });
    const opened = { ...taken, opened: true };
    expect(nextStep(POSTED, sight(opened, { need: need({ misfit }) }))).toEqual({ type: 'cancel' });
    expect(nextStep(POSTED, sight(opened, { need: need({ misfit, phase: 'leased' }) }))).toBeNull();
    expect(nextStep(POSTED, sight(opened, { need: need({ misfit, status: 'cancelled' }) }))).toBeNull();
  });

  it('is to send back what its keys have once it is settled, or was refused, and then to let them go', () => {
    const spare = { requester: 1, worker: 1 };
    for (const standing of [{ taken: true, settled: true }, { taken: false }]) {
      expect(nextStep(POSTED, sight(standing, { spare }))).toEqual({ type: 'sweep', of: 'requester' });
      const left = { spare: { requester: 0, worker: 1 } };
      expect(nextStep(POSTED, sight(standing, left))).toEqual({ type: 'sweep', of: 'worker' });
      expect(nextStep(POSTED, sight(standing))).toEqual({ type: 'close' });
    }
  });
});

it('a plant is outbid when another was hired, and settled or refused at last', () => {
  const at = (standing: Partial<Standing>): string => stageOf({ ...UNSEEN, ...standing }, WORKER, false);
  expect(at({})).toBe('funding');
  expect(at({ taken: true })).toBe('posted');
  expect(at({ taken: true, hired: WORKER })).toBe('hired');
  expect(at({ taken: true, hired: OTHER })).toBe('outbid');
  expect(at({ taken: true, hired: WORKER, verdict: 'pass' })).toBe('judged');
  expect(at({ taken: true, hired: OTHER, settled: true })).toBe('settled');
  expect(at({ taken: false })).toBe('refused');
  expect(stageOf(UNSEEN, WORKER, true)).toBe('unfunded');
});
