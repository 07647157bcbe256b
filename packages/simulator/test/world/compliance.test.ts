import { memoryHub, memoryLog } from '@canswarm/memory';
import type { Clock } from '@canswarm/ports';
import {
  clockCompliance,
  decisionLogCompliance,
  storeCompliance,
  transportCompliance,
} from '@canswarm/ports/compliance';
import { simulatedDisk } from '../../src/world/disk.ts';
import { LogLink } from '../../src/world/log-link.ts';
import { nodeClock } from '../../src/world/node-clock.ts';
import { Pace } from '../../src/world/pace.ts';
import { SimulatedWeather } from '../../src/world/weather.ts';
import { randomOf } from '../../src/world/world.ts';
import { atRest, sha256 } from '../support.ts';

const LAG_MS = 30;
const slow = (clock: Clock): Pace => {
  const pace = new Pace(clock, (step) => step());
  pace.slow(LAG_MS);
  return pace;
};

const never = (): void => {
  throw new Error('no crash is due');
};

clockCompliance('a clock that is ahead and fast', () => {
  const world = atRest();
  const fault = { skewMs: 700, driftPerMillion: 20_000 };
  return { ...world, clock: nodeClock(world.clock, () => fault) };
});

storeCompliance('simulatedDisk', () => {
  const disk = simulatedDisk(never);
  return { ...atRest(), store: disk.mount(), reopen: () => disk.mount() };
});

transportCompliance('a hub in weather that delays and doubles', () => {
  const world = atRest();
  const range = { min: 1, max: 40 };
  const faults = {
    latencyMs: range,
    slowPerMillion: 200_000,
    slowMs: range,
    lossPerMillion: 0,
    duplicatePerMillion: 200_000,
  };
  const weather = new SimulatedWeather(faults, randomOf('world'), () => world.clock.now());
  const hub = memoryHub({ clock: world.clock, random: randomOf('world'), weather });
  return { ...world, connect: async (count) => Array.from({ length: count }, (_, index) => hub.endpoint(`e${index}`)) };
});

decisionLogCompliance('a way to the log', () => {
  const world = atRest();
  const log = memoryLog({ clock: world.clock, random: randomOf('world'), sha256 });
  const faults = { lostPerMillion: 0, unansweredPerMillion: 0, timeoutMs: { min: 1, max: 1 } };
  const link = new LogLink(log, world.clock, randomOf('world').stream('link'), faults);
  return { ...world, log: { ...link.open(), close: () => log.close() }, second: null, reopen: null };
});

clockCompliance('the clock of a slow machine', () => {
  const world = atRest();
  return { ...world, clock: slow(world.clock).clock(world.clock) };
});

transportCompliance('the ways of slow machines to one another', () => {
  const world = atRest();
  const hub = memoryHub({ clock: world.clock, random: randomOf('world') });
  const endpoint = (id: string) => slow(world.clock).transport(hub.endpoint(id));
  return { ...world, connect: async (count) => Array.from({ length: count }, (_, index) => endpoint(`e${index}`)) };
});

decisionLogCompliance('the way of a slow machine to the log', () => {
  const world = atRest();
  const log = memoryLog({ clock: world.clock, random: randomOf('world'), sha256 });
  return { ...world, log: slow(world.clock).log(log), second: null, reopen: null };
});
