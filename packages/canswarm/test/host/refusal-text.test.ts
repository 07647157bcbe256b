import type { Node } from '@canswarm/node';
import type { Did } from '@canswarm/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { creditsText, factsText } from '../../src/host/refusal-text.ts';
import { sayApplied } from '../../src/host/say-applied.ts';

describe('numbers of a refusal', () => {
  it('are credits where they are amounts, exactly', () => {
    expect(factsText('funds_lacking', { free: 979_899_999, amount: 1_000_000 })).toBe(
      'free 979.899999 credits, amount 1 credit',
    );
    expect(factsText('trial_over_cap', { priceCap: 4_000_000, most: 320_000 })).toBe(
      'priceCap 4 credits, most 0.32 credits',
    );
    expect(creditsText(1)).toBe('0.000001 credits');
  });

  it('are as the law has them where they are something else', () => {
    expect(factsText('too_many_open', { open: 64, most: 64 })).toBe('open 64, most 64');
  });
});

describe('an entry that the log does not take in time', () => {
  afterEach(() => void vi.useRealTimers());

  it('is looked for before it is said again', async () => {
    vi.useFakeTimers();
    const node = { listen: () => () => undefined, command: async () => 'bafylate' } as unknown as Node;
    const did = 'did:key:z6Mkone' as Did;
    const said = sayApplied(node, did, { verb: 'LEAVE', body: {} });
    const told = expect(said).rejects.toMatchObject({
      hint: expect.stringMatching(/bafylate may still come.*explain/),
    });
    await vi.advanceTimersByTimeAsync(60_000);
    await told;
  });
});
