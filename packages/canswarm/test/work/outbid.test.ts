import { afterEach, expect, it } from 'vitest';
import { network } from '../../src/work/open-network.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

it('an agent that is outbid goes below its rival by the least step, and is hired', async () => {
  const [haggler, rival] = [
    new URL('./haggling-agent.ts', import.meta.url),
    new URL('./fixed-price-agent.ts', import.meta.url),
  ];
  const net = await network({ agents: [haggler, rival] });
  closers.push(() => net.close());
  const work = await net.hire('haggle', {}, { budget: 2 });
  const bids: number[] = [];
  for await (const event of work) {
    if (event.type !== 'entry') continue;
    for (const one of event.events) if (one.type === 'lease_granted') bids.push(one.price);
  }
  expect(await work.result()).toEqual({});
  expect(bids).toEqual([396_000]);
});
