import { agent } from '../../support/keys.ts';
import { needBody, SEAT_FEE, Story } from '../../support/story.ts';
import { CREDIT, REQUESTER, verifiersOf, type World } from '../../world.ts';
import type { Attack } from '../attack.ts';

const NEW = agent('stranger');
const SEATS = [0, 1, 2].map((index) => agent(`v${index}`));

/** Posts a sponsored trial at the highest price that the law lets through. */
function post(world: World): number {
  const most = world.state.params.trialPriceMax;
  const { outcome } = world.submit(REQUESTER, 'NEED', needBody({ trial: 'sponsored', priceCap: most }));
  if (outcome.accepted) return most;
  world.accept(REQUESTER, 'NEED', needBody({ trial: 'sponsored', priceCap: 4 * SEAT_FEE }));
  return 4 * SEAT_FEE;
}

/** Who owns a quarter of the verifiers posts sponsored trials for a new key of its own, at the highest price. */
export default {
  attackers: [REQUESTER, NEW, ...SEATS],
  must: 'unprofitable',
  world: { verifiers: verifiersOf(12, 12), params: { trialFund: 10 * CREDIT } },
  unguarded: [
    {
      file: 'rules/need.ts',
      find: 'Math.min(trialPriceMax, OTHERS_PAID_LEAST * seatFee)',
      put: 'trialPriceMax',
    },
  ],
  plot(world) {
    const before = world.balance('fund/trials');
    let paid = 0;
    for (let count = 0; count < 2; count += 1) {
      const price = post(world);
      const opened = world.events('need_opened').at(-1);
      if (opened === undefined) throw new Error('no need was opened');
      new Story(world, opened.need).hire([NEW], price).deliver().judge('pass').settle();
      paid += price;
    }
    if (world.balance('fund/trials') !== before - paid) throw new Error('the plot failed: the fund did not pay');
  },
} satisfies Attack;
