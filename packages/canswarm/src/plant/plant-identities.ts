import type { Identity } from '@canswarm/node';
import { bareIdentity } from '../host/agents.ts';
import { CHECK_ENGINE } from '../skills/index.ts';
import type { Planned } from './plant.ts';
import type { PlantKeys } from './plant-keys.ts';
import { plantEngine } from './planted-runner.ts';

/** Its worker asks for 40 to 49 % of the cap: what honest ones rarely ask for less than. */
const [ASKS_PERCENT, ASKS_SPREAD] = [40, 10];

/**
 * Who acts for a plant: its requester looks for what seats passed and challenges it; its worker bids for that need alone and delivers what is
 * wrong. `planned` of `live` may change.
 */
export function plantIdentities(live: { readonly planned: Planned; readonly keys: PlantKeys }): readonly Identity[] {
  const { requester, worker, salt } = live.keys;
  const { number, body } = live.planned;
  const percent = ASKS_PERCENT + ((salt[0] ?? 0) % ASKS_SPREAD);
  const price = Math.ceil((body.priceCap * percent) / 100);
  const asks = { price, floor: price, etaMs: Math.min(body.windows.leaseMs, body.deadlineMs) };
  return [
    { ...bareIdentity(requester), engines: { execute: null, evaluate: null, inspect: CHECK_ENGINE } },
    {
      ...bareIdentity(worker),
      skills: new Set([body.skill]),
      engines: { execute: plantEngine(number), evaluate: null, inspect: null },
      offer: (need) => (need.id === live.planned.posted?.need ? asks : null),
    },
  ];
}
