import { sodiumCrypto } from '@canswarm/local';
import {
  inlineRunner,
  type MemoryHub,
  memoryContent,
  memoryHub,
  memoryLog,
  memoryStore,
  virtualClock,
} from '@canswarm/memory';
import type { NodePorts } from '@canswarm/node';
import type { Clock, DecisionLog } from '@canswarm/ports';
import {
  clockCompliance,
  decisionLogCompliance,
  storeCompliance,
  transportCompliance,
} from '@canswarm/ports/compliance';
import { networkPolicies } from 'canswarm';
import { quoteSkill } from '../../src/workload/quote-skill.ts';
import { simulatedDisk } from '../../src/world/disk.ts';
import { LogLink } from '../../src/world/log-link.ts';
import { Machine } from '../../src/world/machine.ts';
import { nodeClock } from '../../src/world/node-clock.ts';
import { SimulatedWeather } from '../../src/world/weather.ts';
import { randomOf } from '../../src/world/world.ts';
import { NO_FAULTS } from '../../src/world/world-faults.ts';
import { atRest, sha256 } from '../support.ts';

/** What a machine that was made slow hands to its node. */
function machinePorts(clock: Clock, name: string, hub: MemoryHub, log: DecisionLog): NodePorts {
  const random = randomOf('world');
  const content = memoryContent(sha256);
  const machine = new Machine({
    name,
    hub,
    link: new LogLink(log, clock, random.stream(name), NO_FAULTS.log),
    random,
    crypto: sodiumCrypto(),
    clock,
    own: nodeClock(clock, () => ({ skewMs: -300, driftPerMillion: -5_000 })),
    content,
    runner: inlineRunner({ module: quoteSkill, content, clock, random, sha256 }),
    verified: null,
    store: memoryStore(),
    policies: () => networkPolicies,
  });
  const ports = machine.ports();
  machine.slow(LAG_MS);
  return ports;
}

const LAG_MS = 30;
const hubOf = (clock: Clock): MemoryHub => memoryHub({ clock, random: randomOf('world') });
const logOf = (clock: Clock): DecisionLog => memoryLog({ clock, random: randomOf('world'), sha256 });

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

clockCompliance('the clock that a node has', () => {
  const world = atRest(virtualClock({ startMs: 1_000_000 }));
  const [hub, log] = [hubOf(world.clock), logOf(world.clock)];
  return { ...world, clock: machinePorts(world.clock, 'm', hub, log).clock };
});

storeCompliance('the store that a node has', () => {
  const world = atRest();
  return {
    ...world,
    store: machinePorts(world.clock, 'm', hubOf(world.clock), logOf(world.clock)).store,
    reopen: null,
  };
});

transportCompliance('the ways of nodes to one another', () => {
  const world = atRest();
  const [hub, log] = [hubOf(world.clock), logOf(world.clock)];
  const endpoint = (_: unknown, index: number) => machinePorts(world.clock, `m${index}`, hub, log).transport;
  return { ...world, connect: async (count) => Array.from({ length: count }, endpoint) };
});

decisionLogCompliance('the way of a node to the log', () => {
  const world = atRest();
  const log = logOf(world.clock);
  const ports = machinePorts(world.clock, 'm', hubOf(world.clock), log);
  return { ...world, log: { ...ports.log, close: () => log.close() }, second: null, reopen: null };
});
