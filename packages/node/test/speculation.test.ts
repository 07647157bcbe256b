import type { KernelEvent, Need } from '@canswarm/kernel';
import { sodiumCrypto } from '@canswarm/local';
import { memoryMeter } from '@canswarm/memory';
import { asCommitId, asNeedId, cidOf, type Did, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { Speculation } from '../src/speculation.ts';

const { sha256 } = sodiumCrypto();
const cid = (text: string) => cidOf(utf8(text), 'dag-cbor', sha256);
const me = 'did:key:me' as Did;
const other = 'did:key:other' as Did;

/** A need as far as speculation looks at it. */
const needOf = (name: string, input = 'input'): Need =>
  ({
    id: asNeedId(cid(name)),
    body: { skill: 'quote', goal: null, acceptance: cid('acceptance') },
    inputs: [{ cid: cid(input), leaves: 1 }],
  }) as unknown as Need;

function bookOf() {
  const steps: string[] = [];
  const meter = memoryMeter();
  const book = new Speculation({ sha256, meter, onStep: (step, _need, did) => steps.push(`${step} ${did}`) });
  return { steps, meter, book };
}

const committed = (need: Need, worker: Did): KernelEvent => ({
  type: 'committed',
  need: need.id,
  attempt: 1,
  commit: asCommitId(cid('commit')),
  worker,
});
const lost = (need: Need, holder: Did): KernelEvent => ({
  type: 'lease_lost',
  need: need.id,
  attempt: 1,
  holder,
  reason: 'released',
});
const settled = (need: Need): KernelEvent => ({ type: 'need_settled', need: need.id, refund: 0 });

describe('work that the log does not know of', () => {
  it('is used for the same task, and is salvaged once its result is committed', () => {
    const { steps, meter, book } = bookOf();
    const need = needOf('need');
    expect(book.isValid(need, me, 'honest')).toBe(false);
    expect([book.begin(need, me, 'honest'), book.begin(need, me, 'honest')]).toEqual([true, true]);
    expect(book.isValid(need, me, 'honest')).toBe(true);
    book.take(committed(need, other));
    expect(book.figures).toMatchObject({ begun: 1, salvaged: 0, open: 1 });
    book.take(committed(need, me));
    book.take(settled(need));
    expect(steps).toEqual([`begun ${me}`, `salvaged ${me}`]);
    expect(book.figures).toEqual({ begun: 1, salvaged: 1, wasted: 0, stale: 0, open: 0 });
    expect(meter.read()).toMatchObject({ 'speculation.begun': 1, 'speculation.salvaged': 1 });
  });

  it.each([
    ['on other inputs', needOf('need', 'other'), 'honest'],
    ['by another engine', needOf('need'), 'liar'],
  ] as const)('is not used for a task that is another: %s', (_, need, engine) => {
    const { steps, book } = bookOf();
    book.begin(needOf('need'), me, 'honest');
    expect(book.isValid(need, me, engine)).toBe(false);
    expect([steps, book.figures.open]).toEqual([[`begun ${me}`, `stale ${me}`], 0]);
  });

  it('is wasted where its lease is lost, or the need ends without it; that of others stays', () => {
    const { steps, book } = bookOf();
    const need = needOf('need');
    book.begin(need, me, 'honest');
    book.begin(need, other, 'honest');
    book.take(lost(need, me));
    expect([book.isValid(need, me, 'honest'), book.isValid(need, other, 'honest')]).toEqual([false, true]);
    book.take(settled(need));
    expect(steps.slice(2)).toEqual([`wasted ${me}`, `wasted ${other}`]);
  });

  it('is bounded', () => {
    const { book } = bookOf();
    const begun = Array.from({ length: 20 }, (_, index) => book.begin(needOf(`need ${index}`), me, 'honest'));
    expect(begun.filter((did) => did).length).toBe(16);
  });
});
